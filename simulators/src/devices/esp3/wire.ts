/**
 * EnOcean ESP3 (57600 8N1): `55 | data length u16 | optional length | type | CRC-8 of these four | data | optional | CRC-8 of both`.
 * Written apart from our own decoder, so that the two can disagree.
 */
const polynomial = 0x07

/** One byte at a time through a table, as receivers do it. */
const table = Array.from({ length: 256 }, (_, start) => {
  let rest = start
  for (let bit = 0; bit < 8; bit++) rest = rest & 0x80 ? ((rest << 1) ^ polynomial) & 0xff : (rest << 1) & 0xff
  return rest
})
const crc8 = (bytes: readonly number[]): number => bytes.reduce((rest, byte) => table[rest ^ byte] ?? 0, 0)

export function encodePacket(type: number, data: readonly number[], optional: readonly number[]): number[] {
  const head = [data.length >> 8, data.length & 0xff, optional.length, type]
  const body = [...data, ...optional]
  return [0x55, ...head, crc8(head), ...body, crc8(body)]
}

/** A telegram heard from the air: kind, payload, sender, status; behind it how it was heard. */
export function encodeTelegram(telegram: {
  readonly rorg: number
  readonly payload: readonly number[]
  readonly sender: string
  readonly status?: number
  readonly dbm: number
}): number[] {
  const { rorg, payload, sender, status = 0, dbm } = telegram
  const id = (sender.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
  return encodePacket(1, [rorg, ...payload, ...id, status], [0x01, 0xff, 0xff, 0xff, 0xff, -dbm, 0x00])
}

/** What the receiver answers to an order, with a 55 inside. */
export const response = encodePacket(2, [0x00, 0xff, 0x9e, 0x55, 0x00], [0x0a])
