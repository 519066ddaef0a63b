import { type AlarmId, type Instant, type PersonId, RUNGS } from '@anju/contract'
import type { TimelineKind } from '@anju/contract/api'
import { among, type Column, cast, columnar, given } from '../database/columns.ts'
import type { Transaction } from '../ports.ts'
import { episodeOf } from './episode-key.ts'
import type { Place } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, handlingColumns, recordOf, storedOffer } from './record.ts'

type AlarmColumn = Column<AlarmRecord>
const column = (name: string, type: AlarmColumn['type'], value: AlarmColumn['value']): AlarmColumn => ({
  name,
  type,
  value,
})
const time = (name: string, value: (alarm: AlarmRecord) => Instant | null): AlarmColumn =>
  column(name, 'timestamptz', (alarm) => value(alarm))

const byOf = (alarm: AlarmRecord) => handlingColumns(alarm.case.handling).by

/** What never changes once an alarm is open. */
const FIXED: readonly AlarmColumn[] = [
  column('centre', 'text', (alarm) => alarm.centre),
  column('home', 'text', (alarm) => alarm.home),
  column('placement', 'text', (alarm) => alarm.placement),
  column('type', 'text', (alarm) => alarm.type),
  column('late_by_ms', 'bigint', (alarm) => alarm.episode.lateByMs),
  time('received_at', (alarm) => alarm.receivedAt),
  column('urgent', 'boolean', (alarm) => alarm.urgent),
  // Only `outages.ts` changes these two, in a statement of its own.
  column('parent', 'text', (alarm) => alarm.parent),
  column('children', 'integer', (alarm) => alarm.children),
]
const ID = column('id', 'text', (alarm) => alarm.id)
/** What one more occurrence changes. */
const EPISODE: readonly AlarmColumn[] = [
  column('condition', 'text', (alarm) => alarm.condition),
  column('version', 'bigint', (alarm) => alarm.version),
  column('occurrences', 'integer', (alarm) => alarm.episode.occurrences),
  column('recent_at', 'text', (alarm) => JSON.stringify(alarm.episode.recentAt)),
  time('realerted_at', (alarm) => alarm.episode.realertedAt),
  column('stuck', 'boolean', (alarm) => alarm.episode.stuck),
  time('first_at', (alarm) => alarm.episode.firstAt),
  time('last_at', (alarm) => alarm.episode.lastAt),
  column('test', 'boolean', (alarm) => alarm.episode.test),
  column('heard_by', 'text', ({ episode: { heardBy } }) => heardBy && JSON.stringify(heardBy)),
  column('late_again', 'text', ({ episode: { lateAgain } }) => lateAgain && JSON.stringify(lateAgain)),
  column('gateway', 'text', (alarm) => alarm.gateway),
  column('event', 'text', (alarm) => alarm.event),
]
/** What people, deadlines and a graver occurrence change. */
const HANDLING: readonly AlarmColumn[] = [
  column('class', 'text', (alarm) => alarm.case.class),
  column('also_centres', 'text', (alarm) => alarm.alsoCentres.join(' ')),
  column('handling', 'text', (alarm) => alarm.case.handling.at),
  column('fence', 'bigint', (alarm) => alarm.case.fence),
  column('abandoned', 'boolean', ({ case: { handling } }) => handling.at === 'new' && handling.abandonedBy !== null),
  time('since', (alarm) => handlingColumns(alarm.case.handling).since ?? alarm.receivedAt),
  column('person', 'text', (alarm) => byOf(alarm)?.person ?? null),
  column('person_name', 'text', (alarm) => byOf(alarm)?.name ?? null),
  column('person_session', 'text', (alarm) => byOf(alarm)?.session ?? null),
  time('until', (alarm) => handlingColumns(alarm.case.handling).until),
  column('offer', 'text', (alarm) => storedOffer(alarm.case.handling)),
  column('disposition', 'jsonb', ({ case: { handling } }) =>
    handling.at === 'closed' ? JSON.stringify(handling.disposition) : null,
  ),
  time('closed_at', ({ case: { handling } }) => (handling.at === 'closed' ? handling.closedAt : null)),
  time('held_until', (alarm) => alarm.heldUntil),
  ...RUNGS.map((rung) => time(rung.toLowerCase(), (alarm) => alarm.ladder[rung])),
]
const ALL = [ID, ...FIXED, ...EPISODE, ...HANDLING]
const SAVED = [ID, ...EPISODE, ...HANDLING]

export const ALARM_COLUMNS = ALL.map(({ name }) => `alarm.${name}`).join(', ')

const INSERT = `insert into alarm (${ALL.map(({ name }) => name).join(', ')})
  select ${ALL.map((one) => cast(one)).join(', ')} from ${given(ALL)}`
/** `version` guards what the row lock already guards: a save of something that was not read under the lock changes nothing. */
const UPDATE = `update alarm set ${[...EPISODE, ...HANDLING].map((one) => `${one.name} = ${cast(one)}`).join(', ')}
   from ${given(SAVED)} where alarm.id = given.id and alarm.version < given.version
     and ${among(SAVED, 'id', 'alarm.id')}`

/** An alarm to which nothing happened but more occurrences, and the version it had before them. */
export interface Recurred {
  readonly alarm: AlarmRecord
  readonly before: number
}
const RECURRED: readonly Column<Recurred>[] = [
  { name: 'before', type: 'bigint', value: ({ before }) => before },
  ...[ID, ...EPISODE].map(({ name, type, value }) => ({ name, type, value: ({ alarm }: Recurred) => value(alarm) })),
]
/**
 * Not one of them may have changed or been closed since it was as it was: then this throws, and nothing of the transaction
 * stays. So it is sound under the rows' locks, and without them.
 */
const UPDATE_RECURRED = `with done as (
    update alarm set ${EPISODE.map((one) => `${one.name} = ${cast(one)}`).join(', ')}
    from ${given(RECURRED)}
    where alarm.id = given.id and alarm.version = given.before and alarm.handling <> 'closed'
      and ${among(RECURRED, 'id', 'alarm.id')} returning 1
  )
  select all_found(count(*), $${RECURRED.length + 1}) from done`

/** Sent, not awaited: COMMIT follows in the same breath, and `transaction` throws whatever fails before it. */
export function insertAlarms(tx: Transaction, alarms: readonly AlarmRecord[]): void {
  // In one order everywhere: two batches that open the same episodes would else wait for each other until one is killed.
  const inOrder = alarms.toSorted((a, b) => (episodeOf(a) < episodeOf(b) ? -1 : 1))
  if (alarms.length > 0) void tx.query(INSERT, columnar(ALL, inOrder), 'alarm-insert')
}

export function updateAlarms(tx: Transaction, alarms: readonly AlarmRecord[]): void {
  if (alarms.length > 0) void tx.query(UPDATE, columnar(SAVED, alarms), 'alarm-update')
}

/** Most of a burst, at a third of the cost of a whole update. */
export function updateRecurred(tx: Transaction, recurred: readonly Recurred[]): void {
  if (recurred.length === 0) return
  // They are locked as they are found: in the order of `lockOpen`.
  const inOrder = recurred.toSorted(({ alarm: a }, { alarm: b }) => byPlace(a, b) || compare(a.id, b.id))
  void tx.query(UPDATE_RECURRED, [...columnar(RECURRED, inOrder), recurred.length], 'alarm-recurred')
}

/** The alarm, locked until the transaction ends; undefined when it is not there or none of the actor's business. */
export async function lockAlarm(tx: Transaction, id: AlarmId): Promise<AlarmRecord | undefined> {
  const [row] = await tx.query<AlarmRow>(LOCK_ONE, [id], 'alarm-lock')
  return row && recordOf(row)
}
const LOCK_ONE = `select ${ALARM_COLUMNS} from alarm where id = $1 for update`

/** The open alarms of these placements, locked in one order everywhere, so that two batches cannot wait for each other. */
export function lockOpen(tx: Transaction, places: readonly Place[]): Promise<{ id: AlarmId; version: number }[]> {
  const inOrder = [...places].sort(byPlace)
  return tx.query(
    LOCK_OPEN,
    [inOrder.map(({ home }) => home), inOrder.map(({ placement }) => placement)],
    'alarm-lock-open',
  )
}
/**
 * Lateral, place by place: the plan is made once and kept, often while the table is still empty, and a semi-join made then
 * goes on reading every open alarm for each press. A locking subquery is never merged into its surroundings.
 */
const LOCK_OPEN = `select open.* from unnest($1::text[], $2::text[]) as given (home, placement),
  lateral (
    select alarm.id, alarm.version from alarm
    where alarm.home = given.home and alarm.placement = given.placement and alarm.handling <> 'closed'
    order by alarm.id for update
  ) as open`
/** Rows that this transaction holds locked. */
export async function readAlarms(tx: Transaction, ids: readonly AlarmId[]): Promise<AlarmRecord[]> {
  const rows = await tx.query<AlarmRow>(`select ${ALARM_COLUMNS} from alarm where id = any($1)`, [ids], 'alarm-read')
  return rows.map(recordOf)
}

const byPlace = (a: Place, b: Place): number => compare(a.home, b.home) || compare(a.placement, b.placement)
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

export interface TimelineRow {
  readonly alarm: AlarmRecord
  readonly at: Instant
  readonly kind: TimelineKind
  readonly by: { readonly person: PersonId; readonly name: string } | null
  readonly text: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

const TIMELINE: readonly Column<TimelineRow>[] = [
  { name: 'centre', type: 'text', value: ({ alarm }) => alarm.centre },
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm.id },
  { name: 'at', type: 'timestamptz', value: ({ at }) => at },
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'person', type: 'text', value: ({ by }) => by?.person ?? null },
  { name: 'person_name', type: 'text', value: ({ by }) => by?.name ?? null },
  { name: 'text', type: 'text', value: ({ text }) => text },
  { name: 'detail', type: 'jsonb', value: ({ detail }) => JSON.stringify(detail) },
]
const TELL = `insert into timeline (${TIMELINE.map(({ name }) => name).join(', ')})
  select ${TIMELINE.map((one) => cast(one)).join(', ')} from ${given(TIMELINE)}`

export function tell(tx: Transaction, rows: readonly TimelineRow[]): void {
  if (rows.length > 0) void tx.query(TELL, columnar(TIMELINE, rows), 'timeline-insert')
}
