import type { Instant } from '@anju/contract'
import type { Answer, PolledDevice } from '../device.ts'
import { bcd } from '../dlt645-meter/wire.ts'

/** A meter on an M-Bus line (EN 13757-2, -3), written from the standard: what stands in each of its telegrams. */
export interface MbusMeterParts {
  readonly profile: string
  readonly address: string
  /** Eight digits. */
  readonly serial: string
  readonly medium: number
  truth(at: Instant): Readonly<Record<string, number>>
  status?(at: Instant): number
  /** Records of each telegram, without the head; a 1F at the end announces the next one. */
  telegrams(truth: Readonly<Record<string, number>>, at: Instant): readonly (readonly number[])[]
}

const SND_NKE = 0x40
const REQ_UD2 = 0x5b
const FRAME_COUNT_BIT = 0x20
const RSP_UD = 0x08
const VARIABLE_DATA = 0x72
const ANYBODY = 254

export function mbusMeter(parts: MbusMeterParts): PolledDevice {
  const own = Number(parts.address)
  let accessNo = 0
  let next = 0
  let lastBit: number | undefined
  let last: Answer | undefined

  function telegram(at: Instant): Answer {
    const truth = parts.truth(at)
    const telegrams = parts.telegrams(truth, at)
    const records = telegrams[next % telegrams.length] ?? []
    accessNo = (accessNo + 1) & 0xff
    const status = parts.status?.(at) ?? 0
    const head = [...bcd(Number(parts.serial), 4, 0), 0x24, 0x40, 0x01, parts.medium, accessNo, status, 0, 0]
    const body = [RSP_UD, own, VARIABLE_DATA, ...head, ...records]
    const bytes = Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, sumOf(body), 0x16)
    // What is of now stands in the first telegram.
    return { bytes, points: next === 0 ? Object.keys(truth) : [] }
  }

  return {
    profile: parts.profile,
    address: parts.address,
    truth: (at) => parts.truth(at),
    answer(heard, at) {
      const [start, control = 0, address, sum, end] = heard
      if (heard.byteLength !== 5 || start !== 0x10 || end !== 0x16 || sum !== sumOf([control, address ?? 0]))
        return undefined
      if (address !== own && address !== ANYBODY) return undefined
      if (control === SND_NKE) {
        next = 0
        lastBit = undefined
        return { bytes: Uint8Array.of(0xe5), points: [] }
      }
      if ((control & ~FRAME_COUNT_BIT) !== REQ_UD2) return undefined
      const bit = control & FRAME_COUNT_BIT
      // The same bit again: the master did not hear it, and the same is said again.
      if (bit === lastBit && last) return last
      if (lastBit !== undefined) next++
      lastBit = bit
      last = telegram(at)
      return last
    },
  }
}

export const MORE_FOLLOWS = 0x1f
/** A value as 32 bits, low byte first. */
export const int32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >> shift) & 0xff)
export const int16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff]

/** Type F: minute, hour, day and month with the year in the bits that are left. */
export function clockBytes(at: Instant): number[] {
  const time = new Date(at)
  const year = time.getUTCFullYear() - 2_000
  return [
    time.getUTCMinutes(),
    time.getUTCHours(),
    time.getUTCDate() | ((year & 0x07) << 5),
    (time.getUTCMonth() + 1) | ((year & 0x78) << 1),
  ]
}

const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)
