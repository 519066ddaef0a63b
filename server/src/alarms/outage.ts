import type { AlarmId, CentreId, HomeId, Instant, PlacementId } from '@anju/contract'
import type { TimelineKind } from '@anju/contract/api'
import { condition } from '../domain/condition.ts'
import { homeOf, type Loss, outagePlacement } from '../domain/correlation.ts'
import { handle } from '../domain/handling.ts'
import type { Escalations } from '../escalation/ports.ts'
import type { LiveLog, Transaction } from '../ports.ts'
import { applied, EMPTY_LADDER, entriesOf } from './apply.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, recordOf } from './record.ts'
import { ALARM_COLUMNS, insertAlarms, lockAlarm, type TimelineRow, tell, updateAlarms } from './repository.ts'
import { append, toldOn } from './tell-consoles.ts'

/** Opens an area's outage, still without children; false when another server was faster. */
export async function openOutage(
  tx: Transaction,
  { live, escalations }: { readonly live: LiveLog; readonly escalations: Escalations },
  id: AlarmId,
  { area, folds }: { readonly area: string; readonly folds: Loss },
  firstLoss: string,
): Promise<boolean> {
  const [centre = '', street = ''] = area.split('/')
  const won = await tx.query(
    `insert into outage (alarm, centre, area, folds, opened_at) values ($1, $2, $3, $4, app_now())
     on conflict do nothing returning 1`,
    [id, centre, street, folds],
  )
  const [first] = await tx.query<{ home: HomeId; at: Instant }>(
    'select home, first_at as at from alarm where id = $1',
    [firstLoss],
  )
  if (won.length === 0 || !first) return false
  const placement = outagePlacement(folds, street === '' ? centre : street) as PlacementId
  const facts = await homeFacts(tx, [{ home: first.home, placement }])
  const alarm = opened(id, centre as CentreId, first, placement, facts.now)
  insertAlarms(tx, [alarm])
  // By the centre's policy: that of the home it happens to name is for that home's own alarms.
  escalations.start(tx, [{ ...alarm, home: homeOf(alarm) }])
  tell(tx, [entry(alarm, facts.now, 'raised', { folds, area: facts.of(alarm).name })])
  append(tx, live, toldOn(alarm, { cause: 'raised' }, facts))
  return true
}

/** These losses become part of it, unless something else became of them meanwhile. */
export async function joinOutage(
  tx: Transaction,
  live: LiveLog,
  id: AlarmId,
  losses: readonly string[],
): Promise<void> {
  const outage = await lockAlarm(tx, id)
  if (!outage || outage.case.handling.at === 'closed') return
  const rows = await tx.query<AlarmRow>(CHILDREN, [losses])
  if (rows.length === 0) return
  const children = rows.map((row): AlarmRecord => ({ ...recordOf(row), version: row.version + 1, parent: id }))
  await tx.query('update alarm set parent = $1, version = version + 1 where id = any($2)', [
    id,
    children.map((child) => child.id),
  ])
  // Those a console has shown already leave its queue; the others it never hears of.
  const shown = children.filter(({ heldUntil }) => heldUntil === null)
  const facts = await homeFacts(tx, [outage, ...shown])
  tell(
    tx,
    children.map((child) => entry(child, facts.now, 'folded', { outage: id })),
  )
  const parent = await counted(tx, outage, facts.now)
  append(tx, live, [
    ...shown.flatMap((child) => toldOn(child, { cause: 'folded' }, facts)),
    ...toldOn(parent, { cause: 'occurrence' }, facts),
  ])
}

/** Counts anew who is in it. When nobody is any more it has returned, and closes itself unless somebody holds it. */
export async function settleOutage(tx: Transaction, live: LiveLog, id: AlarmId): Promise<void> {
  const outage = await lockAlarm(tx, id)
  if (!outage) return
  const facts = await homeFacts(tx, [outage])
  const settled = await counted(tx, outage, facts.now)
  if (settled.version !== outage.version)
    append(tx, live, toldOn(settled, { cause: settled.children === 0 ? 'returned' : 'occurrence' }, facts))
  const { handling } = settled.case
  // A person may think better of a close; until then a new flood waits for a moment.
  if (handling.at === 'closed' && settled.children === 0)
    await tx.query(
      `update outage set ended_at = app_now() where alarm = $1 and ended_at is null
         and ($2 or (select closed_at from alarm where id = $1) <= app_now() - interval '60 seconds')`,
      [id, handling.by === null],
    )
}

/** The outage with its number of homes, and whether one of them comes first, saved when that changed anything. */
async function counted(tx: Transaction, outage: AlarmRecord, now: Instant): Promise<AlarmRecord> {
  const [{ homes: children, urgent } = { homes: 0, urgent: false }] = await tx.query<Counted>(COUNT, [outage.id])
  const same = children === outage.children && urgent === outage.urgent
  if (same && (children > 0 || outage.condition === 'returned')) return outage
  const after = children > 0 ? raised(outage, now) : returned(outage, now)
  updateAlarms(tx, [after.alarm])
  tell(tx, after.entries)
  await tx.query('update alarm set children = $2, urgent = $3 where id = $1', [outage.id, children, urgent])
  return { ...after.alarm, children, urgent }
}

interface Counted {
  readonly homes: number
  readonly urgent: boolean
}
interface After {
  readonly alarm: AlarmRecord
  readonly entries: readonly TimelineRow[]
}

function raised(outage: AlarmRecord, now: Instant): After {
  return {
    alarm: {
      ...outage,
      version: outage.version + 1,
      condition: condition(outage.condition, 'raised'),
      episode: { ...outage.episode, lastAt: now },
    },
    entries: [],
  }
}

function returned(outage: AlarmRecord, now: Instant): After {
  const decision = handle(outage.case, { type: 'returned', now })
  if ('refused' in decision) return { alarm: outage, entries: [] }
  const alarm = { ...applied(outage, decision, now), condition: condition(outage.condition, 'returned') }
  return { alarm, entries: [entry(alarm, now, 'returned', {}), ...entriesOf(decision.effects, alarm, now)] }
}

function opened(
  id: AlarmId,
  centre: CentreId,
  { home, at }: { readonly home: HomeId; readonly at: Instant },
  placement: PlacementId,
  now: Instant,
): AlarmRecord {
  return {
    id,
    centre,
    alsoCentres: [],
    home,
    placement,
    type: 'outage',
    version: 1,
    condition: 'active',
    case: { class: 'technical', handling: { at: 'new', since: now, abandonedBy: null }, fence: 0 },
    episode: {
      occurrences: 1,
      firstAt: at,
      lastAt: now,
      recentAt: [],
      realertedAt: null,
      stuck: false,
      lateByMs: 0,
      test: false,
      heardBy: null,
      lateAgain: null,
    },
    receivedAt: now,
    urgent: false,
    heldUntil: null,
    parent: null,
    children: 0,
    gateway: null,
    event: null,
    ladder: { ...EMPTY_LADDER, L2: now },
  }
}

const entry = (
  alarm: AlarmRecord,
  at: Instant,
  kind: TimelineKind,
  detail: Readonly<Record<string, unknown>>,
): TimelineRow => ({ alarm, at, kind, by: null, text: null, detail })

/** In the order every batch locks them in; one that an event holds just now joins at the next turn. */
const CHILDREN = `
  select ${ALARM_COLUMNS} from alarm
  where id = any($1) and parent is null and handling <> 'closed' and condition <> 'returned'
  order by home, placement, id for update skip locked`
/** At high risk comes first, in a crowd as well. */
const COUNT = `
  select count(distinct home)::integer as homes, coalesce(bool_or(urgent), false) as urgent from alarm
  where parent = $1 and handling <> 'closed' and condition <> 'returned'`
