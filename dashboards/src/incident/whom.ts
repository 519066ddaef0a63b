import type { AlarmDetail, TimelineEntry } from '@anju/contract/api'

export type People = Pick<AlarmDetail, 'contacts' | 'responders'>

/**
 * Whom a line of the log is about, where it is about somebody: the log keeps ids, and the alarm knows the people. `undefined` for a
 * line about nobody, `null` for somebody who is on no list any more: an id is no name, and is not shown for one.
 */
export function whomIn(
  { kind, detail }: TimelineEntry,
  { contacts, responders = [] }: People,
): string | null | undefined {
  switch (kind) {
    case 'contacted':
      return nameOf(detail['contact'], contacts)
    case 'dispatched':
      return nameOf(detail['responder'], responders)
    case 'accepted':
    case 'declined':
      return typeof detail['name'] === 'string' ? detail['name'] : undefined
    case 'offered':
    case 'offer-withdrawn':
    case 'offer-over':
      return namedIn(detail['to']) ?? undefined
    case 'offer-declined':
      return namedIn(detail['from']) ?? undefined
    default:
      return undefined
  }
}

const namedIn = (given: unknown): string | null => {
  const name = typeof given === 'object' && given !== null && 'name' in given ? given.name : null
  return typeof name === 'string' ? name : null
}

/** From whom a supervisor or a colleague took it: nobody, when it lay in the queue. `undefined` for any other line. */
export function takenFrom({ kind, detail: { from } }: TimelineEntry): { readonly name: string | null } | undefined {
  if (kind !== 'taken-over' && kind !== 'offer-accepted') return undefined
  return { name: namedIn(from) }
}

const nameOf = (id: unknown, people: readonly { readonly id: string; readonly name: string }[]): string | null =>
  people.find((one) => one.id === id)?.name ?? null
