import { seconds } from '@anju/contract'
import type { HeardWire } from '../../src/wire.ts'
import { dsmrP1Framing, type P1Telegram } from './framing.ts'
import { tellTelegram } from './tell.ts'

/** A meter that speaks by itself, every 1 to 10 s. What hangs on it (gas, water, heat) speaks through it. */
export const dsmrP1Wire: HeardWire<P1Telegram, P1Telegram> = {
  is: 'heard',
  protocol: 'dsmr-p1',
  framing: dsmrP1Framing,
  // A telegram comes in one piece; the pause behind it is 0.9 s at the shortest.
  gapMax: seconds(1),
  addressExample: undefined,
  addressProblem: (address) => (address === undefined ? undefined : 'a P1 port has one meter and no address'),
  words: (telegram) => tellTelegram(telegram).frame,
  messageOf: (telegram) => telegram,
}
