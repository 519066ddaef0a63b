import type { Instant } from '@anju/contract'

/** What happens in a simulated home, as functions of the time alone. Hours are those of UTC: such a home needs no more. */
const dayMs = 86_400_000

export const hourOf = (at: Instant): number => (at % dayMs) / 3_600_000
export const daysOf = (at: Instant): number => at / dayMs

/** Whether the hour of the day lies in one of these spans. */
export const during = (at: Instant, ...spans: readonly (readonly [from: number, to: number])[]): boolean =>
  spans.some(([from, to]) => hourOf(at) >= from && hourOf(at) < to)

export const doorIsOpen = (at: Instant): boolean => during(at, [7, 7.5], [12, 12.5], [18, 18.5])
export const somebodyMoves = (at: Instant): boolean => during(at, [6.4, 8], [11.5, 13], [17, 21.5])
export const somebodyIsInTheLivingRoom = (at: Instant): boolean => during(at, [6.4, 11.5], [12.5, 22])
export const somebodyIsInTheBedroom = (at: Instant): boolean => during(at, [0, 7], [21.5, 24])
export const somebodyLiesOnTheFloor = (at: Instant): boolean => during(at, [3, 3.5])
export const kitchenIsWet = (at: Instant): boolean => during(at, [14, 14.5])
export const somethingBurns = (at: Instant): boolean => during(at, [12, 12.25])
export const boilerLeaks = (at: Instant): boolean => during(at, [2, 2.5])
/** The installer tries the buttons at nine, and the detectors' own test. */
export const isTried = (at: Instant): boolean => during(at, [9, 9.5])

/** A device has so many digits and no more, and no -0. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0

interface Wave {
  readonly mean: number
  readonly swing: number
  readonly peakHour: number
}
/** Up and down once a day, highest at `peakHour`. */
export const wave = (at: Instant, { mean, swing, peakHour }: Wave, digits: number): number =>
  rounded(mean + swing * Math.cos(((hourOf(at) - peakHour) / 24) * 2 * Math.PI), digits)

export const roomCelsius = (at: Instant, digits: number): number =>
  wave(at, { mean: 20.4, swing: 1.6, peakHour: 15 }, digits)
/** Below zero before dawn. */
export const balconyCelsius = (at: Instant, digits: number): number =>
  wave(at, { mean: 8, swing: 14, peakHour: 15 }, digits)
export const humidityPct = (at: Instant, digits: number): number =>
  wave(at, { mean: 48, swing: 6, peakHour: 5 }, digits)
export const roomLux = (at: Instant, digits: number): number =>
  Math.max(0, wave(at, { mean: 180, swing: 220, peakHour: 12 }, digits))
export const mainsVolts = (at: Instant, digits: number): number =>
  wave(at, { mean: 229, swing: 4, peakHour: 3 }, digits)

/** A kettle that boils three times a day, and a socket that waits in between. */
export const kettleWatts = (at: Instant, digits: number): number => {
  const boils = during(at, [6.5, 6.6], [11.75, 11.9], [17.25, 17.35])
  return boils ? wave(at, { mean: 1_843, swing: 12, peakHour: 3 }, digits) : rounded(0.4, digits)
}
/** A counter of watt-hours that only grows. */
export const wattHours = (at: Instant): number => rounded(daysOf(at) * 412.5, 3)

/** A cell that loses half a percent a day, and was changed in time. */
export const cellPct = (at: Instant): number => 100 - (Math.floor(daysOf(at) / 2) % 80)
/** Its voltage, from 3.05 V down. */
export const cellMillivolts = (at: Instant): number => 2_650 + cellPct(at) * 4

/** Radio and noise of it: a small number that changes with every report and means nothing. */
export const flicker = (at: Instant, from: number, to: number): number =>
  from + ((Math.floor(at / 60_000) * 7_919) % (to - from + 1))
