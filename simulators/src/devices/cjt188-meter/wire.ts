import type { Instant } from '@anju/contract'
import type { PolledDevice } from '../device.ts'

/**
 * CJ/T 188 as a meter speaks it, written from the standard and not from our own codec:
 * `68 | type | address, 7 bytes, low first | C | length | DI DI SER data | sum from 68 | 16`, nothing added to the data.
 */
export interface Cjt188Meter {
  readonly profile: string
  readonly address: string
  readonly type: number
  /** Which identifiers it knows: 1F 90 is the standard's order, 90 1F how some makers read it. */
  readonly knows: readonly ('1f90' | '901f')[]
  /** Before the 68: FE wakes the receiver, and a radio head adds bytes of its own. */
  readonly before: readonly number[]
  truth(at: Instant): Readonly<Record<string, number>>
  /** Behind the number of the question. */
  values(truth: Readonly<Record<string, number>>, at: Instant): readonly number[]
}

const READ = 0x01
const ANSWER = 0x81

export const cjt188Meter = (meter: Cjt188Meter): PolledDevice => ({
  profile: meter.profile,
  address: meter.address,
  truth: (at) => meter.truth(at),
  answer(heard, at) {
    const start = heard.indexOf(0x68)
    const request = [...heard.subarray(Math.max(0, start))]
    const own = [0x68, meter.type, ...addressBytes(meter.address), READ, 3]
    if (start < 0 || request.length !== own.length + 5 || own.some((byte, i) => request[i] !== byte)) return undefined
    const [high = 0, low = 0, number = 0, sum, end] = request.slice(own.length)
    if (sum !== sumOf(request.slice(0, -2)) || end !== 0x16) return undefined
    const asked = Buffer.from([high, low]).toString('hex')
    if (!meter.knows.some((known) => known === asked)) return undefined
    const truth = meter.truth(at)
    const data = [high, low, number, ...meter.values(truth, at)]
    const frame = [0x68, meter.type, ...addressBytes(meter.address), ANSWER, data.length, ...data]
    return { bytes: Uint8Array.from([...meter.before, ...frame, sumOf(frame), 0x16]), points: Object.keys(truth) }
  },
})

const addressBytes = (address: string): number[] => [...Buffer.from(address, 'hex').reverse()]
const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)

/** `ss mm hh DD MM YY YY`, low first. */
export function clockBytes(at: Instant): number[] {
  const digits = new Date(at).toISOString().slice(0, 19).replaceAll(/\D/g, '')
  return [...Buffer.from(digits, 'hex').reverse()]
}
