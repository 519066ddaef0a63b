import type { AlarmId, Instant } from '@anju/contract'
import type { Track, TrackPolicy } from '@anju/contract/api'
import { type Column, cast, columnar, given } from '../database/columns.ts'
import type { Run } from '../domain/escalation/run.ts'
import { STANDARD_FALL_POLICY, STANDARD_POLICY } from '../domain/escalation/standard.ts'
import type { Transaction } from '../ports.ts'
import type { BegunAlarm, Escalations } from './ports.ts'

/** One track of an alarm, as stored. */
export interface StoredRun {
  readonly alarm: AlarmId
  readonly track: Track
  readonly policy: TrackPolicy
  readonly run: Run
  /** Something has happened, whether or not it changes anything: what it waits for is to be written down again. */
  readonly woken: boolean
}

/** What leaves somebody lying on a floor, or may have. */
const LYING = new Set(['fall-detected', 'long-lie', 'no-activity'])

const BEGUN: readonly Column<BegunAlarm>[] = [
  { name: 'alarm', type: 'text', value: ({ id }) => id },
  { name: 'centre', type: 'text', value: ({ centre }) => centre },
  { name: 'home', type: 'text', value: ({ home }) => home },
  { name: 'type', type: 'text', value: ({ type }) => type },
  { name: 'class', type: 'text', value: (alarm) => alarm.case.class },
  { name: 'lying', type: 'boolean', value: ({ type }) => LYING.has(type) },
  { name: 'opened_at', type: 'timestamptz', value: ({ receivedAt }) => receivedAt },
]
const [standard, standardFall] = [BEGUN.length + 1, BEGUN.length + 2]
/**
 * The narrowest policy of the centre, else the standard one; without one of its own a technical alarm has none. Nobody who has
 * written no policy is without one, so it stands in the statement and not in a table.
 */
const START = `
  insert into escalation (alarm, track, centre, policy, policy_id, policy_version, state, round, step, wave, until, due_at)
  select begun.alarm, track.key, begun.centre, track.value, chosen.id, chosen.version, 'starting', 0, 0, -1, start.at, start.at
  from (select ${BEGUN.map((one) => `${cast(one)} as ${one.name}`).join(', ')} from ${given(BEGUN)}) as begun
  left join lateral (
    select policy.id, policy.version, policy.tracks from escalation_policy as policy
    where policy.centre = begun.centre
      and coalesce(policy.home, begun.home) = begun.home
      and coalesce(policy.type, begun.type) = begun.type
      and coalesce(policy.class, begun.class) = begun.class
      and (begun.class <> 'technical' or policy.type is not null or policy.class is not null)
    order by policy.home nulls last, policy.type nulls last, policy.class nulls last limit 1
  ) as chosen on true
  cross join lateral jsonb_each(case
    when chosen.id is not null then chosen.tracks
    when begun.class = 'technical' then '{}'::jsonb
    when begun.lying then $${standardFall}::jsonb
    else $${standard}::jsonb end) as track
  cross join lateral (
    select begun.opened_at + (track.value ->> 'startAfterS')::integer * interval '1 second' as at) as start
  on conflict do nothing`
const STANDARDS = [JSON.stringify(STANDARD_POLICY), JSON.stringify(STANDARD_FALL_POLICY)]

/** What has ended, too: somebody may say only now that they go. */
const WAKE = 'update escalation set due_at = app_now() where alarm = any ($1)'

/** What the alarms' side tells, as rows. `onDue` is called after the commit: somebody may look at once. */
export function createEscalations(onDue: () => void): Escalations {
  return {
    start(tx, alarms) {
      if (alarms.length === 0) return
      void tx.query(START, [...columnar(BEGUN, alarms), ...STANDARDS], 'escalation-start')
      tx.afterCommit(onDue)
    },
    wake(tx, alarms) {
      if (alarms.length === 0) return
      void tx.query(WAKE, [alarms], 'escalation-wake')
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

const READ = `select alarm, track, policy, state, round, step, wave, until, due_at is distinct from until as woken
  from escalation where alarm = $1`

/** Every track of one alarm. */
export const runsOf = (tx: Transaction, alarm: AlarmId): Promise<StoredRun[]> =>
  read(tx, alarm, `${READ} order by track`, 'escalation-read')

/**
 * The tracks of one alarm that are due; whatever happens to it makes all of them due. The alarm's row is locked, which locks these,
 * too: nobody writes them without it.
 */
export const dueRunsOf = (tx: Transaction, alarm: AlarmId): Promise<StoredRun[]> =>
  read(tx, alarm, `${READ} and due_at <= (select app_now()) order by track`, 'escalation-read-due')

async function read(tx: Transaction, alarm: AlarmId, text: string, name: string): Promise<StoredRun[]> {
  const rows = await tx.query<Row>(text, [alarm], name)
  return rows.map(({ alarm: of, track, policy, woken, ...row }) => ({
    alarm: of,
    track,
    policy,
    woken,
    run: runOf(row),
  }))
}

export function saveRun(tx: Transaction, { alarm, track, run }: StoredRun): void {
  const until = 'until' in run ? run.until : null
  void tx.query(
    `update escalation set state = $3, round = $4, step = $5, wave = $6,
       until = to_timestamp($7::bigint / 1000::float8), due_at = to_timestamp($7::bigint / 1000::float8)
     where alarm = $1 and track = $2`,
    [alarm, track, run.at, run.round, run.step, run.wave, until],
    'escalation-save',
  )
}

function runOf({ state, round, step, wave, until }: Omit<Row, 'alarm' | 'track' | 'policy' | 'woken'>): Run {
  const position = { round, step, wave }
  if (state === 'ended') return { at: state, ...position }
  if (state === 'quiet') return { at: state, until, ...position }
  if (until === null) throw new Error(`an escalation is ${state} and waits for nothing`)
  return { at: state, until, ...position }
}
