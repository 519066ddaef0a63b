import type { Framing, Sight } from '../../src/frame-scanner.ts'
import { type MbusFrame, mbusFraming } from './framing.ts'

export type MbusWireFrame = MbusFrame | { readonly is: 'acknowledge' }
const ACKNOWLEDGE = 0xe5

/**
 * On a line the lone E5 must be heard. One that stands in noise is taken for an acknowledgement too, and then a meter is asked
 * for its data a moment too early: what it says is proven by its own sum.
 */
const look = (bytes: Uint8Array): Sight<MbusWireFrame> =>
  bytes[0] === ACKNOWLEDGE ? { is: 'frame', length: 1, frame: { is: 'acknowledge' } } : mbusFraming.look(bytes)

export const mbusWireFraming: Framing<MbusWireFrame> = { look, frameBytesMax: mbusFraming.frameBytesMax }
