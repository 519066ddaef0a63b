import { assertNever, type Brand, type EventClass, type Instant, plus, seconds } from '@anju/contract'
import { type Channel, type HandlingState, type Target, TRACKS, type Track, type TrackPolicy } from '@anju/contract/api'
import { IS_IT_REAL } from './standard.ts'

/** Where one track of one alarm stands. Rounds, steps and waves count from 0; a round is every step once. */
export type Run =
  /** Nothing was asked yet; the first wave leaves at `until`. */
  | ({ readonly at: 'starting'; readonly until: Instant } & Position)
  /** A wave is under way: acceptance is waited for until `until`. */
  | ({ readonly at: 'running'; readonly until: Instant } & Position)
  /** Every step was taken and nobody accepted: the next round begins at `until`. */
  | ({ readonly at: 'waiting'; readonly until: Instant } & Position)
  /** Somebody has it: who accepted, until then; null while an operator holds or has parked the alarm. */
  | ({ readonly at: 'quiet'; readonly until: Instant | null } & Position)
  /** Closed, and the close can still be undone: whoever is to hear that it is over hears it then. */
  | ({ readonly at: 'ending'; readonly until: Instant } & Position)
  | ({ readonly at: 'ended' } & Position)

export interface Position {
  readonly round: number
  readonly step: number
  /** -1: nothing of this step was asked yet. */
  readonly wave: number
}

/**
 * How one person of the wave under way stands, on however many channels they were asked. Negative: no attempt can reach them
 * any more. Declined and accepted are answers: another channel would only ask the same person again.
 */
export type Evidence = 'pending' | 'negative' | 'declined' | 'accepted'

/** What the alarm itself says, read under its lock. */
export interface Standing {
  readonly class: EventClass
  readonly openedAt: Instant
  /** Since when somebody should have been reached: of who lies on a floor, since they do. */
  readonly contactDueFrom: Instant
  readonly handling: HandlingState
  /** Of a closed alarm: until when that can be undone; null when it cannot. */
  readonly undoUntil: Instant | null
  /** L5: contact was made, or a responder is on the way. */
  readonly contactMade: boolean
  /** Every occurrence so far was a test: nobody outside the centre is asked, and by telephone only whether it is one. */
  readonly test: boolean
}

/** All that decides. */
export interface Facts extends Standing {
  readonly now: Instant
  /** Somebody asked by this track accepted, and keeps it quiet until then. */
  readonly acceptedUntil: Instant | null
  /** The people of the wave under way; none when it had nobody to reach. */
  readonly wave: readonly Evidence[]
  /** Of a closed alarm: the track asked somebody elsewhere than at the centre's own consoles, or they answered in the app; or another centre sees it. */
  readonly askedElsewhere: boolean
}

export type EscalationEffect =
  /** Resolve the targets, and queue an attempt for each of them on each of the channels they have. */
  | ({ readonly do: 'ask' } & Asking & Position)
  /** What was queued and has not left is not sent any more. */
  | { readonly do: 'withdraw' }
  /** Everybody who was told to go hears that they need not: all but who accepted, or all when the alarm is closed. */
  | { readonly do: 'stand-down'; readonly because: 'accepted' | 'closed' }

interface Asking {
  readonly targets: readonly Target[]
  readonly channels: readonly Channel[]
}

export interface Reconciled {
  readonly run: Run
  readonly effects: readonly EscalationEffect[]
}

/** What a track goes by at this moment: who decides and who acts on it must not go by two. */
export type PolicyInForce = Brand<TrackPolicy, 'PolicyInForce'>

/** What happens in a test is asked about, and not handled. */
export const inForce = (track: Track, policy: TrackPolicy, { test }: Pick<Standing, 'test'>): PolicyInForce =>
  (track === 'long-lie' && test ? IS_IT_REAL : policy) as PolicyInForce

/** Before the first wave of the first step. */
const START: Position = { round: 0, step: 0, wave: -1 }

export const begin = (from: Instant, policy: TrackPolicy): Extract<Run, { at: 'starting' }> => ({
  at: 'starting',
  until: plus(from, seconds(policy.startAfterS)),
  ...START,
})

/**
 * What has to be done now, given how things are. Level-triggered: called once too often it does nothing, called late it catches
 * up; whoever calls it saves the run and the effects in one transaction. It closes nothing and never gives up: short of a person
 * who has it, there is always a next wave, or a time at which the next round begins.
 */
export function reconcile(run: Run, track: Track, policy: PolicyInForce, facts: Facts): Reconciled {
  const { now } = facts
  if (facts.handling === 'closed') return closing(run, track, policy, facts)
  if (track === 'long-lie' && facts.contactMade) return ended(run, 'accepted')
  const quiet = quietUntil(run, track, policy, facts)
  if (quiet !== undefined) return silenced(run, track, policy, facts, quiet)
  const due = dueOf(run, now)
  switch (run.at) {
    case 'starting':
      return now >= run.until ? leaving(run, track, policy, facts, due) : same(run)
    case 'running': {
      const isAnswer = (one: Evidence) => one === 'declined' || one === 'accepted'
      if (facts.wave.length > 0 && facts.wave.every(isAnswer)) return ask(stepAfter(run), policy, facts, due)
      return now >= run.until || !facts.wave.includes('pending')
        ? ask(waveAfter(run, policy), policy, facts, due)
        : same(run)
    }
    case 'waiting':
      return now >= run.until ? ask(anew(run), policy, facts) : same(run)
    case 'quiet':
    case 'ending':
    case 'ended': {
      const start = begin(track === 'long-lie' ? facts.contactDueFrom : facts.openedAt, policy)
      return isStart(run) && now < start.until
        ? { run: start, effects: [] }
        : ask(waveAfter(run, policy), policy, facts, due)
    }
    default:
      return assertNever(run)
  }
}

/**
 * Whom the track asks next when nobody does anything, and when: what a console counts down to. Found by going there, so that it
 * is what then happens.
 */
export function foreseen(
  run: Run,
  track: Track,
  policy: PolicyInForce,
  standing: Standing,
): ({ readonly at: Instant } & Asking & Position) | null {
  if (run.at === 'ended' || run.until === null) return null
  const then = reconcile(run, track, policy, {
    ...standing,
    now: run.until,
    acceptedUntil: null,
    wave: ['pending'],
    askedElsewhere: true,
  })
  const asked = then.effects.find((effect) => effect.do === 'ask')
  if (asked) return { ...asked, at: run.until }
  return then.run.at === 'waiting' ? foreseen(then.run, track, policy, standing) : null
}

function closing(run: Run, track: Track, policy: TrackPolicy, facts: Facts): Reconciled {
  const { undoUntil: until, now, askedElsewhere } = facts
  if (until === null || now >= until) return ended(run, 'closed')
  const isDone = askedElsewhere ? run.at === 'ending' && run.until === until : run.at === 'ended'
  if (isDone) return same(run)
  const position = broken(run, track, policy, facts)
  // What waits is the word that nobody need go. Where nobody would get it, nothing does.
  const closed: Run = askedElsewhere ? { ...position, at: 'ending', until } : { ...position, at: 'ended' }
  return { run: closed, effects: [{ do: 'withdraw' }] }
}

/**
 * The tracks that go on otherwise by what has become of the alarm. Who has it is nothing to the clock that runs until somebody was
 * reached, unless it is a test.
 */
export const concernedBy = (before: Standing, after: Standing): readonly Track[] =>
  before.handling !== 'closed' && after.handling !== 'closed' && before.contactMade === after.contactMade && !after.test
    ? ['centre', 'family']
    : TRACKS

const ended = (run: Run, because: 'accepted' | 'closed'): Reconciled =>
  run.at === 'ended'
    ? same(run)
    : {
        run: { ...positionOf(run), at: 'ended' },
        effects: [{ do: 'withdraw' }, { do: 'stand-down', because }],
      }

/** Undefined: nobody has it. Null: until they give it back. */
function quietUntil(run: Run, track: Track, policy: TrackPolicy, facts: Facts): Instant | null | undefined {
  if (facts.acceptedUntil !== null && facts.now < facts.acceptedUntil) return facts.acceptedUntil
  if (facts.test && track === 'long-lie') return facts.class === 'life' && facts.handling === 'new' ? undefined : null
  if (facts.test && !asksOwnConsoles(policy)) return null
  if (leavesWithAlarm(run, policy)) return undefined
  const held = facts.handling !== 'new'
  if (held && (track === 'centre' || (track === 'family' && policy.quietWhileHeld))) return null
  return undefined
}

/** It leaves, however quick the claim: whether it does must not be a matter of milliseconds. */
const leavesWithAlarm = (run: Run, policy: TrackPolicy): boolean => run.at === 'starting' && policy.startAfterS === 0

/**
 * Who has it already when it leaves keeps it quiet from there on, as who takes it a moment later does. A second look would find so,
 * but nobody looks again before it is given back: then it would sit out this wave, in which nobody is to be waited for any more.
 */
function leaving(run: Run, track: Track, policy: TrackPolicy, facts: Facts, due: Instant): Reconciled {
  const asked = ask(waveAfter(run, policy), policy, facts, due)
  const quiet = quietUntil(asked.run, track, policy, facts)
  if (quiet === undefined) return asked
  const rest = silenced(asked.run, track, policy, { ...facts, wave: [] }, quiet)
  return { run: rest.run, effects: [...asked.effects, ...rest.effects] }
}

function silenced(run: Run, track: Track, policy: TrackPolicy, facts: Facts, until: Instant | null): Reconciled {
  if (run.at === 'quiet' && run.until === until) return same(run)
  const quiet: Run = { ...broken(run, track, policy, facts), at: 'quiet', until }
  if (until !== null) return { run: quiet, effects: [{ do: 'withdraw' }, { do: 'stand-down', because: 'accepted' }] }
  // What leaves with the alarm is not called back by a claim, either.
  const first = policy.startAfterS === 0 && run.round === 0 && run.step === 0 && run.wave === 0
  return { run: quiet, effects: first ? [] : [{ do: 'withdraw' }] }
}

/**
 * Where a track goes on that is broken off here: the people of the centre from the beginning; the family with whom it had come
 * to, asked anew, for they may have had a second of their time; or with the next when it is they who accepted.
 */
function broken(run: Run, track: Track, policy: TrackPolicy, { wave }: Facts): Position {
  if (run.wave < 0) return positionOf(run)
  const accepted = wave.includes('accepted')
  const step = accepted ? run.step + 1 : run.step
  return track === 'centre' || step >= policy.steps.length
    ? before(anew(run))
    : before({ round: accepted ? run.round : run.round + 1, step })
}

/** Since when what it waited for is over: whatever the wait, a late look does not begin it anew. */
export const dueOf = (run: Run, now: Instant): Instant =>
  run.at !== 'ended' && run.until !== null && run.until < now ? run.until : now

/** Asks at a position, or at the first one after it that this alarm may ask at. `due` is since when it may. */
function ask(given: Position, policy: TrackPolicy, facts: Facts, due: Instant = facts.now): Reconciled {
  const { now } = facts
  for (let at = given; at.step < policy.steps.length; at = waveAfter(at, policy)) {
    const { targets, channels } = askingAt(policy, at, facts.test && policy !== IS_IT_REAL)
    if (targets.length > 0 && channels.length > 0)
      return {
        run: { ...at, at: 'running', until: plus(now, seconds(waveAt(policy, at)?.timeoutS ?? 0)) },
        effects: [{ do: 'ask', ...at, channels, targets }],
      }
  }
  // A late look makes the pause between two rounds no longer.
  const until = plus(due, seconds(policy.repeatAfterS))
  return now >= until
    ? ask(anew(given), policy, facts)
    : { run: { round: given.round, step: policy.steps.length, wave: 0, at: 'waiting', until }, effects: [] }
}

const waveAt = ({ steps }: TrackPolicy, { step, wave }: Position) => steps[step]?.waves[wave]

/** Another centre's console is not ours. */
const OWN: readonly Target['to'][] = ['queue', 'seat', 'supervisors', 'shift']
function askingAt(policy: TrackPolicy, at: Position, test: boolean): Asking {
  const targets = policy.steps[at.step]?.targets ?? []
  const channels = waveAt(policy, at)?.channels ?? []
  if (!test) return { targets, channels }
  return {
    targets: targets.filter(({ to }) => OWN.includes(to)),
    channels: channels.filter((channel) => channel === 'console'),
  }
}
const asksOwnConsoles = ({ steps }: TrackPolicy): boolean =>
  steps.some(
    ({ targets, waves }) =>
      targets.some(({ to }) => OWN.includes(to)) && waves.some(({ channels }) => channels.includes('console')),
  )

function waveAfter({ round, step, wave }: Position, { steps }: TrackPolicy): Position {
  return wave + 1 < (steps[step]?.waves.length ?? 0)
    ? { round, step, wave: wave + 1 }
    : stepAfter({ round, step, wave })
}
const stepAfter = ({ round, step }: Position): Position => ({ round, step: step + 1, wave: 0 })
const anew = ({ round }: Position): Position => ({ round: round + 1, step: 0, wave: 0 })
const before = ({ round, step }: Omit<Position, 'wave'>): Position => ({ round, step, wave: -1 })
const isStart = ({ round, step, wave }: Position): boolean => round === 0 && step === 0 && wave < 0

const positionOf = ({ round, step, wave }: Position): Position => ({ round, step, wave })
const same = (run: Run): Reconciled => ({ run, effects: [] })
