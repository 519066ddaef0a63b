import type { Evidence, Facts } from '../domain/escalation/run.ts'
import type { AttemptState, LockedAlarm, TrackEvidence } from './ports.ts'
import { standingOf } from './standing.ts'

/** What decides how a track goes on: the alarm as it stands, and what has become of whom the track asked. */
export function factsOf({ alarm, now }: LockedAlarm, { acceptedUntil, askedElsewhere, wave }: TrackEvidence): Facts {
  const people = Map.groupBy(wave, ({ recipient }) => recipient)
  // Another centre sees it by whichever track, and until it is over: who closed it there may undo that.
  const elsewhere = askedElsewhere || alarm.alsoCentres.length > 0
  return {
    ...standingOf(alarm),
    now,
    acceptedUntil,
    askedElsewhere: elsewhere,
    wave: [...people.values()].map(evidenceOf),
  }
}

/** One person on all the channels of a wave: an answer on any of them is theirs, and as long as one may get through, it is open. */
function evidenceOf(attempts: readonly AttemptState[]): Evidence {
  for (const answer of ['accepted', 'declined'] as const)
    if (attempts.some(({ state }) => state === answer)) return answer
  return attempts.every(lost) ? 'negative' : 'pending'
}

const lost = ({ state, retrying }: AttemptState): boolean => (state === 'failed' || state === 'cancelled') && !retrying
