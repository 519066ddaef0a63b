import type { Way } from '@anju/contract/api'

/** One telephone number of somebody, and what it is used for. */
export interface DialledNumber {
  readonly number: string
  readonly ways: readonly Way[]
  /** What a call to it is said of: theirs for calls, if it is one. */
  readonly called: Way
}

/** Somebody's ways in their own order: the numbers a person dials, each once, and what only a machine can send to. */
export function numbersOf(ways: readonly Way[]): {
  readonly numbers: readonly DialledNumber[]
  readonly others: readonly Way[]
} {
  const byNumber = Map.groupBy(ways.filter(isNumber), ({ address }) => address)
  const numbers = [...byNumber].flatMap(([number, same]): DialledNumber[] => {
    const called = same.find(({ channel }) => channel === 'voice') ?? same[0]
    return called ? [{ number, ways: same, called }] : []
  })
  return { numbers, others: ways.filter((way) => !isNumber(way)) }
}

const isNumber = ({ channel }: Way): boolean => channel === 'voice' || channel === 'sms'
