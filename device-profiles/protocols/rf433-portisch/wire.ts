import { millis } from '@anju/contract'
import type { HeardWire } from '../../src/wire.ts'
import { type Ev1527Code, ev1527Code } from './ev1527.ts'
import { type PortischFrame, portischFraming } from './framing.ts'

/**
 * A receiver of everything on the air, the neighbours' buttons included: a device is known by the 20 bits of its code. Every
 * repeat of a press comes through; that they are one press is the pipeline's to say.
 */
export const portischWire: HeardWire<PortischFrame, Ev1527Code> = {
  is: 'heard',
  protocol: 'rf433-portisch',
  framing: portischFraming,
  gapMax: millis(500),
  addressExample: 'ABCDE',
  addressProblem: (address) =>
    /^[0-9A-F]{5}$/.test(address ?? '') ? undefined : 'not the five hex digits of an EV1527 code, in capitals',
  words(frame) {
    const code = ev1527Code(frame)
    return { kind: frame.kind, ...(code ? { id: code.id, key: code.key } : {}) }
  },
  senderOf: (frame) => ev1527Code(frame)?.id,
  messageOf: ev1527Code,
}
