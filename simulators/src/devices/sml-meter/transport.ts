/** SML transport version 1, from its specification: escapes, fill bytes and a CRC-16 around the messages. */
export function fileOf(messages: readonly number[]): Uint8Array {
  const fill = (4 - (messages.length % 4)) % 4
  const filled = [...messages, ...Array.from({ length: fill }, () => 0)]
  const escaped: number[] = []
  for (let at = 0; at < filled.length; at += 4) {
    const four = filled.slice(at, at + 4)
    escaped.push(...four, ...(four.every((byte) => byte === 0x1b) ? four : []))
  }
  const bytes = [0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1, ...escaped, 0x1b, 0x1b, 0x1b, 0x1b, 0x1a, fill]
  return Uint8Array.of(...bytes, ...crc16(bytes))
}

/** Low byte first. Polynomial 1021 reflected, begun and ended with all bits set. */
export function crc16(bytes: readonly number[]): [number, number] {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >> 1) ^ 0x8408 : crc >> 1
  }
  crc ^= 0xffff
  return [crc & 0xff, crc >> 8]
}

export const octets = (...bytes: number[]): number[] => [bytes.length + 1, ...bytes]
export const unsigned8 = (value: number): number[] => [0x62, value & 0xff]
export const signed8 = (value: number): number[] => [0x52, value & 0xff]
export const unsigned16 = (value: number): number[] => [0x63, value >> 8, value & 0xff]
export const nothing = 0x01

/** A number in as few bytes as hold it, as meters send them; `signed` keeps room for the sign. */
export function integer(value: number, signed: boolean): number[] {
  const fits = (bits: number) => (signed ? value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1) : value < 2 ** bits)
  let length = 1
  while (!fits(length * 8)) length++
  const whole = BigInt.asUintN(length * 8, BigInt(value))
  const bytes = Array.from({ length }, (_, i) => Number((whole >> BigInt(8 * (length - 1 - i))) & 0xffn))
  return [(signed ? 0x50 : 0x60) | (length + 1), ...bytes]
}

export function listOf(...elements: readonly number[][]): number[] {
  const { length } = elements
  const head = length < 16 ? [0x70 | length] : [0xf0 | (length >> 4), length & 0x0f]
  return [...head, ...elements.flat()]
}
