import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

const FAULTS: Readonly<Record<string, boolean>> = {
  'sensor-fault': true,
  'sensor-ends-soon': true,
  'sensor-ended': true,
  'sensor-recovered': false,
  'power-off': true,
  'power-on': false,
}

/** Without mains it sees nothing, like one that is broken; what is still wrong when they are back it says again. */
export function faultOf({ frame: { alarm } }: Told): Reading | undefined {
  const fault = typeof alarm === 'string' && Object.hasOwn(FAULTS, alarm) ? FAULTS[alarm] : undefined
  return fault === undefined ? undefined : reading(fault)
}
