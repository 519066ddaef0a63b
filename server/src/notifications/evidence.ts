import type { Instant } from '@anju/contract'
import { among, type Column, columnar, given } from '../database/columns.ts'
import { isStalled } from '../domain/stalled.ts'
import type { AttemptState, Looked, TrackEvidence } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import { GOING_TO, IS_OF_THE_HOME } from './same-home.ts'

type Numbered = Looked & { readonly nth: number }
const LOOKED: readonly Column<Numbered>[] = [
  { name: 'nth', type: 'integer', value: ({ nth }) => nth },
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm },
  { name: 'track', type: 'text', value: ({ track }) => track },
]
const WAVES: readonly Column<Numbered>[] = [
  ...LOOKED,
  { name: 'round', type: 'integer', value: ({ position }) => position?.round ?? 0 },
  { name: 'step', type: 'integer', value: ({ position }) => position?.step ?? 0 },
  { name: 'wave', type: 'integer', value: ({ position }) => position?.wave ?? 0 },
]

/**
 * The latest time until which somebody of each track said they would see to it. Who said so for the centre said it of what had
 * happened until then: a further press is for the whole centre again, as it sounds again at a console. A button that hangs is not.
 */
const OWN = `
    select max(accepted_until) as until from notification as asked join alarm on alarm.id = asked.alarm
    where asked.alarm = given.alarm and asked.track = given.track and asked.state = 'accepted'
      and (asked.track <> 'centre' or alarm.stuck or alarm.realerted_at is null or asked.accepted_at >= alarm.realerted_at)`
/**
 * Which of the home's alarms a relative or neighbour answered is all one to who lies there. An operator's work it is not. Where a
 * home has no contacts there is nobody whom an answer to another one would concern.
 */
const OF_THE_HOME = `
    select (select max(going.accepted_until) from notification as going
        where ${GOING_TO('mine.home')} and going.alarm <> mine.id) as until,
      exists (select from contact where contact.home = mine.home and contact.removed_at is null)
        and exists (select from alarm as other where other.home = mine.home and other.handling <> 'closed' and other.id <> mine.id
        and ${IS_OF_THE_HOME('other')}) as beside
    from alarm as mine where given.track = 'family' and mine.id = given.alarm and ${among(LOOKED, 'alarm', 'mine.id')}
      and ${IS_OF_THE_HOME('mine')}`
/** Whoever may be owed a stand-down: of an open alarm nobody asks that. */
const ELSEWHERE = `(select alarm.handling = 'closed' from alarm where alarm.id = given.alarm) and exists (
    select from notification as asked where asked.alarm = given.alarm and asked.track = given.track and asked.purpose = 'alarm'
      and (asked.channel <> 'console' or asked.address = 'app') offset 0)`
const FOUND = `select given.nth, greatest(own.until, home.until) as until,
    home.until is not null or coalesce(home.beside, false) as beside, other.is_asked as elsewhere
  from ${given(LOOKED)} cross join lateral (${OWN}) as own left join lateral (${OF_THE_HOME}) as home on true
    cross join lateral (select ${ELSEWHERE} as is_asked) as other
  where own.until is not null or home.until is not null or home.beside or other.is_asked`

const IN_WAVE = `select given.nth, recipient_kind || ' ' || recipient as recipient, state, why, tries, sending, due_at,
    cancelled_at is not null as dismissed, (select app_now()) as now
  from ${given(WAVES)} join notification as asked on asked.alarm = given.alarm and asked.track = given.track
    and asked.round = given.round and asked.step = given.step and asked.wave = given.wave and asked.purpose = 'alarm'
    and ${among(WAVES, 'alarm', 'asked.alarm')}`

interface FoundRow {
  readonly nth: number
  readonly until: Instant | null
  readonly beside: boolean
  readonly elsewhere: boolean
}
interface WaveRow {
  readonly nth: number
  readonly recipient: string
  readonly state: AttemptState['state']
  readonly why: string | null
  readonly tries: number
  readonly sending: boolean
  readonly due_at: Instant | null
  readonly dismissed: boolean
  readonly now: Instant
}

/** Two statements, however many tracks. */
export async function readEvidence<One extends Looked>(
  tx: Transaction,
  of: readonly One[],
): Promise<(One & TrackEvidence)[]> {
  const looked = of.map(({ alarm, track, position }, nth) => ({ alarm, track, position, nth }))
  const running = looked.filter(({ position }) => position !== null)
  const [rows, attempts] = await Promise.all([
    tx.query<FoundRow>(FOUND, columnar(LOOKED, looked), 'ledger-evidence'),
    running.length > 0 ? tx.query<WaveRow>(IN_WAVE, columnar(WAVES, running), 'ledger-wave') : [],
  ])
  const found = new Map(rows.map((row) => [row.nth, row]))
  const waves = Map.groupBy(attempts, ({ nth }) => nth)
  return of.map((one, nth) => ({
    ...one,
    acceptedUntil: found.get(nth)?.until ?? null,
    beside: found.get(nth)?.beside ?? false,
    askedElsewhere: found.get(nth)?.elsewhere ?? false,
    wave: (waves.get(nth) ?? []).map(attemptStateOf),
  }))
}

/** Of who is not to be asked any more no answer is waited for, however far it got; nor for what does not leave. */
function attemptStateOf({
  recipient,
  state,
  why,
  tries,
  sending,
  due_at: dueAt,
  dismissed,
  now,
}: WaveRow): AttemptState {
  if (dismissed && state !== 'accepted' && state !== 'declined')
    return { recipient, state: 'cancelled', retrying: false }
  if (isStalled({ state, why, tries, sending, dueAt }, now)) return { recipient, state: 'failed', retrying: false }
  return { recipient, state, retrying: (state === 'queued' || state === 'unknown') && dueAt !== null }
}
