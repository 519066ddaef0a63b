import type { Instant } from '@anju/contract'
import { seedOf } from './day.ts'

/** What a single-phase meter has to measure. Reactive power and the rest follow from these. */
export interface Mains {
  readonly volts: number
  readonly hertz: number
  readonly powerFactor: number
  readonly amperes: number
}

const periodsS = [37, 211, 1_543, 9_277, 40_009]

/** A smooth wander in [-1, 1] that never repeats within a day: incommensurable waves with phases of their own. */
function wander(seed: number, name: string, at: Instant): number {
  let sum = 0
  for (const [index, periodS] of periodsS.entries()) {
    const phase = (seedOf(seed, name, index) / 2 ** 32) * 2 * Math.PI
    sum += Math.sin((at / 1_000 / periodS) * 2 * Math.PI + phase) * (index + 1)
  }
  return sum / 15
}

/** The supply at an instant: a street's voltage wanders within its limits and sags a little under the home's own load. */
export function mainsAt(seed: number, at: Instant, watts: number): Mains {
  const volts = 228.5 + 5 * wander(seed, 'volts', at) - watts / 1_400
  const hertz = 50 + 0.035 * wander(0, 'hertz', at) // one grid: the same in every home
  // Heaters are resistive, what stands by is not: the more is drawn, the better the factor.
  const powerFactor = Math.min(0.998, 0.62 + 0.38 * (watts / (watts + 120)))
  return { volts, hertz, powerFactor, amperes: watts / (volts * powerFactor) }
}
