import { DomainError, type ErrorCode, type EventType, type Quantity, type Reading } from '@anju/contract'
import { decodeWith } from './decode-with.ts'
import { isObject, type JsonObject } from './json-payload.ts'
import type { PointReading, Protocol, ProtocolInput, Refused, Telling, Told } from './telling.ts'

/**
 * A protocol whose message is one payload: what its codec says, or one coded refusal. A codec refuses by throwing
 * `refusal(…)`, or any other `DomainError`, which is told as malformed.
 */
export const tellOne = (name: string, tell: (input: ProtocolInput) => Told): Protocol => ({
  name,
  read: (input): readonly Telling[] => {
    const attempt = decodeWith(tell, input)
    if (attempt.ok) return [attempt.value]
    const { code, message, detail } = attempt.error
    // A reader that ran out of bytes says how many it wanted: the payload was cut off.
    const otherwise = 'wanted' in detail ? 'incomplete' : 'malformed'
    const reason = REASONS.find((known) => known === detail.reason) ?? otherwise
    const { words } = detail
    return [{ is: 'refused', code, reason, why: message, ...(isObject(words) ? { words } : {}) }]
  },
})

const CODES = {
  'not-this-protocol': 'frame-unknown',
  incomplete: 'frame-malformed',
  unencrypted: 'frame-malformed',
  'key-missing': 'frame-malformed',
  checksum: 'frame-checksum',
  'no-answer-line': 'frame-malformed',
  'error-result': 'frame-malformed',
} as const satisfies Partial<Record<Refused['reason'], ErrorCode>>
type Reason = keyof typeof CODES
const REASONS = Object.keys(CODES) as Reason[]

/** Why a payload is refused, where there is a better word than malformed. */
export const refusal = (reason: Reason, why: string, words?: JsonObject): DomainError =>
  new DomainError(CODES[reason], why, { reason, words })

export const told = (frame: Told['frame'], readings: Told['readings'] = [], events: Told['events'] = []): Told => ({
  is: 'told',
  frame,
  readings,
  events,
})

/** What one payload says, point by point: a point met again gets a number (`temperature`, `temperature-2`). */
export class Readings {
  readonly list: PointReading[] = []
  readonly #met = new Map<string, number>()

  /** Undefined is not spoken of, and is no reading. */
  add(point: string, quantity: Quantity, given: Reading | undefined): void {
    if (!given) return
    const met = (this.#met.get(point) ?? 0) + 1
    this.#met.set(point, met)
    this.list.push({ point: met === 1 ? point : `${point}-${met}`, quantity, reading: given })
  }
}

const LEVELS: readonly (readonly [Quantity, EventType])[] = [
  ['fall', 'fall-detected'],
  ['smoke', 'smoke'],
  ['gas', 'gas-leak'],
  ['carbon-monoxide', 'carbon-monoxide'],
  ['water-leak', 'water-leak'],
  ['tamper', 'tamper'],
]
/** The events that switches stand for while they are 1. */
export const raisedBy = (readings: readonly PointReading[]): readonly EventType[] =>
  LEVELS.filter(([quantity]) =>
    readings.some((item) => item.quantity === quantity && item.reading.is === 'value' && item.reading.value === 1),
  ).map(([, event]) => event)
