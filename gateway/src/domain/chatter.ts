import { type Monotonic, minutes } from '@anju/contract'

/** A switch that turns more often than this a minute says nothing any more (`domain.md` rule 12, C-14). */
export const turnsPerMinuteMax = 20
/** An alarm that flickers on is said again so often, so that nobody who closed it believes it over (`domain.md` rule 12). */
export const saidAgainEvery = minutes(5)
/** So long without a turn, and it is believed again. */
export const calmAfter = minutes(1)

/** How one switch has turned lately. */
export interface Switch {
  readonly value: number
  /** Newest last; no more than are needed to tell. */
  readonly turns: readonly Monotonic[]
  readonly chattering: boolean
  /** When it last counted, while it chatters; unknown after a restart. */
  readonly countedAt?: Monotonic
}

export type Turn =
  /** Nothing out of the ordinary: pass it on. */
  | 'calm'
  /** It chatters from now on. */
  | 'began'
  /** Of no worth while it chatters. */
  | 'chattering'

/**
 * What one more word of a switch means. Chattering begins with a turn to 1, never to 0: an alarm that flickers stays raised.
 */
export function judgeTurn(
  before: Switch | undefined,
  value: number,
  mono: Monotonic,
): { readonly now: Switch; readonly turn: Turn } {
  if (!before) return { now: { value, turns: [], chattering: false }, turn: 'calm' }
  if (before.value === value) return { now: before, turn: before.chattering ? 'chattering' : 'calm' }
  const recent = [...before.turns.slice(-turnsPerMinuteMax), mono].filter((one) => mono - one < minutes(1))
  const begins = !before.chattering && recent.length > turnsPerMinuteMax && value === 1
  const chattering = before.chattering || begins
  const countedAt = begins ? mono : before.countedAt
  const now = { value, turns: recent, chattering, ...(countedAt !== undefined && { countedAt }) }
  return { now, turn: begins ? 'began' : chattering ? 'chattering' : 'calm' }
}

/** Whether a chattering alarm is to be said once more. */
export const isDueAgain = ({ chattering, value, countedAt }: Switch, mono: Monotonic): boolean =>
  chattering && value === 1 && (countedAt === undefined || mono - countedAt >= saidAgainEvery)

/** Whether a chattering switch has stood still long enough, `since` being when the watching began where it never turned. */
export const isCalm = ({ turns }: Switch, since: Monotonic, now: Monotonic): boolean =>
  now - (turns.at(-1) ?? since) >= calmAfter

/** A switch that was chattering when the gateway stopped: its value is not known. */
export const stillChattering: Switch = { value: Number.NaN, turns: [], chattering: true }
