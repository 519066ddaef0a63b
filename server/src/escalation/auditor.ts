import { type AlarmId, type Clock, type Instant, seconds } from '@anju/contract'
import { OWN_TROUBLE } from '../domain/escalation/last-resort.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import type { BegunAlarm, Escalations, Whose } from './ports.ts'

const AUDITOR: Actor = { kind: 'system', part: 'auditor' }
const lookEvery = seconds(1)
/** What is late is found by its index; what nobody would ever go on with, only by reading all that is open. */
const looksPerSweep = 10
/** One process reads it for all: whose turn comes sooner after the last one's than this leaves it to the next. */
const sweptLately = seconds(8)
/** A step may be a second late; what is found later than this was not about to happen. */
export const lateAfter = seconds(2)
const rowsPerLookMax = 100
/** Of closed alarms people are only told to stay: in a backlog that comes last, and is no reason to wake anybody yet. */
const closedLateAfter = seconds(30)
/** So many of the oldest are looked at for those that are told of. */
const lateLookedAtMax = 1_000

/** Something that the database's clock says should have happened by now. */
export interface Late extends Whose {
  readonly alarm: AlarmId
  /**
   * A track of the escalation, `lease` for a claim or park that is over, `notification` for an attempt that never left, `unwoken`
   * for an escalation that is quiet although nobody has the alarm.
   */
  readonly what: string
  readonly dueAt: Instant
}

/** Of what nobody would ever go on with: whoever looks for it looks for all processes. */
type Sweeps = 'always' | 'in-turn' | 'never'

export interface AuditorParts {
  readonly database: Database
  readonly escalations: Escalations
  /** Makes an alarm of it. Told again while it stays so: the same lateness must be the same event. */
  readonly raise: (late: readonly Late[]) => Promise<void>
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

/**
 * Looks over the shoulder of whoever works off the deadlines, by the rows alone: it shares no code and no
 * connection with them. What is late becomes an alarm of its own; an open alarm that nobody would ever go on with gets its
 * escalation (an older server opened it), or has it woken (nobody told it that the alarm is nobody's any more).
 */
export function startAuditor({ database, escalations, raise, clock, log }: AuditorParts): {
  /** At what is late, and for what nobody would ever go on with. */
  look(sweeps?: Sweeps): Promise<readonly Late[]>
  stop(): Promise<void>
} {
  let looks = 0

  /** Planned anew each time, seconds apart: a plan from a quiet day would read everything on a bad one. */
  async function sweep(tx: Transaction, inTurn: boolean): Promise<readonly Late[]> {
    if (inTurn && (await tx.query(TAKE_TURN, [], 'auditor-turn')).length === 0) return []
    const forgotten = await tx.query<ForgottenRow>(FORGOTTEN)
    escalations.start(tx, forgotten.map(begun))
    if (forgotten.length > 0)
      tx.afterCommit(() => log.error({ alarms: forgotten.length, first: forgotten[0]?.id }, 'alarms had no escalation'))
    const unwoken = await tx.query<Late>(UNWOKEN)
    escalations.wake(
      tx,
      unwoken.map(({ alarm }) => alarm),
    )
    return unwoken
  }

  async function look(sweeps: Sweeps = 'always'): Promise<readonly Late[]> {
    const late = await told((tx) => tx.query<Late>(LATE, [], 'auditor-late'))
    // By itself: it reads all that is open, and where it cannot, what is late is still found.
    return sweeps === 'never' ? late : [...late, ...(await told((tx) => sweep(tx, sweeps === 'in-turn')))]
  }

  async function told(ask: (tx: Transaction) => Promise<readonly Late[]>): Promise<readonly Late[]> {
    const late = await database.transaction(AUDITOR, ask)
    if (late.length > 0) {
      log.error({ late: late.length, first: late[0] }, 'what was due has not happened')
      await raise(late)
    }
    return late
  }

  /** A sweep that failed is tried at the next look. */
  async function round(): Promise<void> {
    await look(looks % looksPerSweep === 0 ? 'in-turn' : 'never')
    looks++
  }

  const options = { every: lookEvery, clock, database, log, trouble: 'the auditor could not look' }
  const { stop } = startRounds(round, options)
  return { look, stop }
}

/** Taken with the sweep itself: of one that fails or dies nothing is left, and the next one has its turn. */
const TAKE_TURN = `insert into auditor_sweep (at) values (app_now())
  on conflict (one) do update set at = excluded.at where auditor_sweep.at <= excluded.at - interval '${sweptLately} ms' returning one`

/** Asked once a statement, and in each part of it, so that every part finds what is late by its own index. */
const LONG_AGO = `(select app_now() - interval '${lateAfter} ms')`
/**
 * A stand-down waits for what becomes of an asking that is on its way: who was never told to go is not told to stay. Cut off before
 * it is joined: how little is late cannot be known beforehand, and the join would be planned for a third of all there is. What tells
 * that something is late is not told of when it is late itself.
 */
const LATE = `
  select late.alarm, alarm.centre, alarm.home, late.what, late.due_at as "dueAt" from (
    select alarm, track as what, due_at from escalation where due_at < ${LONG_AGO}
    union all
    select id, 'lease', until from alarm where handling in ('claimed', 'in-progress', 'parked') and until < ${LONG_AGO}
    union all
    select alarm, 'notification', due_at from notification
    where due_at < ${LONG_AGO} and urgent and not sending and tries = 0 and alarm is not null
      and not (purpose = 'stand-down' and exists (
        select from notification as asked where asked.alarm = notification.alarm and asked.track = notification.track
          and asked.recipient_kind = notification.recipient_kind and asked.recipient = notification.recipient and asked.sending))
    order by due_at limit ${lateLookedAtMax}
  ) as late join alarm on alarm.id = late.alarm
  where alarm.type <> '${OWN_TROUBLE}'
    and (alarm.handling <> 'closed' or late.due_at < (select app_now() - interval '${closedLateAfter} ms'))
  order by alarm.handling = 'closed', late.due_at limit ${rowsPerLookMax}`

/**
 * An alarm that somebody has locked is being worked on. Who holds it keeps the centre's track quiet, and not the one that watches over
 * who holds it; nor does a test.
 */
const UNWOKEN = `
  select alarm.id as alarm, alarm.centre, alarm.home, 'unwoken' as what, alarm.since as "dueAt"
  from alarm join escalation on escalation.alarm = alarm.id
  where alarm.handling <> 'closed' and alarm.class in ('life', 'hazard') and alarm.since < ${LONG_AGO}
    and escalation.state in ('quiet', 'ended') and escalation.due_at is null
    and case escalation.track
      when 'centre' then alarm.handling = 'new' and not alarm.test
      when 'long-lie' then alarm.l5 is null and (not alarm.test or (alarm.class = 'life' and alarm.handling = 'new')) end
  order by alarm.since limit ${rowsPerLookMax} for update of alarm skip locked`

type ForgottenRow = Omit<BegunAlarm, 'case' | 'episode'> &
  BegunAlarm['episode'] & { readonly class: BegunAlarm['case']['class'] }
const begun = ({ class: eventClass, lateByMs, test, ...alarm }: ForgottenRow): BegunAlarm => ({
  ...alarm,
  case: { class: eventClass },
  episode: { lateByMs, test },
})

const FORGOTTEN = `
  select id, centre, home, type, class, received_at as "receivedAt", late_by_ms::float8 as "lateByMs", test from alarm
  where handling <> 'closed' and class in ('life', 'hazard')
    and not exists (select from escalation where escalation.alarm = alarm.id and track = 'long-lie')
  order by received_at limit ${rowsPerLookMax} for update skip locked`
