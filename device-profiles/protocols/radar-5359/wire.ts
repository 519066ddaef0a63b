import { millis } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import type { HeardWire } from '../../src/wire.ts'
import { type Radar5359Frame, radar5359Framing } from './framing.ts'

const PRODUCT = 0x02
const UPDATE = 0x03
const QUESTION = 0x0f

/** Product names, versions and steps of an update answer somebody's tool; a question is an echo of one. */
const saysNothing = ({ control, command, data }: Radar5359Frame): boolean =>
  control === PRODUCT || control === UPDATE || ((command & 0x80) !== 0 && data.byteLength === 1 && data[0] === QUESTION)

/** A radar speaks by itself. One a line, since its frames carry no address. */
export const radar5359Wire: HeardWire<Radar5359Frame, Radar5359Frame> = {
  is: 'heard',
  protocol: 'radar-5359',
  framing: radar5359Framing,
  gapMax: millis(500),
  addressExample: undefined,
  addressProblem: (address) => (address === undefined ? undefined : 'this radar has no address'),
  words: ({ control, command, data }) => ({ control: hex(control), command: hex(command), data: hexOf(data) }),
  messageOf: (frame) => (saysNothing(frame) ? undefined : frame),
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
