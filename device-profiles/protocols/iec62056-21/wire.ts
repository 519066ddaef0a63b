import { millis, seconds } from '@anju/contract'
import type { HeardWire, PolledWire } from '../../src/wire.ts'
import { type Iec62056Ask, Iec62056ReadExchange } from './exchange.ts'
import { type Iec62056Frame, type Iec62056Readout, iec62056Framing } from './framing.ts'
import { tellFrame } from './tell.ts'
import { type Iec62056WireFrame, iec62056WireFraming } from './wire-framing.ts'

/** Mode C: 300 7E1, the meter asked by `/?!` or by its address, the data at the speed that it offers. */
export const iec62056Wire: PolledWire<Iec62056WireFrame, Iec62056Ask, Iec62056Readout> = {
  is: 'polled',
  protocol: 'iec62056-21',
  framing: iec62056WireFraming,
  // §6.3.14: a meter answers within 1500 ms, and a character may follow a character as late. At 300 baud (a TCP converter, or a
  // meter that offers no more) thirty characters come in a second, and a readout may have some thousands.
  timing: { answerWithin: millis(2_200), gapMax: millis(1_600), wholeWithin: seconds(300), turnRound: millis(50) },
  addressExample: '12345678',
  addressProblem: (address) =>
    address === undefined || /^[0-9A-Za-z]{1,32}$/.test(address) ? undefined : 'not up to 32 letters and digits',
  meansAnybody: (address) => address === undefined,
  begin: (asked) => new Iec62056ReadExchange(asked),
  words: (frame) =>
    frame.is === 'identification' ? { ident: frame.ident, direction: 'response' } : tellFrame(frame).frame,
  messageOf: (frame) => (frame.is === 'readout' ? frame : undefined),
}

/** Mode D: the meter speaks by itself, at 2400 7E1, and without a check. */
export const iec62056PushWire: HeardWire<Iec62056Frame, Iec62056Readout> = {
  is: 'heard',
  protocol: 'iec62056-21',
  framing: iec62056Framing,
  gapMax: millis(1_600),
  addressExample: undefined,
  addressProblem: (address) =>
    address === undefined ? undefined : 'a meter that speaks by itself has its line for itself',
  words: (frame) => tellFrame(frame).frame,
  messageOf: (frame) => (frame.is === 'readout' ? frame : undefined),
}
