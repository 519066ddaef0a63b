/**
 * TinyFrame as the MR60FDA2 sends it (115200 8N1): `01 | id u16 | length u16 | type u16 | ~xor(header) | data | ~xor(data)`,
 * header numbers big-endian. Written apart from our own decoder, so that the two can disagree.
 */
export const FALL = 0x0e02
export const PRESENCE = 0x0f09

const inverseXor = (bytes: readonly number[]): number => ~bytes.reduce((xor, byte) => xor ^ byte, 0) & 0xff

export function encodeFrame(id: number, type: number, data: readonly number[]): Uint8Array {
  const header = [0x01, id >> 8, id & 0xff, data.length >> 8, data.length & 0xff, type >> 8, type & 0xff]
  return Uint8Array.from([...header, inverseXor(header), ...data, inverseXor(data)])
}
