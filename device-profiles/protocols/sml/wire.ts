import { seconds } from '@anju/contract'
import type { HeardWire } from '../../src/wire.ts'
import { type SmlFile, smlFraming } from './framing.ts'
import { tellFile } from './tell.ts'

/** A meter under its optical head, speaking by itself every 1 to 4 s. */
export const smlWire: HeardWire<SmlFile, SmlFile> = {
  is: 'heard',
  protocol: 'sml',
  framing: smlFraming,
  gapMax: seconds(1),
  addressExample: undefined,
  addressProblem: (address) =>
    address === undefined ? undefined : 'an optical head sees one meter, without an address',
  words: (file) => tellFile(file).frame,
  messageOf: (file) => file,
}
