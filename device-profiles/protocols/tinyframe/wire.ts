import { millis } from '@anju/contract'
import type { HeardWire } from '../../src/wire.ts'
import { FAMILY_DATA_BYTES_MAX, type TinyFrame, tinyFraming } from './framing.ts'

/** A radar speaks by itself. One a line, since its frames carry no address. */
export const tinyframeWire: HeardWire<TinyFrame, { readonly type: number; readonly data: Uint8Array }> = {
  is: 'heard',
  protocol: 'tinyframe-radar',
  framing: tinyFraming(FAMILY_DATA_BYTES_MAX),
  gapMax: millis(500),
  addressExample: undefined,
  addressProblem: (address) => (address === undefined ? undefined : 'this radar has no address'),
  words: ({ type, id }) => ({ type: type.toString(16).padStart(4, '0').toUpperCase(), frameId: id }),
  messageOf: ({ type, data }) => ({ type, data }),
}
