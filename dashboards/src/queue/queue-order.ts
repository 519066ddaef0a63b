import type { Alarm } from '@anju/contract/api'
import { CLASS_RANK } from '@anju/contract/event'
import type { LiveView } from '../live/live-store.ts'

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Life first, then hazard; within a class what is urgent, then the one that waits longest. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return (
    CLASS_RANK[a.class] - CLASS_RANK[b.class] ||
    Number(b.urgent ?? false) - Number(a.urgent ?? false) ||
    // Instants of one form, so that text orders them; a thousand rows are sorted many times a second in a flood.
    compareText(a.receivedAt, b.receivedAt) ||
    compareText(a.id, b.id)
  )
}

/** So many technical rows are shown at first: a power cut brings hundreds, and none of them is a person calling. */
export const technicalRowsMax = 50

export interface Sections {
  /** Life and hazard that wait or are being worked on. */
  readonly people: readonly Alarm[]
  readonly parked: readonly Alarm[]
  readonly technical: readonly Alarm[]
}

/** `offeredTo`: what colleagues want them to take on stands before the others of its class. */
export function sectionsOf(alarms: Iterable<Alarm>, offeredTo?: string): Sections {
  const isFirst = ({ offer }: Alarm) => Number(offer !== null && offer.to.personId === offeredTo)
  const inOrder = (a: Alarm, b: Alarm) =>
    CLASS_RANK[a.class] - CLASS_RANK[b.class] || isFirst(b) - isFirst(a) || compareAlarms(a, b)
  const people: Alarm[] = []
  const parked: Alarm[] = []
  const technical: Alarm[] = []
  for (const alarm of alarms) {
    if (alarm.handling === 'closed' || alarm.class === 'info') continue
    // Its outage stands for it, unless somebody has it in hand.
    if (alarm.parent && alarm.handling === 'new') continue
    if (alarm.handling === 'parked') parked.push(alarm)
    else if (alarm.class === 'technical') technical.push(alarm)
    else people.push(alarm)
  }
  return {
    people: people.sort(inOrder),
    parked: parked.sort(compareAlarms),
    technical: technical.sort(inOrder),
  }
}

const sorted = new WeakMap<LiveView['alarms'], { readonly offeredTo: string; readonly sections: Sections }>()

/** The queue of one state of the page: sorted once, however many parts of the page ask. A state never changes; the next one is another. */
export function queueOf(alarms: LiveView['alarms'], offeredTo: string): Sections {
  const known = sorted.get(alarms)
  if (known?.offeredTo === offeredTo) return known.sections
  const sections = sectionsOf(
    [...alarms.values()].map(({ alarm }) => alarm),
    offeredTo,
  )
  sorted.set(alarms, { offeredTo, sections })
  return sections
}

/** Order in which the queue is read and walked with j and k. */
export const inReadingOrder = ({ people, parked, technical }: Sections): readonly Alarm[] => [
  ...people,
  ...parked,
  ...technical,
]

/**
 * Keeps rows where they are while somebody points at one: those already shown stay in their old order, what is new of
 * them comes first (`pinned`), so that no row slides under a finger that is about to press another.
 */
export function steady(sorted: readonly Alarm[], shown: readonly string[] | null): readonly Alarm[] {
  if (shown === null) return sorted
  const byId = new Map(sorted.map((alarm) => [alarm.id, alarm]))
  const stay = shown.flatMap((id) => byId.get(id) ?? [])
  const known = new Set(shown)
  return [...sorted.filter((alarm) => !known.has(alarm.id)), ...stay]
}
