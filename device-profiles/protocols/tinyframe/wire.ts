import { millis } from '@anju/contract'
import type { HeardWire } from '../../src/wire.ts'
import { FAMILY_DATA_BYTES_MAX, MR60FDA2_DATA_BYTES_MAX, type TinyFrame, tinyFraming } from './framing.ts'

/** What the type means is the model's to say: 0A14 is a breath rate on one radar and a working mode on another. */
export interface TinyMessage {
  readonly type: number
  readonly data: Uint8Array
}

/** A radar speaks by itself. One a line, since its frames carry no address. */
const wire = (dataBytesMax: number): HeardWire<TinyFrame, TinyMessage> => ({
  is: 'heard',
  protocol: 'tinyframe-radar',
  framing: tinyFraming(dataBytesMax),
  gapMax: millis(500),
  addressExample: undefined,
  addressProblem: (address) => (address === undefined ? undefined : 'this radar has no address'),
  words: ({ type, id }) => ({ type: type.toString(16).padStart(4, '0').toUpperCase(), frameId: id }),
  // An empty frame acknowledges a setting that the maker's tool made.
  messageOf: ({ type, data }) => (data.byteLength === 0 ? undefined : { type, data }),
})

/** For radars whose reports are short: after a false start the next frame is found sooner. */
export const tinyframeWire = wire(MR60FDA2_DATA_BYTES_MAX)
/** For radars that also report targets, zones and clouds of points. */
export const tinyframeLongWire = wire(FAMILY_DATA_BYTES_MAX)
