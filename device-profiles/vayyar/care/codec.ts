import { type EventType, type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

const FALLEN: ReadonlySet<unknown> = new Set(['fall_confirmed', 'calling', 'on_call'])

/** A fall that the device was told to keep back calls nobody, and is on record. */
export function suppressedFall({ frame: { suppressed, status } }: Told): Reading | undefined {
  return Array.isArray(suppressed) && suppressed.length > 0 ? reading(FALLEN.has(status)) : undefined
}

/** The confirmed fall and its end are a level; what else it declares happens. */
export const happened = ({ events }: Told): readonly EventType[] =>
  events.filter((event) => event === 'fall-suspected' || event === 'test')
