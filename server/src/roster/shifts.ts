import { DomainError, type Instant, malformed } from '@anju/contract'
import type { Shift, ShiftAdd, ShiftChange } from '@anju/contract/api'
import { dayAfter, isTimeZone } from '@anju/contract/zoned-time'
import type { Author } from '../audit/audit.ts'
import { unlessWritten, written } from '../database/versions.ts'
import { timeOf } from '../domain/roster/hours.ts'
import { isOnDuty } from '../domain/roster/shift.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { changing, newId, type RosterParts } from './change.ts'
import { SHIFT_COLUMNS, type ShiftRow, shiftOf } from './on-shift.ts'

export interface Shifts {
  list(actor: PersonActor, cursor: string | undefined): Promise<{ items: Shift[]; nextCursor: string | null }>
  /** @throws DomainError `request-malformed`, naming what does not fit. */
  add(author: Author, given: ShiftAdd): Promise<Shift>
  /** @throws DomainError `shift-unknown`, `shift-changed`, and what `add` throws. */
  change(author: Author, id: string, given: ShiftChange): Promise<Shift>
  /** @throws DomainError `shift-unknown`, `shift-changed`. */
  remove(author: Author, id: string, writtenFrom?: number): Promise<void>
}

const pageMax = 500
const SELECT = `select ${SHIFT_COLUMNS}, shift.version, coalesce(person.name, responder.name, '') as name, (select app_now()) as now
  from shift
  left join person on who_kind = 'person' and person.id = shift.who
  left join responder on who_kind = 'responder' and responder.id = shift.who`
type Row = ShiftRow & { version: number; name: string; now: Instant }

export function createShifts(parts: RosterParts): Shifts {
  return {
    list: (actor, cursor) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `${SELECT} where shift.centre = $1 and shift.id > $2 order by shift.id limit ${pageMax + 1}`,
          [actor.centre, cursor ?? ''],
        )
        const items = rows.slice(0, pageMax).map(viewOf)
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
      }),

    add: (author, given) =>
      changing(parts, author, async (tx) => {
        const id = newId(parts, 'shift')
        const whole = { seat: null, timeZone: 'Asia/Shanghai', validTo: null, ...given }
        await check(tx, author.actor, whole)
        await tx.query(
          `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, time_zone, valid_from, valid_to)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
          [id, author.actor.centre, ...valuesOf(whole)],
        )
        await author.note(tx, { action: 'shift.added', subjects: [id, whole.who.id], changed: Object.keys(given) })
        return one(tx, id)
      }),

    change: (author, id, { writtenFrom, ...given }) =>
      changing(parts, author, async (tx) => {
        const { centre } = author.actor
        await lock(tx, centre, id)
        await unlessWritten(tx, 'shift', id, writtenFrom)
        const { who, kind, seat, days, from, to, timeZone, validFrom, validTo } = await one(tx, id)
        const before = { kind, who: { kind: who.kind, id: who.id }, seat, days, from, to, timeZone, validFrom, validTo }
        const whole = { ...before, ...given }
        await check(tx, author.actor, whole)
        await tx.query(
          `update shift set kind = $3, who_kind = $4, who = $5, seat = $6, days = $7, from_time = $8, to_time = $9,
             time_zone = $10, valid_from = $11, valid_to = $12 where id = $1 and centre = $2`,
          [id, centre, ...valuesOf(whole)],
        )
        await written(tx, 'shift', id, author.actor.name)
        await author.note(tx, { action: 'shift.changed', subjects: [id, whole.who.id], changed: Object.keys(given) })
        return one(tx, id)
      }),

    remove: (author, id, writtenFrom) =>
      changing(parts, author, async (tx) => {
        const who = await lock(tx, author.actor.centre, id)
        await unlessWritten(tx, 'shift', id, writtenFrom)
        await tx.query('delete from shift where id = $1', [id])
        await author.note(tx, { action: 'shift.removed', subjects: [id, who], changed: [] })
      }),
  }
}

/** @returns whose it is. */
async function lock(tx: Transaction, centre: string, id: string): Promise<string> {
  const [row] = await tx.query<{ who: string }>('select who from shift where id = $1 and centre = $2 for update', [
    id,
    centre,
  ])
  if (!row) throw unknown()
  return row.who
}

type Whole = Required<ShiftAdd>
const valuesOf = (shift: Whole) => [
  shift.kind,
  shift.who.kind,
  shift.who.id,
  shift.seat,
  shift.days,
  shift.from,
  shift.to,
  shift.timeZone,
  shift.validFrom,
  shift.validTo,
]

/** What a schema cannot see: that the days exist, that the people are there, and that they may do what they are planned for. */
async function check(tx: Transaction, { centre }: PersonActor, shift: Whole): Promise<void> {
  if (!isTimeZone(shift.timeZone)) throw malformed('body/timeZone', 'is no time zone')
  for (const field of ['validFrom', 'validTo'] as const) {
    const day = shift[field]
    if (day !== null && !isDay(day)) throw malformed(`body/${field}`, 'is no day')
  }
  if (shift.validTo !== null && shift.validTo < shift.validFrom) throw malformed('body/validTo', 'is before validFrom')
  if ((shift.kind === 'seat') !== (shift.seat !== null) && shift.kind !== 'supervisor')
    throw malformed('body/seat', shift.kind === 'seat' ? 'must say which seat' : 'who is on call sits at none')
  if (shift.seat !== null) {
    // Shared, so that the seat is still there when this is committed.
    const found = await tx.query('select 1 from seat where id = $1 and centre = $2 for share', [shift.seat, centre])
    if (found.length === 0) throw malformed('body/seat', 'there is no such seat')
  }
  if (shift.who.kind === 'responder') {
    if (shift.kind !== 'on-call') throw malformed('body/who', 'a responder can only be on call')
    const found = await tx.query('select 1 from responder where id = $1 and centre = $2 and removed_at is null', [
      shift.who.id,
      centre,
    ])
    if (found.length === 0) throw malformed('body/who', 'there is no such responder')
    return
  }
  const [person] = await tx.query<{ role: string }>('select role from person where id = $1 and centre = $2', [
    shift.who.id,
    centre,
  ])
  if (!person || person.role === 'family') throw malformed('body/who', 'there is no such person')
  if (shift.kind === 'supervisor' && person.role !== 'supervisor') throw malformed('body/who', 'is no supervisor')
}

const isDay = (text: string): boolean => !Number.isNaN(Date.parse(`${text}T12:00:00Z`)) && dayAfter(text, 0) === text

async function one(tx: Transaction, id: string): Promise<Shift> {
  const [row] = await tx.query<Row>(`${SELECT} where shift.id = $1`, [id])
  if (!row) throw unknown()
  return viewOf(row)
}

function viewOf(row: Row): Shift {
  const shift = shiftOf(row)
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    who: { kind: row.who_kind, id: row.who, name: row.name },
    seat: row.seat,
    days: row.days,
    from: timeOf(shift.fromMinute),
    to: timeOf(shift.toMinute),
    timeZone: row.time_zone,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    onDuty: isOnDuty(shift, row.now),
  }
}

const unknown = () => new DomainError('shift-unknown', 'there is no such shift')
