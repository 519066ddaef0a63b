import type { AlarmId, Instant } from '@anju/contract'
import type { Track, TrackPolicy } from '@anju/contract/api'
import { allEnded } from '../all-ended.ts'
import { isLastResort, lastResort, wakesOffDuty } from '../domain/escalation/last-resort.ts'
import { dueOf, inForce, type Run, reconcile } from '../domain/escalation/run.ts'
import type { Transaction } from '../ports.ts'
import { askedOnce } from './asked-once.ts'
import { Decided } from './decided.ts'
import { tellAsked, tellFailed, tellUndeliverable, tellUnreached } from './entries.ts'
import { factsOf } from './facts.ts'
import type { AlarmDesk, Attempt, EndedTrack, Failure, Ledger, LockedAlarm, Roster, TrackEvidence } from './ports.ts'
import { dueRunsOf, lookAgainAfter, type StoredRun, saveRuns } from './runs.ts'
import { type Ask, askedOf, attemptsFor } from './wave.ts'

export interface GoingOn {
  readonly desk: AlarmDesk
  readonly ledger: Ledger
  readonly roster: Roster
}
/** What the tracks of one transaction share. */
interface Going extends GoingOn {
  readonly decided: Decided
}

/**
 * Everything that the tracks of these alarms have to do now; `only`: that one of each alone. The alarms are locked, and stay so:
 * what is read of one does not wait for what is read of another.
 */
export async function goOn(tx: Transaction, given: GoingOn, ids: readonly AlarmId[], only?: Track): Promise<void> {
  if (ids.length === 0) return
  const [alarms, runs] = await allEnded([given.desk.held(tx, ids), dueRunsOf(tx, ids, only)])
  const due = Map.groupBy(await looksAt(tx, given.ledger, runs), ({ alarm }) => alarm)
  const going: Going = { ...given, roster: askedOnce(given.roster), decided: new Decided(tx, given.ledger) }
  const went = await allEnded(alarms.map((locked) => alarmOn(tx, going, locked, due.get(locked.alarm.id) ?? [])))
  going.decided.write()
  const ended = went.flatMap(({ tracks }) => tracks.flatMap((track) => track.ended ?? []))
  const left = new Set(await given.ledger.standDown(tx, ended))
  saveRuns(
    tx,
    went.flatMap(({ locked, tracks }) => tracks.flatMap((track) => changed(track, left, locked.now) ?? [])),
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

/** A track that was looked at, as it is then. */
interface Went {
  readonly stored: Look
  readonly run: Run
  /** Its people are told that they need not go. */
  readonly ended: EndedTrack | undefined
}

/** What is to be written down of a track, if anything is. */
function changed({ stored, run, ended }: Went, left: ReadonlySet<EndedTrack>, now: Instant): StoredRun | undefined {
  const isOver = run.at === 'ending' || run.at === 'ended'
  const isToLookAgain = (ended !== undefined && left.has(ended)) || (stored.beside && !isOver)
  if (isToLookAgain) return { ...stored, run, lookAgainAt: lookAgainAfter(now) }
  return run !== stored.run || stored.woken ? { ...stored, run } : undefined
}

/** The alarm as it is then, and its tracks. */
async function alarmOn(
  tx: Transaction,
  going: Going,
  before: LockedAlarm,
  due: readonly Look[],
): Promise<{ readonly locked: LockedAlarm; readonly tracks: readonly Went[] }> {
  const tracks: Went[] = []
  let locked = before
  for (const stored of due) {
    const after = await trackOn(tx, going, locked, stored)
    locked = after.locked
    tracks.push(after.went)
  }
  return { locked, tracks }
}

async function trackOn(
  tx: Transaction,
  going: Going,
  before: LockedAlarm,
  stored: Look,
): Promise<{ readonly locked: LockedAlarm; readonly went: Went }> {
  const { desk, decided } = going
  const { track } = stored
  const facts = factsOf(before, stored)
  const policy = inForce(track, stored.policy, facts)
  const asked = askedOf(before)
  let locked = before
  let { run } = stored
  let because: EndedTrack['because'] | undefined
  const due = dueOf(run, facts.now)
  // A wave that finds nobody is over at once; a round ends in a wait, so this does, too.
  for (let wave = facts.wave; ; wave = []) {
    const decision = reconcile(run, track, policy, { ...facts, wave })
    if (decision.run === run) break
    if (wave.length > 0 && wave.every((one) => one === 'negative'))
      locked = await tellFailed(tx, going, locked, track, stored.run)
    run = decision.run
    let awaited: readonly Attempt[] = []
    for (const effect of decision.effects)
      switch (effect.do) {
        case 'ask': {
          const asking = await ask(tx, going, locked, track, effect)
          locked = asking.locked
          awaited = asking.awaited
          break
        }
        case 'withdraw':
          decided.withdraw({ alarm: asked.alarm, track })
          break
        default:
          because = effect.because
      }
    if (run.at !== 'running' || awaited.length > 0) break
    // Nobody is there to wait for: this wave was over when it could be asked, however late we look. A round that begins
    // now begins now.
    run = { ...run, until: run.round === stored.run.round ? due : facts.now }
  }
  if (run.at === 'waiting' && run !== stored.run && !hasAskedAll(stored.run, policy, run)) {
    decided.writeBeforeReading({ alarm: asked.alarm, track })
    const told = await tellUnreached(tx, going, locked, { track, policy }, run.round)
    locked = told.locked
    if (told.unreached && wakesOffDuty(track, asked)) {
      const last = lastResort(run, policy, facts.now)
      const asking = await ask(tx, going, locked, track, last.ask)
      locked = asking.locked
      if (asking.awaited.length > 0) run = last.run
    }
  }
  if (run === stored.run) because = overBecause(run, locked)
  if (run.at === 'ended' && track === 'centre' && locked.alarm.alsoCentres.length > 0)
    locked = desk.tell(locked, { kind: 'stood-down', detail: { centres: locked.alarm.alsoCentres } }, [])
  const ended = because && { alarm: asked.alarm, track, because }
  return { locked, went: { stored, run, ended } }
}

/** The round has come to its very end: also who is off duty was asked in it. */
const hasAskedAll = (before: Run, policy: TrackPolicy, { round }: Run): boolean =>
  before.round === round && isLastResort(before, policy)

/** Queues a wave, and tells of it; `awaited`: whose answer there is to wait for. */
async function ask(
  tx: Transaction,
  going: Going,
  locked: LockedAlarm,
  track: Track,
  given: Ask,
): Promise<{ readonly locked: LockedAlarm; readonly awaited: readonly Attempt[] }> {
  const { desk, ledger, decided } = going
  const alarm = askedOf(locked)
  if (given.round > 0) decided.writeBeforeReading({ alarm: alarm.alarm, track })
  const attempts = await attemptsFor(tx, going, locked, track, given)
  decided.ask({ alarm, track, position: given, attempts })
  const awaited = ledger.awaited(attempts)
  const told = tellAsked(desk, locked, track, given, attempts)
  const inVain = attempts.length > 0 && awaited.length === 0
  return { awaited, locked: inVain ? tellUndeliverable(desk, told, track, given, attempts.map(notSent)) : told }
}

/** What the ledger says of an attempt that nobody here can send. */
const notSent = ({ recipient: { kind, id, name }, channel }: Attempt): Failure => ({
  kind,
  id,
  name,
  channel,
  why: 'no-provider',
})

/**
 * Somebody else goes, or nobody need, and everybody has been told so: unless it has turned out since that one more was told to go,
 * or one has said since that they do. They must not arrive at a door that nobody opens.
 */
function overBecause(run: Run, { alarm }: LockedAlarm): 'accepted' | 'closed' | undefined {
  if (run.at === 'ended') return alarm.case.handling.at === 'closed' ? 'closed' : 'accepted'
  return run.at === 'quiet' && run.until !== null ? 'accepted' : undefined
}
