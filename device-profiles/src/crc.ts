/** Reflected CRC-16 by table: the polynomial as it is used from the low bit up. */
function tableOf(polynomial: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ polynomial : crc >> 1
    return crc
  })
}
const A001 = tableOf(0xa001)
const X25 = tableOf(0x8408)

function crc16(table: Uint16Array, bytes: Uint8Array, begin: number): number {
  let crc = begin
  for (const byte of bytes) crc = (crc >> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return crc
}

/** DSMR P1: polynomial 8005 reflected, begins with 0. */
export const crc16Arc = (bytes: Uint8Array): number => crc16(A001, bytes, 0)
/** Modbus RTU: the same polynomial, begins with FFFF; its low byte goes first on the wire. */
export const crc16Modbus = (bytes: Uint8Array): number => crc16(A001, bytes, 0xffff)
/** SML and HDLC (X.25): polynomial 1021 reflected, begins with FFFF, inverted at the end. */
export const crc16X25 = (bytes: Uint8Array): number => crc16(X25, bytes, 0xffff) ^ 0xffff

/** SML of one maker (Kermit): the same polynomial, begins with 0, not inverted. */
export const crc16Kermit = (bytes: Uint8Array): number => crc16(X25, bytes, 0)

/** ESP3: polynomial 07, begins with 0. */
export function crc8(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) !== 0 ? ((crc << 1) ^ 0x07) & 0xff : (crc << 1) & 0xff
  }
  return crc
}
