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
const READ_ANSWER = 0x81
const headBytes = 11
/** What is your address? Asked of every type and every address. */
const WHO = [0x68, ...Array.from({ length: 8 }, () => 0xaa), 0x03, 0x03, 0x0a, 0x81]
const WHO_ANSWER = 0x83

export function cjt188Meter(meter: Cjt188Meter): PolledDevice {
  const own = [0x68, meter.type, ...addressBytes(meter.address)]
  const said = (control: number, data: readonly number[]): Uint8Array => {
    const frame = [...own, control, data.length, ...data]
    return Uint8Array.from([...meter.before, ...frame, sumOf(frame), 0x16])
  }
  return {
    profile: meter.profile,
    address: meter.address,
    truth: (at) => meter.truth(at),
    answer(heard, at) {
      const start = heard.indexOf(0x68)
      const request = [...heard.subarray(Math.max(0, start))]
      const [first = 0, second = 0, number = 0, sum, end] = request.slice(headBytes)
      if (start < 0 || request.length !== headBytes + 5 || sum !== sumOf(request.slice(0, -2)) || end !== 0x16)
        return undefined
      if (WHO.every((byte, i) => request[i] === byte))
        return { bytes: said(WHO_ANSWER, [first, second, number]), points: [] }
      if ([...own, READ, 3].some((byte, i) => request[i] !== byte)) return undefined
      const asked = Buffer.from([first, second]).toString('hex')
      if (!meter.knows.some((known) => known === asked)) return undefined
      const truth = meter.truth(at)
      return {
        bytes: said(READ_ANSWER, [first, second, number, ...meter.values(truth, at)]),
        points: Object.keys(truth),
      }
    },
  }
}

const addressBytes = (address: string): number[] => [...Buffer.from(address, 'hex').reverse()]
const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0)

/** `ss mm hh DD MM YY YY`, low first. */
export function clockBytes(at: Instant): number[] {
  const digits = new Date(at).toISOString().slice(0, 19).replaceAll(/\D/g, '')
  return [...Buffer.from(digits, 'hex').reverse()]
}
