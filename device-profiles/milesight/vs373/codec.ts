import type { EventType } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

const LIES: ReadonlySet<unknown> = new Set(['motionless', 'lying'])
/** 2 ends an alarm, 3 is one that somebody ignored on the device; anything else begins it, whatever its number. */
const OVER: ReadonlySet<unknown> = new Set([2, 3])

export const suspicionOf = ({ frame }: Told): readonly EventType[] =>
  Array.isArray(frame.alarms) &&
  (frame.alarms as readonly { type: unknown; status: unknown }[]).some(
    ({ type, status }) => LIES.has(type) && !OVER.has(status),
  )
    ? ['fall-suspected']
    : []
