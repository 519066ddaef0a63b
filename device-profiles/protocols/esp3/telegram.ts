import { DomainError } from '@anju/contract'
import { ByteReader, hexOf } from '../../src/byte-reader.ts'
import type { Esp3Packet } from './framing.ts'

/** A radio telegram (ERP1) out of a packet of type 1. */
export interface Telegram {
  /** F6 RPS, D5 1BS, A5 4BS, D2 VLD, D4 UTE teach-in … */
  readonly rorg: number
  readonly payload: Uint8Array
  /** Eight hex digits; unique, and printed on the device. */
  readonly sender: string
  readonly status: number
  /** From the optional part, when the receiver gives one. */
  readonly dbm?: number
  readonly destination?: string
}

export const RPS = 0xf6
export const ONE_BYTE = 0xd5
export const FOUR_BYTES = 0xa5
export const VARIABLE = 0xd2
export const UTE = 0xd4

const PAYLOAD_BYTES: Readonly<Record<number, number>> = { [RPS]: 1, [ONE_BYTE]: 1, [FOUR_BYTES]: 4 }

/** @throws DomainError `frame-malformed` when the data are no telegram, or not as long as their RORG says. */
export function readTelegram({ data, optional }: Esp3Packet): Telegram {
  const input = new ByteReader(data)
  const rorg = input.u8()
  const payload = input.bytes(Math.max(0, input.left - 5))
  const sender = hexOf(input.bytes(4))
  const status = input.u8()
  const wanted = PAYLOAD_BYTES[rorg]
  if (payload.byteLength === 0 || (wanted !== undefined && payload.byteLength !== wanted))
    throw new DomainError('frame-malformed', `${payload.byteLength} bytes in a telegram of RORG ${hex(rorg)}`)
  if (optional.byteLength !== 7) return { rorg, payload, sender, status }
  return { rorg, payload, sender, status, destination: hexOf(optional.subarray(1, 5)), dbm: -(optional[5] ?? 0) }
}

/** Bit 3 of a 1BS or 4BS telegram: 0 is a device that asks to be taught in, not one that reports. */
export function isTeachIn({ rorg, payload }: Telegram): boolean {
  if (rorg === UTE) return true
  if (rorg === ONE_BYTE) return ((payload[0] ?? 0) & 0x08) === 0
  if (rorg === FOUR_BYTES) return ((payload[3] ?? 0) & 0x08) === 0
  return false
}

/** The equipment profile in a 4BS teach-in that carries one (bit 7), or in a UTE; undefined in all other telegrams. */
export function taughtProfile(telegram: Telegram): string | undefined {
  const { rorg, payload } = telegram
  if (!isTeachIn(telegram)) return undefined
  const [b0 = 0, b1 = 0, , b3 = 0] = payload
  if (rorg === FOUR_BYTES)
    return (b3 & 0x80) === 0 ? undefined : `A5-${hex(b0 >> 2)}-${hex(((b0 & 3) << 5) | (b1 >> 3))}`
  // UTE: … | type | func | RORG, the last three bytes.
  if (rorg === UTE && payload.byteLength === 7)
    return `${hex(payload[6] ?? 0)}-${hex(payload[5] ?? 0)}-${hex(payload[4] ?? 0)}`
  return undefined
}

/** Whose device asks to be taught in, as its number in the list of makers; undefined in a telegram that does not say. */
export function makerOf(telegram: Telegram): number | undefined {
  const { rorg, payload } = telegram
  if (!isTeachIn(telegram)) return undefined
  const [, b1 = 0, b2 = 0, b3 = 0] = payload
  if (rorg === FOUR_BYTES) return (b3 & 0x80) === 0 ? undefined : ((b1 & 7) << 8) | b2
  return rorg === UTE && payload.byteLength === 7 ? ((b3 & 7) << 8) | b2 : undefined
}

/** A UTE query asks for teach-in (0), for being forgotten (1) or for either (2); its answer is the receiver's. */
const REQUESTS = ['teach_in', 'delete', 'either'] as const
export function requestOf({ rorg, payload }: Telegram): string | undefined {
  if (rorg !== UTE || payload.byteLength !== 7) return undefined
  const flags = payload[0] ?? 0
  return (flags & 0x0f) === 0 ? (REQUESTS[(flags >> 4) & 3] ?? 'unknown') : 'response'
}

/** Telegrams sealed with a key (RORG 30 and 31) or on the way to one (35): nothing in them is a reading before they are opened. */
export const isSecure = ({ rorg }: Telegram): boolean => rorg === 0x30 || rorg === 0x31 || rorg === 0x35

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
