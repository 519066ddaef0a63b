import type { Home } from '@anju/contract/api'
import type { LastingMode } from '../api/people-calls.ts'

const hour = 60
const day = 24 * hour

/** For how long a mode can be chosen; none may last for ever. */
export const MINUTES: Readonly<Record<LastingMode, readonly number[]>> = {
  away: [day, 3 * day, 7 * day, 14 * day, 30 * day],
  hospital: [7 * day, 14 * day, 30 * day, 90 * day],
  test: [hour / 2, hour, 2 * hour, 4 * hour],
}
export const LASTING_MODES = Object.keys(MINUTES) as readonly LastingMode[]

export interface Length {
  readonly unit: 'minutes' | 'hours' | 'days'
  readonly count: number
}
export function lengthOf(minutes: number): Length {
  if (minutes % day === 0) return { unit: 'days', count: minutes / day }
  return minutes % hour === 0 ? { unit: 'hours', count: minutes / hour } : { unit: 'minutes', count: minutes }
}

/** What a home is set to, while it lasts: one that has run out is over before the centre's next look says so. */
export type ModeNow =
  | { readonly mode: 'home' }
  | { readonly mode: LastingMode; readonly until: string; readonly leftMs: number }

export function modeAt({ mode, modeUntil }: Pick<Home, 'mode' | 'modeUntil'>, nowMs: number): ModeNow {
  const lasting = LASTING_MODES.find((one) => one === mode)
  if (lasting === undefined || modeUntil === null) return { mode: 'home' }
  const leftMs = Date.parse(modeUntil) - nowMs
  return leftMs > 0 ? { mode: lasting, until: modeUntil, leftMs } : { mode: 'home' }
}
