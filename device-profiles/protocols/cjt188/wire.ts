import { millis } from '@anju/contract'
import type { PolledWire } from '../../src/wire.ts'
import { ANY_ADDRESS } from './encode.ts'
import { Cjt188ReadExchange, type Cjt188Values, currentValues } from './exchange.ts'
import { type Cjt188Frame, cjt188Framing } from './framing.ts'
import { frameWords } from './tell.ts'

/** Whose values: a meter answers only under its own type (10 cold water, 20 heat, 30 gas …). */
export interface Cjt188Ask {
  readonly meterType: number
}

/** Questions are numbered through, whichever meter they go to: two that follow each other never carry the same number. */
function numbers(): () => number {
  let next = 0
  return () => next++ & 0xff
}
const nextNumber = numbers()

export const cjt188Wire: PolledWire<Cjt188Frame, Cjt188Ask, Cjt188Values> = {
  is: 'polled',
  protocol: 'cjt188',
  framing: cjt188Framing,
  // A battery meter wakes up before it answers. 61 characters of 11 bits last 2.3 s at 300 baud, the slowest of an M-Bus master.
  timing: { answerWithin: millis(1_500), gapMax: millis(600), wholeWithin: millis(5_000), turnRound: millis(50) },
  addressExample: '00000805000001',
  addressProblem: (address) =>
    /^\d{14}$/.test(address ?? '') || address === ANY_ADDRESS ? undefined : 'not the 14 digits printed on the meter',
  begin: ({ address, ask, aloneOnBus, unanswered = 0 }) =>
    new Cjt188ReadExchange({
      meterType: ask.meterType,
      address,
      sequence: nextNumber(),
      // Meters that know only the other order of the identifier's bytes are silent to the first one.
      turned: unanswered % 2 === 1,
      aloneOnBus,
    }),
  words: frameWords,
  messageOf(frame) {
    const values = currentValues(frame)
    return values && { meterType: frame.meterType, data: values.data }
  },
}
