import type { Instant } from '@anju/contract'

/** What a simulated home does, as functions of the time alone. Hours are those of UTC: a simulated home needs no more. */
const dayMs = 86_400_000

export const hourOf = (at: Instant): number => (at % dayMs) / 3_600_000
export const daysOf = (at: Instant): number => at / dayMs

/** A device has so many digits and no more, and no -0. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0

/** Up and down once a day, highest at `peakHour`. */
export const wave = (
  at: Instant,
  { mean, swing, peakHour, digits }: { mean: number; swing: number; peakHour: number; digits: number },
): number => rounded(mean + swing * Math.cos(((hourOf(at) - peakHour) / 24) * 2 * Math.PI), digits)

/** Whether the hour of the day lies in one of these spans. */
export const during = (at: Instant, ...spans: readonly (readonly [from: number, to: number])[]): boolean =>
  spans.some(([from, to]) => hourOf(at) >= from && hourOf(at) < to)

/** A cell that loses half a percent a day, and was changed in time. */
export const cellPct = (at: Instant): number => 100 - (Math.floor(daysOf(at) / 2) % 80)
/** Its voltage, from 3.05 V down. */
export const cellMillivolts = (at: Instant): number => 2_650 + cellPct(at) * 4

/** Watts of a kettle that boils three times a day and a device that waits in between. */
export const kettleWatts = (at: Instant): number => {
  const boils = during(at, [6.5, 6.6], [11.75, 11.9], [17.25, 17.35])
  return boils ? wave(at, { mean: 1_843, swing: 12, peakHour: 3, digits: 1 }) : 0.4
}
/** A counter of watt-hours that only grows. */
export const wattHours = (at: Instant): number => rounded(daysOf(at) * 412.5, 3)

/** Radio and noise of it: a small number that changes with every report and means nothing. */
export const flicker = (at: Instant, from: number, to: number): number =>
  from + ((Math.floor(at / 60_000) * 7_919) % (to - from + 1))
