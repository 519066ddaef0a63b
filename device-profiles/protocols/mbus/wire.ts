import { millis } from '@anju/contract'
import type { PolledWire } from '../../src/wire.ts'
import { ANYBODY, type MbusAnswer, type MbusAsk, MbusReadExchange } from './exchange.ts'
import { tellFrame } from './tell.ts'
import { type MbusWireFrame, mbusWireFraming } from './wire-framing.ts'

export const mbusWire: PolledWire<MbusWireFrame, MbusAsk, readonly MbusAnswer[]> = {
  is: 'polled',
  protocol: 'mbus',
  framing: mbusWireFraming,
  // EN 13757-2 §5.5: a meter answers within 330 bit times and 50 ms, which is 1.15 s at 300 baud and 0.2 s at 2400; the longest
  // telegram takes 9.6 s at 300 baud. Level converters and their networks add their own.
  timing: { answerWithin: millis(1_500), gapMax: millis(500), wholeWithin: millis(12_000), turnRound: millis(100) },
  addressExample: '1',
  addressProblem: (address) =>
    /^(?:\d|[1-9]\d|1\d\d|2[0-4]\d|250|254)$/.test(address ?? '')
      ? undefined
      : 'not a primary address from 0 to 250, nor 254 for the only meter on its line',
  meansAnybody: (address) => address === String(ANYBODY),
  begin: (asked) => new MbusReadExchange(asked),
  words: (frame) =>
    frame.is === 'acknowledge' ? { acknowledge: true, direction: 'response' } : tellFrame(frame).frame,
  messageOf: (frame) => (frame.is === 'long' && (frame.control & 0x40) === 0 ? [frame] : undefined),
}
