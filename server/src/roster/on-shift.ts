import { type CentreId, formatInstant, type Instant } from '@anju/contract'
import type { Language, ShiftKind } from '@anju/contract/api'
import { minuteOf } from '../domain/roster/hours.ts'
import type { Shift } from '../domain/roster/shift.ts'
import type { Span } from '../domain/roster/span.ts'
import type { Transaction } from '../ports.ts'
import { type StoredWay, WAYS } from './rows.ts'

/** Somebody whose work it is, and how they can be reached away from a console. */
export interface Staff {
  readonly kind: 'person' | 'responder'
  readonly id: string
  readonly name: string
  readonly language: Language
  readonly ways: readonly StoredWay[]
}
export interface StaffedShift extends Shift {
  readonly id: string
  readonly who: Staff
  /** A person's; null for a responder. */
  readonly role: string | null
}

export interface ShiftRow {
  id: string
  kind: ShiftKind
  seat: string | null
  days: number[]
  from_time: string
  to_time: string
  time_zone: string
  valid_from: string
  valid_to: string | null
  who_kind: 'person' | 'responder'
  who: string
}
export const SHIFT_COLUMNS =
  'shift.id, shift.kind, seat, days, from_time, to_time, shift.time_zone, valid_from, valid_to, who_kind, who'

export const shiftOf = (row: ShiftRow): Shift => ({
  kind: row.kind,
  seat: row.seat,
  days: row.days,
  fromMinute: minuteOf(row.from_time),
  toMinute: minuteOf(row.to_time),
  timeZone: row.time_zone,
  validFrom: row.valid_from,
  validTo: row.valid_to,
})

const shiftsMax = 2_000

/** The shifts of a centre that may touch a window, with who is on them; who has left is on none. */
export async function shiftsIn(
  tx: Transaction,
  centre: CentreId,
  kinds: readonly ShiftKind[],
  window: Span,
): Promise<StaffedShift[]> {
  const rows = await tx.query<
    ShiftRow & { name: string; language: Language; role: string | null; ways: readonly StoredWay[] }
  >(
    `select ${SHIFT_COLUMNS}, person.role, coalesce(person.name, responder.name) as name,
       coalesce(person.language, responder.language) as language,
       case who_kind when 'person' then ${WAYS('person', 'shift.who')} else ${WAYS('responder', 'shift.who')} end as ways
     from shift
     left join person on who_kind = 'person' and person.id = shift.who and person.centre = shift.centre and person.locked_at is null
     left join responder on who_kind = 'responder' and responder.id = shift.who and responder.centre = shift.centre
       and responder.removed_at is null
     where shift.centre = $1 and shift.kind = any($2) and coalesce(person.id, responder.id) is not null
       -- Two days of grace: which day it is depends on the shift's own zone.
       and valid_from <= $4::date + 2 and (valid_to is null or valid_to >= $3::date - 2)
     order by shift.id limit ${shiftsMax}`,
    [centre, kinds, dateOf(window.from), dateOf(window.to)],
    'shifts-in',
  )
  return rows.map((row) => ({
    ...shiftOf(row),
    id: row.id,
    who: { kind: row.who_kind, id: row.who, name: row.name, language: row.language, ways: row.ways },
    role: row.role,
  }))
}

export async function supervisorsOf(tx: Transaction, centre: CentreId): Promise<Staff[]> {
  const rows = await tx.query<Omit<Staff, 'kind'>>(
    `select id, name, language, ${WAYS('person', 'person.id')} as ways from person
     where centre = $1 and role = 'supervisor' and locked_at is null order by id limit 200`,
    [centre],
    'supervisors-of',
  )
  return rows.map((row) => ({ ...row, kind: 'person' }))
}

const dateOf = (at: Instant): string => formatInstant(at).slice(0, 10)
