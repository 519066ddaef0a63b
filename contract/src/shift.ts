import Type, { type Static } from 'typebox'
import { writtenFrom } from './changed.ts'
import { SHIFT_KINDS } from './escalation.ts'
import { WallTime, Weekdays } from './hours.ts'
import { body, Name, nullable, oneOf, optional, PersonsId } from './schema.ts'

/** Seats, and who is on duty when. */

export const Seat = Type.Object({ id: Type.String(), version: Type.Integer(), name: Type.String() })
export type Seat = Static<typeof Seat>

export const SeatBody = body({ name: Name })

export const SeatChange = body({ name: Name, ...writtenFrom })

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })

export const Shift = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  kind: oneOf(SHIFT_KINDS),
  who: Type.Object({ kind: oneOf(['person', 'responder'] as const), id: Type.String(), name: Type.String() }),
  seat: nullable(Type.String()),
  days: Type.Array(Type.Integer()),
  from: Type.String(),
  to: Type.String(),
  timeZone: Type.String(),
  validFrom: Type.String(),
  validTo: nullable(Type.String()),
  /** Right now. */
  onDuty: Type.Boolean(),
})
export type Shift = Static<typeof Shift>

const shiftFields = {
  kind: oneOf(SHIFT_KINDS),
  who: body({ kind: oneOf(['person', 'responder'] as const), id: PersonsId }),
  /** Which one, for a shift at a seat. */
  seat: nullable(PersonsId),
  days: Weekdays,
  from: WallTime,
  to: WallTime,
  timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  validFrom: Day,
  /** The last day on which it begins; null: until further notice. */
  validTo: nullable(Day),
}

const { seat, timeZone, validTo, ...shiftRequired } = shiftFields

export const ShiftAdd = body({ ...shiftRequired, ...optional({ seat, timeZone, validTo }) })
export type ShiftAdd = Static<typeof ShiftAdd>

export const ShiftChange = body({ ...optional(shiftFields), ...writtenFrom })
export type ShiftChange = Static<typeof ShiftChange>
