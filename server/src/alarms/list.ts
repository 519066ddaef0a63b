import {
  type AlarmId,
  alarmId,
  DomainError,
  EVENT_CLASSES,
  type EventClass,
  formatInstant,
  type Instant,
  ULID_PATTERN,
} from '@anju/contract'
import { type Alarm, CONDITIONS, type Condition, HANDLINGS, type HandlingState } from '@anju/contract/api'
import type { Identity } from '../people/people.ts'
import type { Transaction } from '../ports.ts'
import { forWhom } from './for-whom.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS } from './repository.ts'
import { viewOf } from './view.ts'

const pageMax = 200

export interface AlarmFilter {
  readonly handling?: string | undefined
  readonly condition?: string | undefined
  readonly class?: string | undefined
  readonly home?: string | undefined
  /** The alarms of one outage, which the queue leaves out. */
  readonly parent?: string | undefined
  /** Of closed ones only: what was closed last in front, whenever it had come. */
  readonly order?: 'closed-at' | undefined
  /** How many a page holds; as many as there may be unless it says so. */
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

interface Parsed {
  readonly handling: readonly HandlingState[]
  readonly condition: readonly Condition[]
  readonly class: readonly EventClass[]
  readonly home: string | undefined
  readonly parent: AlarmId | undefined
  readonly by: Order
  readonly limit: number
  readonly after: readonly [rank: number, at: string, id: string] | undefined
}

/** Open ones by urgency and age; closed ones by when they came or by when they were closed, newest first. */
type Order = 'urgency' | 'received-at' | 'closed-at'

const OPEN = HANDLINGS.filter((handling) => handling !== 'closed')

function parse(filter: AlarmFilter): Parsed {
  const handling = several('handling', filter.handling, HANDLINGS) ?? OPEN
  const closedOnly = handling.every((one) => one === 'closed')
  if (filter.order !== undefined && !closedOnly)
    throw new DomainError('request-malformed', 'order: only what is closed has a time at which it was')
  return {
    handling,
    condition: several('condition', filter.condition, CONDITIONS) ?? CONDITIONS,
    class: several('class', filter.class, EVENT_CLASSES) ?? EVENT_CLASSES,
    home: filter.home,
    parent: filter.parent === undefined ? undefined : alarmId(filter.parent),
    by: closedOnly ? (filter.order ?? 'received-at') : 'urgency',
    limit: Math.min(filter.limit ?? pageMax, pageMax),
    after: filter.cursor === undefined ? undefined : positionOf(filter.cursor),
  }
}

/** `?class=life,hazard` */
function several<T extends string>(name: string, given: string | undefined, allowed: readonly T[]): T[] | undefined {
  return given?.split(',').map((one) => {
    const found = allowed.find((value) => value === one)
    if (found === undefined)
      throw new DomainError('request-malformed', `${name}: "${one.slice(0, 40)}" is none of ${allowed.join(', ')}`)
    return found
  })
}

/** How urgent an alarm is, as SQL. */
export const RANK =
  "case alarm.class when 'life' then 0 when 'hazard' then 1 else case when alarm.urgent then 2 else 3 end end"

const ORDERS: Readonly<Record<Order, readonly [order: string, beyond: string]>> = {
  urgency: [`${RANK}, received_at, id`, `(${RANK}, received_at, id) > ($6::integer, $7::timestamptz, $8)`],
  'received-at': ['received_at desc, id desc', '(received_at, id) < ($7::timestamptz, $8)'],
  'closed-at': ['closed_at desc, id desc', '(closed_at, id) < ($7::timestamptz, $8)'],
}

/** Open ones unless `handling` says otherwise, life first, then oldest; closed ones newest first. @throws DomainError `request-malformed`. */
export async function list(tx: Transaction, { actor, home: onlyHome }: Identity, asked: AlarmFilter) {
  const filter = parse(asked)
  const rows = await tx.query<AlarmRow>(listOf(filter), [
    filter.handling,
    filter.condition,
    filter.class,
    filter.home ?? null,
    onlyHome,
    ...(filter.after ?? [null, null, null]),
    actor.centre,
    ...(filter.parent ? [filter.parent] : []),
  ])
  const records = rows.slice(0, filter.limit).map(recordOf)
  const facts = await homeFacts(tx, distinct(records))
  const items = records.map((alarm) => forWhom(viewOf(alarm, facts.of(alarm), actor.centre), onlyHome))
  const last = items.at(-1)
  const more = rows.length > filter.limit && last !== undefined
  return { items, nextCursor: more ? cursorOf(last, filter.by) : null }
}

/**
 * What the centre's own are and what others handed on to it are looked up apart, each by an index of its own: who may see a row is
 * asked of every row that is looked at, and a table holds the years of all centres.
 */
function listOf(filter: Parsed): string {
  const [order, beyond] = ORDERS[filter.by]
  const page = `order by ${order} limit ${filter.limit + 1}`
  const alarms = (whose: string) => `(select * from alarm
     where ${whose} and handling = any($1) and condition = any($2) and class = any($3)
       and ($4::text is null or home = $4) and ($5::text is null or home = $5) and (type <> 'outage' or coalesce($4, $5) is null)
       ${inIndex(filter.handling)}
       and ${inQueue(filter)}
       and ($6::integer is null or ${beyond})
     ${page})`
  return `select ${ALARM_COLUMNS}
    from (${alarms('centre = $9')} union all ${alarms("also_centres <> '' and centre <> $9")}) as alarm ${page}`
}

/** Said to the planner, too: the indexes of open and of closed alarms are partial. */
const inIndex = (handling: readonly HandlingState[]) =>
  !handling.includes('closed') ? "and handling <> 'closed'" : handling.length === 1 ? "and handling = 'closed'" : ''

/**
 * The queue leaves out what an outage stands for, and what is held back, unless somebody has it in hand. Who asks for one home,
 * or for what is over, sees everything.
 */
const inQueue = ({ parent, home, handling }: Parsed): string =>
  parent
    ? 'parent = $10'
    : home !== undefined || !handling.some((one) => one !== 'closed')
      ? 'true'
      : "(handling <> 'new' or (parent is null and held_until is null))"

const distinct = (alarms: readonly AlarmRecord[]) => [
  ...new Map(alarms.map((alarm) => [`${alarm.home}/${alarm.placement}`, alarm])).values(),
]

const ULID = new RegExp(ULID_PATTERN)

const cursorOf = (alarm: Alarm, by: Order): string => {
  const at = by === 'closed-at' ? alarm.closedAt : alarm.receivedAt
  return Buffer.from(JSON.stringify([rankOf(alarm), at, alarm.id])).toString('base64url')
}

const rankOf = ({ class: eventClass, urgent }: Alarm): number =>
  eventClass === 'life' ? 0 : eventClass === 'hazard' ? 1 : urgent ? 2 : 3

function positionOf(cursor: string): Parsed['after'] {
  try {
    const [rank, at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[]
    if (
      (rank === 0 || rank === 1 || rank === 2 || rank === 3) &&
      typeof id === 'string' &&
      ULID.test(id) &&
      typeof at === 'string'
    )
      return [rank, formatInstant(Date.parse(at) as Instant), id]
  } catch {
    // Said below.
  }
  throw new DomainError('request-malformed', 'cursor: is none that this list gave out')
}
