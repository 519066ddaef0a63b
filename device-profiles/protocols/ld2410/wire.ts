import { millis } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import type { HeardWire } from '../../src/wire.ts'
import { type Ld2410Frame, ld2410Framing } from './framing.ts'

/** A report; answers to somebody's commands are none. */
export interface Ld2410Message {
  readonly mode: 'basic' | 'engineering'
  readonly target: Uint8Array
}

/** A radar speaks by itself, ten times a second. One a line, since its frames carry no address. */
export const ld2410Wire: HeardWire<Ld2410Frame, Ld2410Message> = {
  is: 'heard',
  protocol: 'ld2410',
  framing: ld2410Framing,
  gapMax: millis(500),
  addressExample: undefined,
  addressProblem: (address) => (address === undefined ? undefined : 'this radar has no address'),
  words: (frame) => ({ mode: frame.mode, ...('target' in frame ? { target: hexOf(frame.target) } : {}) }),
  messageOf: (frame) => ('target' in frame ? frame : undefined),
}
