import { type AlarmId, type Instant, type Millis, plus, seconds } from '@anju/contract'
import { TRACKS, type Track, type TrackPolicy } from '@anju/contract/api'
import { among, type Column, cast, columnar, given } from '../database/columns.ts'
import { OWN_TROUBLE } from '../domain/escalation/last-resort.ts'
import { concernedBy, type Run } from '../domain/escalation/run.ts'
import { STANDARD_POLICY, testUnclaimedS, UNTIL_CONTACT } from '../domain/escalation/standard.ts'
import type { Transaction } from '../ports.ts'
import type { BegunAlarm, Escalations } from './ports.ts'
import { contactDueFrom, standingOf } from './standing.ts'

/** One track of an alarm, as stored. */
export interface StoredRun {
  readonly alarm: AlarmId
  readonly track: Track
  readonly policy: TrackPolicy
  readonly run: Run
  /** Something has happened, whether or not it changes anything: what it waits for is to be written down again. */
  readonly woken: boolean
  /** When it is looked at again, although nothing of its own is due then; absent: never. */
  readonly lookAgainAt?: Instant
}

/**
 * What becomes of one alarm of a home may concern the family of another, whose rows are written under its own lock alone: to wait
 * for that one while holding this could end in a deadlock, and a press would wait for it. So it is looked at instead of told.
 */
const looksAtHomeEvery = seconds(10)
export const lookAgainAfter = (now: Instant): Instant => plus(now, looksAtHomeEvery)

const BEGUN: readonly Column<BegunAlarm>[] = [
  { name: 'alarm', type: 'text', value: ({ id }) => id },
  { name: 'centre', type: 'text', value: ({ centre }) => centre },
  { name: 'home', type: 'text', value: ({ home }) => home },
  { name: 'type', type: 'text', value: ({ type }) => type },
  { name: 'class', type: 'text', value: (alarm) => alarm.case.class },
  { name: 'opened_at', type: 'timestamptz', value: ({ receivedAt }) => receivedAt },
  { name: 'contact_due_from', type: 'timestamptz', value: contactDueFrom },
  { name: 'test', type: 'boolean', value: ({ episode }) => episode.test },
]
const [standard, untilContact] = [BEGUN.length + 1, BEGUN.length + 2]
/** Of what gathered while the database was away, so much of the oldest is put in order at a time. */
const dueLookedAtMax = 400

/** The graver, the smaller. */
const RANK = (of: string): string => `array_position(array['life', 'hazard', 'technical'], ${of})`
/**
 * The narrowest policy of the centre, else the standard one; without one of its own a technical alarm has none, but for the one that
 * says that people are not being asked. Nobody who has written no policy is without one, so it stands in the statement and not in a
 * table. Nobody leaves out what watches over who holds it. What became graver goes on by the graver policy, from its first step: who
 * has it still has it.
 */
const START = `
  insert into escalation (alarm, track, centre, class, policy, policy_id, policy_version, state, round, step, wave, until, due_at)
  select begun.alarm, track.key, begun.centre, begun.class, track.value, chosen.id, chosen.version, 'starting', 0, 0, -1, start.at, start.at
  from (select ${BEGUN.map((one) => `${cast(one)} as ${one.name}`).join(', ')} from ${given(BEGUN)}) as begun
  left join lateral (
    select policy.id, policy.version, policy.tracks from escalation_policy as policy
    where policy.centre = begun.centre and policy.removed_at is null
      and coalesce(policy.home, begun.home) = begun.home
      and coalesce(policy.type, begun.type) = begun.type
      and coalesce(policy.class, begun.class) = begun.class
      and (begun.class <> 'technical' or policy.type is not null or policy.class is not null)
    order by policy.home nulls last, policy.type nulls last, policy.class nulls last limit 1
  ) as chosen on true
  cross join lateral jsonb_each(case
    when chosen.id is not null and begun.class = 'technical' then chosen.tracks
    when chosen.id is not null then $${untilContact}::jsonb || chosen.tracks
    when begun.type = '${OWN_TROUBLE}' then jsonb_build_object('centre', $${standard}::jsonb -> 'centre')
    when begun.class = 'technical' then '{}'::jsonb
    else $${standard}::jsonb end) as track
  cross join lateral (
    select case when track.key = 'long-lie' then begun.contact_due_from else begun.opened_at end + interval '1 second' * case
      when track.key = 'long-lie' and begun.test then least((track.value ->> 'startAfterS')::integer, ${testUnclaimedS})
      else (track.value ->> 'startAfterS')::integer end as at) as start
  on conflict (alarm, track) do update set class = excluded.class, policy = excluded.policy, policy_id = excluded.policy_id,
    policy_version = excluded.policy_version,
    state = case when escalation.state in ('running', 'waiting') then 'waiting' else escalation.state end,
    round = escalation.round + case when escalation.state in ('quiet', 'ending', 'ended') and escalation.wave >= 0 then 1 else 0 end,
    step = 0, wave = -1,
    until = case escalation.state when 'starting' then excluded.until when 'running' then app_now() when 'waiting' then app_now()
      else escalation.until end,
    due_at = app_now()
  where ${RANK('escalation.class')} > ${RANK('excluded.class')}`
const STANDARDS = [JSON.stringify(STANDARD_POLICY), JSON.stringify(UNTIL_CONTACT)]

/** Whose test is over is asked about at once, and not only when its time has come. As with whatever writes these, its alarm first. */
const HASTEN = `with ended as (
    select id from alarm where home = any ($1) and test and class = 'life' and handling <> 'closed'
    order by home, placement, id for update
  )
  update escalation set until = least(until, app_now()), due_at = app_now()
  from ended where escalation.alarm = ended.id and track = 'long-lie' and state = 'starting'`

/** What has ended, too: somebody may say only now that they go. */
const WAKE = 'update escalation set due_at = app_now() where alarm = any ($1) and track = any ($2)'

/** What the alarms' side tells, as rows. `onDue` is called after the commit: somebody may look at once. */
export function createEscalations(onDue: () => void): Escalations {
  const wake: Escalations['wake'] = (tx, alarms, tracks = TRACKS) => {
    if (alarms.length === 0) return
    void tx.query(WAKE, [alarms, tracks], 'escalation-wake')
    tx.afterCommit(onDue)
  }
  return {
    wake,
    became: (tx, before, after) => wake(tx, [after.id], concernedBy(standingOf(before), standingOf(after))),
    start(tx, alarms) {
      if (alarms.length === 0) return
      void tx.query(START, [...columnar(BEGUN, alarms), ...STANDARDS], 'escalation-start')
      tx.afterCommit(onDue)
    },
    async testEnded(tx, homes) {
      if (homes.length === 0) return
      await tx.query(HASTEN, [homes], 'escalation-hasten')
      tx.afterCommit(onDue)
    },
  }
}

interface Row {
  alarm: AlarmId
  track: Track
  policy: TrackPolicy
  state: Run['at']
  round: number
  step: number
  wave: number
  until: Instant | null
  woken: boolean
}

/**
 * The alarms of what is due, and at least for `overdueBy`, locked; those that somebody else has locked are theirs. What is closed comes
 * last: there it is only tidied up. Of the rest the graver comes first, then what nobody has, then what has been due for longest: where
 * there is more than can be done, somebody who is still to be asked waits for nothing less grave. An alarm with several tracks due
 * comes once for each of them.
 */
const LOCK_DUE = `select alarm.id from (
    select escalation.alarm, due_at from escalation
    where due_at <= (select app_now() - $3 * interval '1 ms') and escalation.alarm <> all ($1)
    order by due_at limit ${dueLookedAtMax}
  ) as due join alarm on alarm.id = due.alarm
  order by alarm.handling = 'closed', ${RANK('alarm.class')}, alarm.handling <> 'new', due.due_at limit $2 for update of alarm skip locked`

export async function lockDue(
  tx: Transaction,
  tracksMax: number,
  overdueBy: Millis,
  but: readonly AlarmId[],
): Promise<AlarmId[]> {
  const rows = await tx.query<{ id: AlarmId }>(LOCK_DUE, [but, tracksMax, overdueBy], 'escalation-lock-due')
  return rows.map(({ id }) => id)
}

/** One alarm, locked; undefined when somebody else has it: what is to be done with it is still to be done then. */
export async function tryLock(tx: Transaction, alarm: AlarmId): Promise<AlarmId | undefined> {
  const [row] = await tx.query<{ id: AlarmId }>(
    'select id from alarm where id = $1 for update skip locked',
    [alarm],
    'escalation-try-lock',
  )
  return row?.id
}

const READ = `select alarm, track, policy, state, round, step, wave, until, due_at is distinct from until as woken from escalation`

/** Every track of one alarm. */
export const runsOf = (tx: Transaction, alarm: AlarmId): Promise<StoredRun[]> =>
  read(tx, [[alarm]], `${READ} where alarm = any ($1) order by track`, 'escalation-read')

/**
 * The tracks of these alarms that are due, or that one of each alone. The
 * alarms' rows are locked, which locks these, too: nobody writes them without it.
 */
export const dueRunsOf = (tx: Transaction, alarms: readonly AlarmId[], only?: Track): Promise<StoredRun[]> =>
  read(
    tx,
    [alarms, only ?? null],
    `${READ} where alarm = any ($1) and track = coalesce($2, track) and due_at <= (select app_now()) order by alarm, track`,
    'escalation-read-due',
  )

async function read(tx: Transaction, given: readonly unknown[], text: string, name: string): Promise<StoredRun[]> {
  const rows = await tx.query<Row>(text, given, name)
  return rows.map(({ alarm: of, track, policy, woken, ...row }) => ({
    alarm: of,
    track,
    policy,
    woken,
    run: runOf(row),
  }))
}

const until = ({ run }: StoredRun): Instant | null => ('until' in run ? run.until : null)
function dueAt(stored: StoredRun): Instant | null {
  const { lookAgainAt } = stored
  const at = until(stored)
  return at === null || (lookAgainAt !== undefined && lookAgainAt < at) ? (lookAgainAt ?? null) : at
}
const KEY: readonly Column<StoredRun>[] = [
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm },
  { name: 'track', type: 'text', value: ({ track }) => track },
]
const CHANGED: readonly Column<StoredRun>[] = [
  { name: 'state', type: 'text', value: ({ run }) => run.at },
  { name: 'round', type: 'integer', value: ({ run }) => run.round },
  { name: 'step', type: 'integer', value: ({ run }) => run.step },
  { name: 'wave', type: 'integer', value: ({ run }) => run.wave },
  { name: 'until', type: 'timestamptz', value: until },
  { name: 'due_at', type: 'timestamptz', value: dueAt },
]
const SAVED = [...KEY, ...CHANGED]
const SAVE = `update escalation set ${CHANGED.map((one) => `${one.name} = ${cast(one)}`).join(', ')}
  from ${given(SAVED)} where escalation.alarm = given.alarm and escalation.track = given.track
    and ${among(KEY, 'alarm', 'escalation.alarm')}`

/** Sent, not awaited: the transaction throws what fails. */
export function saveRuns(tx: Transaction, runs: readonly StoredRun[]): void {
  if (runs.length > 0) void tx.query(SAVE, columnar(SAVED, runs), 'escalation-save')
}

function runOf({ state, round, step, wave, until }: Omit<Row, 'alarm' | 'track' | 'policy' | 'woken'>): Run {
  const position = { round, step, wave }
  if (state === 'ended') return { at: state, ...position }
  if (state === 'quiet') return { at: state, until, ...position }
  if (until === null) throw new Error(`an escalation is ${state} and waits for nothing`)
  return { at: state, until, ...position }
}
