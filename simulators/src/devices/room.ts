import { type Instant, seededRandom } from '@anju/contract'

/** What happens in one room over a day, as its devices see it: a function of the time alone. */
export interface Room {
  readonly present: boolean
  readonly moving: boolean
  /** 0 to 100: how much. */
  readonly movement: number
  readonly fallen: boolean
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** Once a day somebody falls, and lies there for a quarter of an hour. */
const fallFromMinute = 190
const fallMinutes = 15

export function roomAt(at: Instant): Room {
  const minute = Math.floor((at % dayMs) / minuteMs)
  const fallen = minute >= fallFromMinute && minute < fallFromMinute + fallMinutes
  const present = fallen || wave(at, 93 * minuteMs) > -0.3
  const moving = present && !fallen && wave(at, 11 * minuteMs) > 0
  const movement = !present ? 0 : moving ? 20 + below(at, 1, 80) : 1 + below(at, 1, 4)
  return { present, moving, movement, fallen }
}

/** From -1 to 1 and back again within `periodMs`. */
export const wave = (at: Instant, periodMs: number): number => Math.sin((at / periodMs) * 2 * Math.PI)

/** A whole number from 0 to less than `count`, the same for the same time and use. */
export const below = (at: Instant, use: number, count: number): number =>
  Math.floor(seededRandom((Math.floor(at / 1_000) * 31 + use) % 4_294_967_296).uniform() * count)

/** Between two numbers, in steps: what a device has to give. `steps` is how many of them there are in one unit. */
export const between = (at: Instant, periodMs: number, low: number, high: number, steps: number): number =>
  // Rounding leaves -0, which no device knows.
  Math.round((low + ((high - low) * (wave(at, periodMs) + 1)) / 2) * steps) / steps + 0

/** Bytes that are nobody's word; a device chooses those that begin like its own. */
export function junk(at: Instant, of: readonly number[], bytesMax: number): number[] {
  return Array.from({ length: below(at, 7, bytesMax + 1) }, (_, i) => of[below(at, 11 + i, of.length)] ?? 0)
}
