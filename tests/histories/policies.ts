import { integerBetween, type Random } from '@anju/contract'
import type { Channel, EscalationPolicy, Step, Target, TrackPolicy, Wave } from '@anju/contract/api'

/** What a centre's administrator may write: any policy whose steps ask each person once on each channel. */
export function anyPolicy(random: Random): EscalationPolicy {
  const one = <T>(of: readonly T[]): T => of[integerBetween(random, 0, of.length - 1)] as T
  const steps = (kinds: readonly (readonly [Target, readonly Channel[]])[]): Step[] =>
    Array.from({ length: integerBetween(random, 1, 3) }, () => {
      const [target, channels] = one(kinds)
      return { targets: [target], waves: waves(channels) }
    })
  /** The channels in an order, cut into waves. */
  function waves(channels: readonly Channel[]): Wave[] {
    const found: Wave[] = []
    let rest = channels
    while (rest.length > 0) {
      const together = integerBetween(random, 1, rest.length)
      found.push({ channels: rest.slice(0, together), timeoutS: one([10, 20, 45, 60]) })
      rest = rest.slice(together)
    }
    return found
  }
  const track = (all: Step[]): TrackPolicy => ({
    startAfterS: one([0, 0, 15, 60]),
    repeatAfterS: one([10, 30, 120]),
    quietWhileHeld: random.uniform() < 0.7,
    steps: all,
  })
  return {
    centre: track(steps(CENTRE)),
    ...(random.uniform() < 0.8 ? { family: track(steps(FAMILY)) } : {}),
    ...(random.uniform() < 0.2 ? { 'long-lie': track(steps(CENTRE)) } : {}),
  }
}

const CENTRE: readonly (readonly [Target, readonly Channel[]])[] = [
  [{ to: 'queue' }, ['console']],
  [{ to: 'supervisors' }, ['console', 'push', 'sms']],
  [{ to: 'next-centre' }, ['console']],
  [{ to: 'shift', shift: 'on-call' }, ['console', 'wechat', 'voice']],
]
const FAMILY: readonly (readonly [Target, readonly Channel[]])[] = [
  [{ to: 'contact', position: 1 }, ['push', 'wechat', 'sms', 'voice']],
  [{ to: 'contact', position: 2 }, ['sms', 'voice']],
  [{ to: 'contact', position: 3 }, ['wechat', 'sms', 'voice']],
  [{ to: 'contact', position: 4 }, ['wechat']],
  [{ to: 'responders' }, ['wechat', 'sms', 'voice']],
]
export const SCOPES = [
  {},
  { type: 'sos-pressed' },
  { class: 'life' },
  { class: 'hazard' },
  { class: 'technical' },
] as const
/** `$1` its id, `$2` the home, `$3` the type, `$4` the class, `$5` the policy; once more for the same, it is the next version. */
export const POLICY = `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at) values ($1, 'east', $2, $3, $4, $5, app_now())
  on conflict on constraint escalation_policy_once do update
    set tracks = excluded.tracks, version = escalation_policy.version + 1, changed_at = excluded.changed_at`
