import { assertNever, type Instant, plus, seconds } from '@anju/contract'
import type { Channel, HandlingState, Target, Track, TrackPolicy } from '@anju/contract/api'

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
  /** Closed, and the close can still be undone. */
  | ({ readonly at: 'ending'; readonly until: Instant } & Position)
  | ({ readonly at: 'ended' } & Position)

export interface Position {
  readonly round: number
  readonly step: number
  readonly wave: number
}

/** How one attempt of the wave under way stands, as far as the escalation asks. */
export type Evidence = 'pending' | 'negative'

/** All that decides, read under the alarm's lock. */
export interface Facts {
  readonly now: Instant
  readonly handling: HandlingState
  /** Until when the close can be undone; null while the alarm is open. */
  readonly undoUntil: Instant | null
  /** L5: contact was made, or a responder is on the way. */
  readonly contactMade: boolean
  /** Every occurrence so far was a test: then nobody outside the centre's own consoles is asked. */
  readonly test: boolean
  /** Somebody asked by this track accepted, and keeps it quiet until then. */
  readonly acceptedUntil: Instant | null
  /** The attempts of the wave under way; none when it had nobody to reach. */
  readonly wave: readonly Evidence[]
}

export type EscalationEffect =
  /** Resolve the targets, and queue an attempt for each of them on each of the channels they have. */
  | ({
      readonly do: 'ask'
      readonly targets: readonly Target[]
      readonly channels: readonly Channel[]
    } & Position)
  /** What was queued and has not left is not sent any more. */
  | { readonly do: 'withdraw' }
  /** Everybody who was told to go hears that they need not: all but who accepted, or all when the alarm is closed. */
  | { readonly do: 'stand-down'; readonly because: 'accepted' | 'closed' }

export interface Reconciled {
  readonly run: Run
  readonly effects: readonly EscalationEffect[]
}

/** Before the first wave of the first step. */
const START: Position = { round: 0, step: 0, wave: -1 }

export const begin = (openedAt: Instant, policy: TrackPolicy): Run => ({
  at: 'starting',
  until: plus(openedAt, seconds(policy.startAfterS)),
  ...START,
})

/**
 * What has to be done now, given how things are. Level-triggered: called once too often it does nothing, called late it catches
 * up; whoever calls it saves the run and the effects in one transaction. It closes nothing and never gives up: short of a person
 * who has it, there is always a next wave, or a time at which the next round begins.
 */
export function reconcile(run: Run, track: Track, policy: TrackPolicy, facts: Facts): Reconciled {
  if (facts.undoUntil !== null) return closing(run, facts.undoUntil, facts.now)
  if (track === 'long-lie' && facts.contactMade)
    return run.at === 'ended' ? same(run) : { run: { ...positionOf(run), at: 'ended' }, effects: [{ do: 'withdraw' }] }
  const quiet = quietUntil(run, track, policy, facts)
  if (quiet !== undefined) return silenced(run, quiet)
  switch (run.at) {
    case 'starting':
      return facts.now >= run.until ? ask(waveAfter(run, policy), policy, facts) : same(run)
    case 'running':
      return facts.now >= run.until || facts.wave.every((one) => one === 'negative')
        ? ask(waveAfter(run, policy), policy, facts)
        : same(run)
    case 'waiting':
      return facts.now >= run.until ? ask(anew(run), policy, facts) : same(run)
    case 'quiet':
      return ask(resumed(run, track, policy), policy, facts)
    case 'ending':
    case 'ended':
      return ask(anew(run), policy, facts)
    default:
      return assertNever(run)
  }
}

/** Where the track goes by itself from here when nobody does anything: what a console counts down to. */
export function foreseen(run: Run, policy: TrackPolicy): { readonly at: Instant; readonly position: Position } | null {
  switch (run.at) {
    case 'starting':
      return { at: run.until, position: waveAfter(run, policy) }
    case 'running': {
      const after = waveAfter(run, policy)
      return isOver(after, policy)
        ? { at: plus(run.until, seconds(policy.repeatAfterS)), position: anew(run) }
        : { at: run.until, position: after }
    }
    case 'waiting':
      return { at: run.until, position: anew(run) }
    case 'quiet': {
      if (run.until === null) return null
      const after = stepAfter(run)
      return { at: run.until, position: isOver(after, policy) ? anew(run) : after }
    }
    case 'ending':
    case 'ended':
      return null
    default:
      return assertNever(run)
  }
}

function closing(run: Run, undoUntil: Instant, now: Instant): Reconciled {
  if (run.at === 'ended') return same(run)
  if (now >= undoUntil)
    return {
      run: { ...positionOf(run), at: 'ended' },
      effects: [{ do: 'withdraw' }, { do: 'stand-down', because: 'closed' }],
    }
  if (run.at === 'ending' && run.until === undoUntil) return same(run)
  return { run: { ...positionOf(run), at: 'ending', until: undoUntil }, effects: [{ do: 'withdraw' }] }
}

/** Undefined: nobody has it. Null: until they give it back. */
function quietUntil(run: Run, track: Track, policy: TrackPolicy, facts: Facts): Instant | null | undefined {
  if (facts.acceptedUntil !== null && facts.now < facts.acceptedUntil) return facts.acceptedUntil
  if (facts.test && !usesConsoles(policy)) return null
  // What leaves with the alarm itself leaves, however quick the claim: whether it does must not be a matter of milliseconds.
  if (run.at === 'starting' && policy.startAfterS === 0) return undefined
  const held = facts.handling !== 'new'
  if (held && (track === 'centre' || (track === 'family' && policy.quietWhileHeld))) return null
  return undefined
}

const usesConsoles = ({ steps }: TrackPolicy): boolean =>
  steps.some(({ waves }) => waves.some(({ channels }) => channels.includes('console')))

function silenced(run: Run, until: Instant | null): Reconciled {
  if (run.at === 'quiet' && run.until === until) return same(run)
  const becomes: Run = { ...positionOf(run), at: 'quiet', until }
  return {
    run: becomes,
    effects: until === null ? [{ do: 'withdraw' }] : [{ do: 'withdraw' }, { do: 'stand-down', because: 'accepted' }],
  }
}

/** Once more from where it was broken off: the people of the centre from the beginning, the family from whom it had come to. */
function resumed(run: Extract<Run, { at: 'quiet' }>, track: Track, policy: TrackPolicy): Position {
  if (track === 'centre' && run.wave >= 0) return anew(run)
  return run.until === null ? waveAfter(run, policy) : stepAfter(run)
}

/** Asks at a position, or at the first one after it that this alarm may ask at. */
function ask(given: Position, policy: TrackPolicy, facts: Facts): Reconciled {
  for (let at = given; !isOver(at, policy); at = waveAfter(at, policy)) {
    const wave = waveAt(policy, at)
    const channels = wave?.channels.filter((channel) => channel === 'console' || !facts.test) ?? []
    if (wave && channels.length > 0)
      return {
        run: { ...at, at: 'running', until: plus(facts.now, seconds(wave.timeoutS)) },
        effects: [{ do: 'ask', ...at, channels, targets: policy.steps[at.step]?.targets ?? [] }],
      }
  }
  const until = plus(facts.now, seconds(policy.repeatAfterS))
  return { run: { round: given.round, step: policy.steps.length, wave: 0, at: 'waiting', until }, effects: [] }
}

export const waveAt = ({ steps }: TrackPolicy, { step, wave }: Position) => steps[step]?.waves[wave]

/** Past the last step: this round is over. */
const isOver = ({ step }: Position, { steps }: TrackPolicy): boolean => step >= steps.length

function waveAfter({ round, step, wave }: Position, { steps }: TrackPolicy): Position {
  return wave + 1 < (steps[step]?.waves.length ?? 0)
    ? { round, step, wave: wave + 1 }
    : stepAfter({ round, step, wave })
}
const stepAfter = ({ round, step }: Position): Position => ({ round, step: step + 1, wave: 0 })
const anew = ({ round }: Position): Position => ({ round: round + 1, step: 0, wave: 0 })

const positionOf = ({ round, step, wave }: Position): Position => ({ round, step, wave })
const same = (run: Run): Reconciled => ({ run, effects: [] })
