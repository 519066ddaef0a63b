import type { Ev1527Code } from '../protocols/rf433-portisch/ev1527.ts'
import type { DeviceOptions, Option } from '../src/profile.ts'

/** The four bits behind a code, which each maker wires as it likes: one hex digit. */
export const keyOption = (says: string): Option => ({
  name: `the key that says “${says}”, one hex digit in capitals`,
  pattern: '[0-9A-F]',
  required: false,
})

/** As the installer wrote it; `otherwise` where nothing is written. */
export const keyOf = (options: DeviceOptions, name: string, otherwise: number): number =>
  options[name] === undefined ? otherwise : Number.parseInt(options[name], 16)

/** For a button: the key that calls for help, or any of them when none is named. */
export const callsForHelp = (key: number, options: DeviceOptions): boolean => keyOf(options, 'key', key) === key

export const buttonOptions = { key: keyOption('help') }
export const neverAlone =
  'An extra button only: it cannot say that it works, and others can send its code; fit a supervised button besides.'

/** A code as examples are written, with pulses as a receiver measures them. */
export const code = (key: number, pulses: Partial<Ev1527Code> = {}): Ev1527Code => ({
  id: 'ABCDE',
  key,
  shortUs: 300,
  longUs: 900,
  syncUs: 11_300,
  ...pulses,
})
