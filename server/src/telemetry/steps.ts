import { DomainError } from '@anju/contract'
import { bucketsMax } from './store.ts'

const LENGTHS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const dayMs = 86_400_000

/** The length of a step: `60s`, `5m`, `1h`, `1d`, or a number of seconds. Undefined and `0` ask for the raw samples. */
export interface Every {
  readonly everyS: number
  /** Whole days, which are as long as the home's calendar says. */
  readonly days: number
}

/** @throws DomainError `request-malformed` */
export function parseEvery(text: string | undefined): Every | undefined {
  if (text === undefined || text === '0') return undefined
  const match = /^(\d{1,6})([smhd]?)$/.exec(text)
  const count = Number(match?.[1])
  if (!match || count === 0)
    throw new DomainError(
      'request-malformed',
      `every: "${text.slice(0, 20)}" is not a length such as 60s, 5m, 1h or 1d`,
    )
  const unit = match[2] || 's'
  return { everyS: (count * (LENGTHS[unit] ?? 1_000)) / 1_000, days: unit === 'd' ? count : 0 }
}

/**
 * The starts of the steps that cover [from, to). Days begin at the home's midnight, so that one has 23 or 25 hours when the
 * clocks change; shorter steps begin at multiples of their length.
 * @throws DomainError `range-too-long`
 */
export function stepsOf(from: number, to: number, { everyS, days }: Every, timeZone: string): number[] {
  const lengthMs = days > 0 ? days * dayMs : everyS * 1_000
  if ((to - from) / lengthMs > bucketsMax - 2)
    throw new DomainError('range-too-long', `more than ${bucketsMax} steps: ask for longer ones, or for less`)
  if (days > 0) return daySteps(from, to, days, timeZone)
  const steps: number[] = []
  for (let at = Math.floor(from / lengthMs) * lengthMs; at < to; at += lengthMs) steps.push(at)
  return steps
}

function daySteps(from: number, to: number, days: number, timeZone: string): number[] {
  const local = localOf(timeZone)
  const steps: number[] = []
  // A calendar day as its number since the epoch: adding days to it knows nothing of clocks.
  for (let day = Math.floor(local(from) / dayMs); ; day += days) {
    // On most days no clock changes; asking a calendar costs more than what is asked for.
    const likely = (steps.at(-1) ?? from) + days * dayMs
    const at = local(likely) === day * dayMs ? likely : midnight(day, local)
    if (at >= to) return steps
    steps.push(at)
  }
}

/** The first moment of a calendar day. Midnight itself may not exist, or come twice: the day's offset is one of its neighbours'. */
function midnight(day: number, local: (at: number) => number): number {
  const wall = day * dayMs
  const candidates = [wall - dayMs, wall + dayMs].map((near) => wall - (local(near) - near)).sort((a, b) => a - b)
  return candidates.find((at) => Math.floor(local(at) / dayMs) === day) ?? (candidates[1] as number)
}

/** The wall clock of a zone, as if it were UTC. */
function localOf(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    return Date.UTC(
      part['year'] ?? 0,
      (part['month'] ?? 1) - 1,
      part['day'],
      part['hour'],
      part['minute'],
      part['second'],
    )
  }
}

/** Which step an instant lies in; −1 before the first. */
export function stepAt(steps: readonly number[], at: number): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((steps[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
