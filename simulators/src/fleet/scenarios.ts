import {
  assertNever,
  type Instant,
  integerBetween,
  type Millis,
  millis,
  minutes,
  type Random,
  seconds,
} from '@anju/contract'
import type { SimulatedGateway } from './simulated-gateway.ts'

export const SCENARIOS = ['quiet', 'evening', 'power-cut', 'presses'] as const
export type Scenario = (typeof SCENARIOS)[number]

/** Something one home does at a moment of the run. */
export interface Deed {
  readonly after: Millis
  readonly run: (gateway: SimulatedGateway) => void
}

const press = (gateway: SimulatedGateway) =>
  void gateway.sendEvent({ type: 'sos-pressed', placement: 'bathroom-sos', device: 'sos-1' })
const fall = (gateway: SimulatedGateway) =>
  void gateway.sendEvent({ type: 'fall-detected', placement: 'living-radar', device: 'radar-1' })
const batteryLow = (gateway: SimulatedGateway) =>
  void gateway.sendEvent({ type: 'battery-low', placement: 'bathroom-sos', device: 'sos-1' })

/** Enough to see some in a short run of a few hundred homes; not a statistic. */
const eveningPressesPerHomeHour = 0.003

/**
 * What happens in one home beside its telemetry and health. `quiet`: nothing. `evening`: now and then a press, rarely a fall.
 * `power-cut`: a third of the way in, most homes lose the mains within ten seconds, and a few press. `presses`: every home
 * presses about once a minute.
 */
export function deedsOf(scenario: Scenario, duration: Millis, speed: number, random: Random): Deed[] {
  switch (scenario) {
    case 'quiet':
      return []
    case 'evening':
      return occurring(duration, (minutes(60) / eveningPressesPerHomeHour / speed) as Millis, random, () =>
        random.uniform() < 0.1 ? fall : random.uniform() < 0.2 ? batteryLow : press,
      )
    case 'presses':
      return occurring(duration, (minutes(1) / speed) as Millis, random, () => press)
    case 'power-cut': {
      if (random.uniform() > 0.8) return []
      const cut = millis(duration / 3 + integerBetween(random, 0, seconds(10)) / speed)
      const deeds: Deed[] = [{ after: cut, run: losesMains }]
      if (random.uniform() < 0.02)
        deeds.push({ after: millis(cut + integerBetween(random, 0, seconds(60)) / speed), run: press })
      return deeds.filter(({ after }) => after < duration)
    }
    default:
      return assertNever(scenario)
  }
}

function losesMains(gateway: SimulatedGateway): void {
  gateway.power = 'battery'
  gateway.sendEvent({ type: 'mains-lost', placement: 'meter', device: 'meter-1' })
  gateway.sendHealth()
}

/** Exponential distances: many homes together press as people do, not in step. */
function occurring(duration: Millis, mean: Millis, random: Random, what: () => Deed['run']): Deed[] {
  const deeds: Deed[] = []
  for (let at = distance(mean, random); at < duration; at += distance(mean, random))
    deeds.push({ after: millis(at), run: what() })
  return deeds
}

const distance = (mean: Millis, random: Random): number => Math.max(1, -Math.log(1 - random.uniform()) * mean)

/** The last moments a run shows: real ones at speed 1, else as many simulated minutes as the speed makes of it, ending now. */
export const simulatedAt = (now: Instant, end: Instant, speed: number): Instant =>
  (end - (end - now) * speed) as Instant
