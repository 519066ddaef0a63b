import type { Instant } from '@anju/contract'
import type { PolledDevice } from '../device.ts'
import { encodeAnswer, RequestScanner, wireDi } from './wire.ts'

/** The values behind one identifier, in their order, and how each is printed. */
export type Printed = readonly (readonly [point: string, print: (value: number) => number[]])[]

const ANSWER = 0x80
const REFUSED = 0xc0
/** 13: what is your address? Only the 2007 standard has it. */
const WHO = 0x13
const ANYBODY = 'AAAAAAAAAAAA'
/** Bit 1 of the error byte: no such data. */
const NO_SUCH_DATA = 0x02

/** A meter of either standard: `read` is its control code for a read (11, or 01 in 1997). */
export function registerOf(meter: {
  readonly profile: string
  readonly address: string
  readonly read: 0x11 | 0x01
  truth(at: Instant): Readonly<Record<string, number>>
  readonly answers: Readonly<Record<string, Printed>>
  /** What some meters send instead of their own address. */
  readonly answersAs?: string
}): PolledDevice {
  const { profile, address, read, answers, answersAs = address } = meter
  const diBytes = read === 0x11 ? 4 : 2
  return {
    profile,
    address,
    truth: (at) => meter.truth(at),
    answer(heard, at) {
      const [request] = new RequestScanner().push(heard)
      if (request?.address !== address && request?.address !== ANYBODY) return undefined
      if (read === 0x11 && request.control === WHO && request.data.length === 0)
        return { bytes: encodeAnswer(answersAs, WHO | ANSWER, wireDi(address)), points: [] }
      if (request.control !== read) return undefined
      const di = Buffer.from(request.data.subarray(0, diBytes)).reverse().toString('hex').toUpperCase()
      const printed = answers[di]
      if (!printed) return { bytes: encodeAnswer(answersAs, read | REFUSED, [NO_SUCH_DATA]), points: [] }
      const truth = meter.truth(at)
      const data = printed.flatMap(([point, print]) => print(truth[point] ?? Number.NaN))
      return {
        bytes: encodeAnswer(answersAs, read | ANSWER, [...wireDi(di), ...data]),
        points: printed.map(([point]) => point),
      }
    },
  }
}
