import { reading } from '@anju/contract'
import { readSecurity, STATUS } from '../../protocols/rfxcom/reports.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

/** X10 says motion and no motion, Visonic alarm and normal. */
const MOVING: ReadonlySet<number> = new Set([STATUS.motion, STATUS.alarm, STATUS.alarmDelayed])
const STILL: ReadonlySet<number> = new Set([STATUS.noMotion, STATUS.normal, STATUS.normalDelayed])

export function decode(packet: DriverMessages['rfxcom']): Decoded<'motion' | 'tamper' | 'battery'> {
  const { status, readings } = readSecurity(packet)
  if (!MOVING.has(status) && !STILL.has(status)) return { readings, events: [] }
  return { readings: { ...readings, motion: reading(MOVING.has(status)) }, events: [] }
}
