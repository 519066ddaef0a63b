import { free, isHeld } from './rules.ts'
import type { Alarm, Change, Told } from './words.ts'

const MINUTE = 60_000
const realertEvery = 10_000
const stuckAbove = 20

/**
 * Once more, by the rules alone. Rule 12: every occurrence counts, ends a park, and is heard again at most every 10 s; more than 20
 * within a minute is a button that hangs. Rule 13: what comes late rings for nobody where it was heard before somebody took the
 * alarm who still has it.
 */
export function occurred(a: Alarm, told: Told, now: number): Change {
  const isAgain = a.occurrences > 0
  const isLate = isAgain && told.ageMs > MINUTE
  const isQuiet = isLate && isHeld(a) && a.L4 !== null && now - told.ageMs <= a.L4
  const rings = isAgain && !isQuiet && now - a.realertedAt >= realertEvery
  const heard = [...a.heard, told.heardAt].slice(-(stuckAbove + 1))
  const isTooFast = heard.length > stuckAbove && Math.max(...heard) - Math.min(...heard) < MINUTE
  return {
    ...(a.handling === 'parked' ? free(null) : {}),
    condition: 'active',
    occurrences: a.occurrences + 1,
    begun: Math.max(a.begun, told.nth),
    firstAt: Math.min(a.firstAt, told.occurredAt),
    lastAt: Math.max(a.lastAt, told.occurredAt),
    heard,
    test: a.test && told.test,
    lates: a.lates + Number(isLate),
    quiet: a.quiet + Number(isQuiet),
    ...(rings ? { realertedAt: now, realerts: a.realerts + 1 } : {}),
    stuck: a.stuck || (isTooFast && a.graveness !== 'technical'),
  }
}
