import { type Instant, parseInstant } from '@anju/contract'
import { seedOf } from '../resident/day.ts'
import { mainsAt } from '../resident/mains.ts'

/**
 * What a home uses, as a smooth function of the time alone, with the integral that its meter has counted: cheap at any instant
 * of any year, unlike a resident's day, which has to be lived from its morning on.
 */
const installed = parseInstant('2024-01-01T00:00:00.000Z')
const dayMs = 86_400_000
const tau = 2 * Math.PI

/** As a meter prints it: this number and no other is what it says. */
export const digits = (value: number, decimals: number): number => Number(value.toFixed(decimals))

const phaseOf = (seed: number, name: string): number => (seedOf(seed, name, 0) / 2 ** 32) * tau

/** A counter that stands almost still once a day and never turns back: `perDay` on the average. */
export function countedAt(seed: number, name: string, perDay: number, at: Instant): number {
  const days = (at - installed) / dayMs
  return perDay * (days + (0.999 / tau) * (1 - Math.cos(tau * days + phaseOf(seed, name))))
}

const wavesW = [
  { amplitude: 180, periodMs: dayMs },
  { amplitude: 90, periodMs: 5_400_000 },
] as const

/** The load and all that follows from it at a supply that wanders. */
export function electricityAt(seed: number, at: Instant) {
  const since = at - installed
  let watts = 320
  let wattMs = 320 * since
  for (const [i, { amplitude, periodMs }] of wavesW.entries()) {
    const phase = phaseOf(seed, `load-${i}`)
    watts += amplitude * Math.sin((tau * since) / periodMs + phase)
    wattMs += ((amplitude * periodMs) / tau) * (Math.cos(phase) - Math.cos((tau * since) / periodMs + phase))
  }
  return { ...mainsAt(seed, at, watts), watts, kWh: wattMs / 3.6e9 }
}
