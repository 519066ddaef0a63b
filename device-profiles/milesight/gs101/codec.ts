import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** Its alarm report: without mains 0, with them 1; sensor broken 2, well again 3, at its end soon 4, at its end 5. */
const FAULTS: readonly boolean[] = [true, false, true, false, true, true]

/** Without mains it sees nothing, like one that is broken; what is still wrong when they are back it says again. */
export function faultOf({ frame: { alarmStatus } }: Told): Reading | undefined {
  const fault = typeof alarmStatus === 'number' ? FAULTS[alarmStatus] : undefined
  return fault === undefined ? undefined : reading(fault)
}
