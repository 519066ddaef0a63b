import { assertNever } from '@anju/contract'
import type { Channel, GapReason, ResponderKind, Target, TrackPolicy } from '@anju/contract/api'
import { dutiesIn, inForce, type Shift } from './shift.ts'
import { type Span, shared, uncovered } from './span.ts'
import { isReachable, type Means, type Way } from './ways.ts'

/** What is planned at one centre. */
export interface Staffing {
  readonly shifts: readonly Duty[]
  readonly supervisors: readonly Reachable[]
  /** Who goes to every home of the centre, at every hour. */
  readonly everywhere: readonly (Reachable & { readonly kind: ResponderKind })[]
  /** The centre's own: robots, the telephone of whoever is on call. */
  readonly ways: readonly Way[]
  readonly nextCentre: string | null
}
export interface Reachable {
  readonly ways: readonly Way[]
}
export interface Duty extends Reachable {
  readonly shift: Shift
  readonly isSupervisor: boolean
}

/** A time in which nobody would be reached, and what is missing. */
export interface Unstaffed extends Span {
  readonly why: GapReason
}

/** When somebody is meant, and when they can be reached as well. */
interface Reach {
  readonly meant: readonly Span[]
  readonly reached: readonly Span[]
}
const NOBODY: Reach = { meant: [], reached: [] }

/** What a person answers; a robot in a chat group or a webhook has nobody behind it that we know of. */
const ANSWERED: readonly Channel[] = ['voice', 'sms']

/**
 * When a centre's track reaches no person at all, in a window. A console counts while somebody is planned to sit at one, a
 * telephone while it is somebody's, not known to be dead, and a provider is configured that could ring it; a queue that nobody is planned to look at does not. Contacts do not
 * count: they are another for every home, and none is on duty. It looks at every edge of every shift, so no gap is too short
 * for it, nor one that only the night has on which the clocks change.
 */
export function readinessOf(staffings: ReadonlyMap<string, Staffing>, window: Span, means: Pick<Means, 'channels'>) {
  const known = new Map<Shift, Span[]>()
  const duties = ({ shift }: Duty): Span[] => {
    const spans = known.get(shift) ?? dutiesIn(shift, window)
    known.set(shift, spans)
    return spans
  }

  return (policy: TrackPolicy, centre: string): Unstaffed[] => {
    const reaches = policy.steps.flatMap(({ targets, waves }) => {
      const named = waves.flatMap((wave) => wave.channels)
      const channels = named.filter((channel) => channel === 'console' || means.channels.has(channel))
      return targets.map((target) => reach(target, channels, centre))
    })
    const gaps = uncovered(
      window,
      reaches.flatMap(({ reached }) => reached),
    )
    return gaps.flatMap((gap) =>
      explained(
        gap,
        reaches.flatMap(({ meant }) => meant),
      ),
    )
  }

  function reach(target: Target, channels: readonly Channel[], centre: string): Reach {
    const staffing = staffings.get(centre)
    if (!staffing) return NOBODY
    const { shifts, supervisors, everywhere, nextCentre } = staffing
    switch (target.to) {
      case 'queue':
        return atWork(shifts.filter(sitsAtConsole), channels, true)
      case 'seat':
        return atWork(
          shifts.filter(({ shift }) => shift.kind === 'seat' && shift.seat === target.seat),
          channels,
          true,
        )
      case 'shift':
        return atWork(
          shifts.filter(({ shift }) => shift.kind === target.shift),
          channels,
          target.shift !== 'on-call',
        )
      case 'supervisors': {
        const planned = shifts.filter(({ shift }) => shift.kind === 'supervisor')
        const unplanned = uncovered(
          window,
          planned.map(({ shift }) => inForce(shift)),
        )
        return together([
          atWork(
            planned.filter(({ isSupervisor }) => isSupervisor),
            channels,
            true,
          ),
          // Nobody says that any of them is at a console.
          ...supervisors.map((one) => anyTime(one, channels, unplanned)),
        ])
      }
      case 'responders':
        return together(
          everywhere
            .filter(({ kind }) => target.kind === undefined || kind === target.kind)
            .map((one) => anyTime(one, channels, [window])),
        )
      case 'contact':
      case 'contacts':
        return NOBODY
      case 'centre':
        return otherCentre(target.centre, channels)
      case 'next-centre':
        return nextCentre === null ? NOBODY : otherCentre(nextCentre, channels)
      default:
        return assertNever(target)
    }
  }

  function otherCentre(id: string, channels: readonly Channel[]): Reach {
    const staffing = staffings.get(id)
    if (!staffing) return NOBODY
    const answered = staffing.ways.filter(({ channel }) => ANSWERED.includes(channel))
    return together([
      atWork(
        staffing.shifts.filter(sitsAtConsole),
        channels.filter((channel) => channel === 'console'),
        true,
      ),
      ...(answered.length > 0 ? [anyTime({ ways: answered }, channels, [window])] : []),
    ])
  }

  function atWork(staff: readonly Duty[], channels: readonly Channel[], atConsole: boolean): Reach {
    return together(
      staff.map((one) => {
        const meant = duties(one)
        const reached = (atConsole && channels.includes('console')) || isReachable(one.ways, channels)
        return { meant, reached: reached ? meant : [] }
      }),
    )
  }
}

const sitsAtConsole = ({ shift }: Duty): boolean => shift.kind !== 'on-call'

const anyTime = ({ ways }: Reachable, channels: readonly Channel[], when: readonly Span[]): Reach => ({
  meant: when,
  reached: isReachable(ways, channels) ? when : [],
})

const together = (reaches: readonly Reach[]): Reach => ({
  meant: reaches.flatMap(({ meant }) => meant),
  reached: reaches.flatMap(({ reached }) => reached),
})

/** A gap in which somebody is meant and cannot be reached is mended with a telephone number; the others with a shift. */
function explained(gap: Span, meant: readonly Span[]): Unstaffed[] {
  const nobody = uncovered(gap, meant).map((span) => ({ ...span, why: 'nobody-on-duty' as const }))
  const unreachable = uncovered(gap, nobody).flatMap((span) => {
    const within = shared(gap, span)
    return within ? [{ ...within, why: 'no-living-way' as const }] : []
  })
  return [...nobody, ...unreachable].sort((one, other) => one.from - other.from)
}
