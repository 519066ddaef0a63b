import { formatInstant, instant } from '@anju/contract'

const quarterMs = 15 * 60_000
const QUARTERS_MAX = 14 * 4

/**
 * Seven semi-octets (3GPP TS 23.040 §9.2.3.11): year to second, and the zone in quarters of an hour with its sign in bit 3.
 * Null when the digits are no date: a centre that does not know the time fills it with F.
 */
export function timeOf(bytes: Uint8Array): string | null {
  const digits = [...bytes].map((byte, i) => swapped(i === 6 ? byte & 0xf7 : byte))
  const [year = -1, month = -1, day = -1, hour = -1, minute = -1, second = -1, quarters = -1] = digits
  if (digits.some((pair) => pair < 0) || hour > 23 || minute > 59 || second > 59 || quarters > QUARTERS_MAX) return null
  const local = new Date(Date.UTC(year < 70 ? 2_000 + year : 1_900 + year, month - 1, day, hour, minute, second))
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return null
  const ahead = ((bytes[6] ?? 0) & 0x08) === 0 ? quarters : -quarters
  return formatInstant(instant(local.getTime() - ahead * quarterMs))
}

/** Two digits, the first in the low half; -1 when one is none. */
function swapped(byte: number): number {
  const [tens, ones] = [byte & 0x0f, byte >> 4]
  return tens > 9 || ones > 9 ? -1 : tens * 10 + ones
}
