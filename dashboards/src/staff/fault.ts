import type { MessageId } from '../i18n/messages-zh.ts'
import type { WayFault } from '../ways/way-draft.ts'

/** What keeps a form from being saved: at which of its fields, and what is wrong there. */
export interface Fault {
  /** The field's `data-field`. */
  readonly at: string
  readonly says: MessageId
}

const ways = 'ways/'
export const atWay = ({ key, says }: WayFault): Fault => ({ at: `${ways}${key}`, says })
export const waysIn = (faults: readonly Fault[]): WayFault[] =>
  faults.flatMap(({ at, says }) => (at.startsWith(ways) ? [{ key: at.slice(ways.length), says }] : []))

/** What differs, and nothing else: what a colleague changed meanwhile beside it is not written back. */
export function changesOf<T extends object>(before: T, now: T): Partial<T> {
  const fields = Object.keys(now) as (keyof T)[]
  return Object.fromEntries(
    fields
      .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]))
      .map((one) => [one, now[one]]),
  ) as Partial<T>
}
export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
