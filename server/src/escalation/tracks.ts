import type { AlarmId, CentreId } from '@anju/contract'
import type { AskedConsole, Channel, Target, Track } from '@anju/contract/api'
import { allEnded } from '../all-ended.ts'
import { dueOf, type EscalationEffect, type Position, type Run, reconcile } from '../domain/escalation/run.ts'
import { inTurn } from '../domain/roster/order.ts'
import type { Transaction } from '../ports.ts'
import { askedOnce } from './asked-once.ts'
import { factsOf } from './facts.ts'
import type {
  AlarmDesk,
  AskedAlarm,
  Attempt,
  Failure,
  Ledger,
  LockedAlarm,
  Recipient,
  Roster,
  TrackEvidence,
} from './ports.ts'
import { dueRunsOf, lookAgainAfter, type StoredRun, saveRuns } from './runs.ts'

export interface GoingOn {
  readonly desk: AlarmDesk
  readonly ledger: Ledger
  readonly roster: Roster
}

/**
 * Everything that the tracks of these alarms have to do now; `only`: that one of each alone. The alarms are locked, and stay so:
 * what is read of one does not wait for what is read of another.
 */
export async function goOn(tx: Transaction, given: GoingOn, ids: readonly AlarmId[], only?: Track): Promise<void> {
  if (ids.length === 0) return
  const [alarms, runs] = await allEnded([given.desk.held(tx, ids), dueRunsOf(tx, ids, only)])
  const due = Map.groupBy(await looksAt(tx, given.ledger, runs), ({ alarm }) => alarm)
  const went = await allEnded(alarms.map((locked) => alarmOn(tx, given, locked, due.get(locked.alarm.id) ?? [])))
  saveRuns(
    tx,
    went.flatMap(({ changed }) => changed),
  )
  given.desk.write(
    tx,
    went.map(({ locked }) => locked),
  )
}

type Look = StoredRun & TrackEvidence

/** The tracks that are due, and what has become of those they asked. */
async function looksAt(tx: Transaction, ledger: Ledger, due: readonly StoredRun[]): Promise<readonly Look[]> {
  if (due.length === 0) return []
  return ledger.evidence(
    tx,
    due.map((stored) => ({ ...stored, position: stored.run.at === 'running' ? stored.run : null })),
  )
}

/** The alarm as it is then, and those of its tracks that are to be written down. */
async function alarmOn(
  tx: Transaction,
  given: GoingOn,
  before: LockedAlarm,
  due: readonly Look[],
): Promise<{ readonly locked: LockedAlarm; readonly changed: readonly StoredRun[] }> {
  const parts = { ...given, roster: askedOnce(given.roster) }
  const changed: StoredRun[] = []
  let locked = before
  for (const stored of due) {
    const after = await trackOn(tx, parts, locked, stored)
    locked = after.locked
    const again = after.isToLookAgain ? { lookAgainAt: lookAgainAfter(locked.now) } : {}
    if (after.run !== stored.run || stored.woken || after.isToLookAgain)
      changed.push({ ...stored, ...again, run: after.run })
  }
  return { locked, changed }
}

async function trackOn(
  tx: Transaction,
  parts: GoingOn,
  before: LockedAlarm,
  stored: Look,
): Promise<{ readonly locked: LockedAlarm; readonly run: Run; readonly isToLookAgain: boolean }> {
  const { desk, ledger } = parts
  const { track, policy } = stored
  const facts = factsOf(before, stored)
  const asked = askedOf(before)
  let locked = before
  let { run } = stored
  let isLeft = false
  const due = dueOf(run, facts.now)
  // A wave that finds nobody is over at once; a round ends in a wait, so this does, too.
  for (let wave = facts.wave; ; wave = []) {
    const decision = reconcile(run, track, policy, { ...facts, wave })
    if (decision.run === run) break
    if (wave.length > 0 && wave.every((one) => one === 'negative'))
      locked = await tellFailed(tx, parts, locked, track, stored.run)
    run = decision.run
    let awaited: readonly Attempt[] = []
    for (const effect of decision.effects)
      switch (effect.do) {
        case 'ask': {
          const attempts = await attemptsFor(tx, parts, locked, track, effect)
          awaited = await ledger.queue(tx, asked, track, effect, attempts)
          locked = tellAsked(desk, locked, track, effect, attempts)
          if (attempts.length > 0 && awaited.length === 0)
            locked = tellUndeliverable(desk, locked, track, effect, attempts.map(notSent))
          break
        }
        case 'withdraw':
          ledger.withdraw(tx, asked.alarm, track)
          break
        default:
          isLeft = await ledger.standDown(tx, asked, track, effect.because)
      }
    if (run.at !== 'running' || awaited.length > 0) break
    // Nobody is there to wait for: this wave was over when it could be asked, however late we look. A round that begins
    // now begins now.
    run = { ...run, until: run.round === stored.run.round ? due : facts.now }
  }
  if (run.at === 'waiting' && run !== stored.run)
    locked = await tellUnreached(tx, { desk, ledger }, locked, track, run.round)
  const over = run === stored.run ? overBecause(run, locked) : undefined
  if (over) isLeft = await ledger.standDown(tx, asked, track, over)
  if (run.at === 'ended' && track === 'centre' && locked.alarm.alsoCentres.length > 0)
    locked = desk.tell(locked, { kind: 'stood-down', detail: { centres: locked.alarm.alsoCentres } }, [])
  return { locked, run, isToLookAgain: isLeft || (stored.beside && run.at !== 'ended') }
}

/** Whoever the wave means at this moment and has not said yet that they cannot. */
async function attemptsFor(
  tx: Transaction,
  { ledger, roster }: GoingOn,
  locked: LockedAlarm,
  track: StoredRun['track'],
  ask: Ask,
): Promise<Attempt[]> {
  const whose = askedOf(locked)
  const first = await resolved(tx, roster, whose, ask.targets, 0, locked)
  const turn = ask.round > 0 && takesTurns(first, ask) ? await ledger.turnOf(tx, locked.alarm.id, track, ask) : 0
  const recipients = turn === 0 ? first : await resolved(tx, roster, whose, ask.targets, turn, locked)
  // Of a first wave nobody can have said anything, and of nobody nothing need be asked: a home without contacts has ten such waves.
  const declined =
    ask.wave > 0 && recipients.length > 0 ? await ledger.declined(tx, locked.alarm.id, track, ask) : NOBODY
  return recipients
    .filter((one) => !declined.has(keyOf(one)))
    .flatMap((recipient) => attemptsOf(recipient, ask.channels, recipient.turn ?? turn))
}

/**
 * Somebody else goes, or nobody need, and everybody has been told so: unless it has turned out since that one more was told to go,
 * or one has said since that they do. They must not arrive at a door that nobody opens.
 */
function overBecause(run: Run, { alarm }: LockedAlarm): 'accepted' | 'closed' | undefined {
  if (run.at === 'ended') return alarm.case.handling.at === 'closed' ? 'closed' : 'accepted'
  return run.at === 'quiet' && run.until !== null ? 'accepted' : undefined
}

type Ask = Extract<EscalationEffect, { readonly do: 'ask' }>

const NOBODY: ReadonlySet<string> = new Set()
const keyOf = ({ kind, id }: Recipient): string => `${kind} ${id}`

/** Two targets of one step may be one person: asked once. */
async function resolved(
  tx: Transaction,
  roster: Roster,
  whose: AskedAlarm,
  targets: readonly Target[],
  turn: number,
  { now }: LockedAlarm,
): Promise<readonly Recipient[]> {
  const found = new Map<string, Recipient>()
  const all = await allEnded(targets.map((target) => roster.resolve(tx, whose, target, now, turn)))
  for (const recipient of all.flat()) found.set(keyOf(recipient), recipient)
  return [...found.values()]
}

/** Whether there may be more than is asked at once. Most waves need not ask whose turn it is. */
const takesTurns = (found: readonly Recipient[], { targets, channels }: Ask): boolean =>
  found.length > 0 &&
  (targets.some(({ to }) => to === 'responders') ||
    found.some(({ ways }) => channels.some((channel) => ways.filter((way) => way.channel === channel).length > 1)))

/** One way on each channel, in their own order: the next time the next one, for the first may ring where nobody hears it. */
function attemptsOf(recipient: Recipient, channels: readonly Channel[], turn: number): Attempt[] {
  return channels.flatMap((channel) =>
    inTurn(
      recipient.ways.filter((way) => way.channel === channel),
      turn,
      1,
    ).map(({ one: { address } }) => ({ recipient, channel, address })),
  )
}

/**
 * What the log of the alarm says of a wave, and with it every console. The very first one, to the queue, is the alarm's own
 * arrival there and needs no second word. Another centre that is asked sees the alarm from here on.
 */
function tellAsked(
  desk: AlarmDesk,
  locked: LockedAlarm,
  track: StoredRun['track'],
  { round, step, wave }: Ask,
  attempts: readonly Attempt[],
): LockedAlarm {
  const arrival = track === 'centre' && round === 0 && step === 0 && wave === 0
  if (attempts.length === 0 || arrival) return locked
  const { centre, alsoCentres } = locked.alarm
  const asked = attempts.filter(({ recipient }) => recipient.kind === 'centre').map(({ recipient }) => recipient.id)
  const seeing = [...new Set([...alsoCentres, ...(asked as CentreId[])])].filter((one) => one !== centre)
  const recipients = attempts.map(({ recipient: { kind, id, name }, channel }) => ({ kind, id, name, channel }))
  const detail = { track, round, step, wave, recipients }
  return desk.tell(locked, { kind: 'escalated', detail, asked: consolesOf(attempts) }, seeing)
}

const consolesOf = (attempts: readonly Attempt[]): AskedConsole[] =>
  attempts.flatMap(({ channel, recipient: { kind, id } }) =>
    channel === 'console' && (kind === 'queue' || kind === 'centre' || kind === 'person') ? [{ kind, id }] : [],
  )
/** What the ledger says of an attempt that nobody here can send. */
const notSent = ({ recipient: { kind, id, name }, channel }: Attempt): Failure => ({
  kind,
  id,
  name,
  channel,
  why: 'no-provider',
})

/** Nobody of a wave was reached, and nobody is going to be: whoever looks at the alarm sees it, and why. */
function tellUndeliverable(
  desk: AlarmDesk,
  locked: LockedAlarm,
  track: Track,
  { round, step, wave }: Position,
  recipients: readonly Failure[],
): LockedAlarm {
  return desk.tell(locked, { kind: 'undeliverable', detail: { track, round, step, wave, recipients } })
}

/** Of the wave that was under way: why is in the ledger. */
async function tellFailed(
  tx: Transaction,
  { desk, ledger }: GoingOn,
  locked: LockedAlarm,
  track: Track,
  position: Position,
): Promise<LockedAlarm> {
  const recipients = await ledger.failures(tx, locked.alarm.id, track, position)
  // Withdrawn from all of them: then nothing has failed.
  return recipients.length === 0 ? locked : tellUndeliverable(desk, locked, track, position, recipients)
}

/** The log says that nobody can be reached, but not with every round anew: the next ones are no different until somebody is. */
async function tellUnreached(
  tx: Transaction,
  { desk, ledger }: Pick<GoingOn, 'desk' | 'ledger'>,
  locked: LockedAlarm,
  track: StoredRun['track'],
  round: number,
): Promise<LockedAlarm> {
  const of = askedOf(locked)
  if (!(await ledger.unreached(tx, of, track, round))) return locked
  if (round > 0 && (await ledger.unreached(tx, of, track, round - 1))) return locked
  return desk.tell(locked, { kind: 'unreached', detail: { track, round } })
}

const askedOf = ({ alarm }: LockedAlarm): AskedAlarm => ({
  alarm: alarm.id,
  centre: alarm.centre,
  home: alarm.home,
  keepsHours: alarm.case.class === 'technical',
  type: alarm.type,
  class: alarm.case.class,
  test: alarm.episode.test,
  openedAt: alarm.receivedAt,
})
