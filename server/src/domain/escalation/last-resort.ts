import { type EventClass, type Instant, plus, seconds } from '@anju/contract'
import { CHANNELS, type Channel, type Target, type Track, type TrackPolicy } from '@anju/contract/api'
import type { Position, Run } from './run.ts'

/**
 * Every supervisor of the centre and whoever is on call there, whatever their shift says. No policy names them: they are asked when
 * a whole round of one has reached nobody.
 */
export const OFF_DUTY = { to: 'off-duty' } as const
export type AskedTarget = Target | typeof OFF_DUTY

/** For so long their acceptance is waited for. */
const acceptanceS = 60
/** All at once: there is nobody after them. */
const channels: readonly Channel[] = CHANNELS

export interface LastAsking extends Position {
  readonly targets: readonly AskedTarget[]
  readonly channels: readonly Channel[]
}

/** What the centre finds of itself: nobody is being asked who should have been. It goes to people as a life alarm does. */
export const OWN_TROUBLE = 'escalation-late'

interface Concerned {
  readonly class: EventClass
  readonly type: string
  readonly test: boolean
}
/** Whether people are woken who are off duty: not for what else is technical, and for a test only to say whether it is one. */
export const wakesOffDuty = (track: Track, { class: of, type, test }: Concerned): boolean =>
  (track === 'long-lie' || (track === 'centre' && !test)) && (of !== 'technical' || type === OWN_TROUBLE)

/** What comes after the last step of a round that reached nobody; then the round is over as ever, and the next one begins. */
export function lastResort({ round }: Position, { steps }: TrackPolicy, now: Instant): { run: Run; ask: LastAsking } {
  const position = { round, step: steps.length, wave: 0 }
  return {
    run: { ...position, at: 'running', until: plus(now, seconds(acceptanceS)) },
    ask: { ...position, targets: [OFF_DUTY], channels },
  }
}

export const isLastResort = ({ at, step }: Run, { steps }: TrackPolicy): boolean =>
  at === 'running' && step >= steps.length
