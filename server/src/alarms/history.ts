import { formatInstant, type Instant } from '@anju/contract'
import type { AlarmDetail, TimelineKind } from '@anju/contract/api'
import { ageOf, isLate } from '../domain/episode.ts'
import type { Transaction } from '../ports.ts'
import type { AlarmRecord } from './record.ts'

const occurrencesMax = 200
const entriesMax = 500

type History = Pick<AlarmDetail, 'occurrenceList' | 'timeline'>

interface EventRow {
  id: string
  phase: 'raised' | 'returned'
  device: string
  occurred_at: number
  heard_at: number
  stored_at: number
  sent_at: number
  received_at: number
  elapsed_ms: number
  snapshot: Record<string, unknown> | null
}
interface EntryRow {
  at: number
  kind: TimelineKind
  person: string | null
  person_name: string | null
  text: string | null
  detail: Record<string, unknown>
}

/** What devices, people and deadlines did, in the order the centre learned of it; the latest ones when there are very many. */
export async function historyOf(tx: Transaction, alarm: AlarmRecord): Promise<History> {
  const [events, entries] = await Promise.all([
    tx.query<EventRow>(
      `select * from (
         select id, phase, device, occurred_at, heard_at, stored_at, sent_at, received_at, elapsed_ms, snapshot, boot, seq
         from event where alarm = $1 order by received_at desc, boot desc, seq desc limit ${occurrencesMax + 1}
       ) as latest order by received_at, boot, seq`,
      [alarm.id],
    ),
    tx.query<EntryRow>(
      `select * from (
         select id, at, kind, person, person_name, text, detail from timeline where alarm = $1 order by id desc limit ${entriesMax}
       ) as latest order by id`,
      [alarm.id],
    ),
  ])
  // One more than is shown: of very many the earliest shown is not the first.
  const shown = events.slice(-occurrencesMax)
  const [first] = events.length > occurrencesMax ? [] : events
  const fromDevices = shown.map((event) => ({ at: event.received_at, entry: deviceEntry(event, event === first) }))
  const fromPeople = entries.map((row) => ({ at: row.at, entry: entryOf(row) }))
  return {
    occurrenceList: shown.map(occurrenceOf),
    timeline: [...fromDevices, ...fromPeople].toSorted((a, b) => a.at - b.at).map(({ entry }) => entry),
  }
}

const text = (at: number): string => formatInstant(at as Instant)

const occurrenceOf = (row: EventRow): History['occurrenceList'][number] => ({
  event: row.id,
  phase: row.phase,
  device: row.device,
  occurredAt: text(row.occurred_at),
  heardAt: text(row.heard_at),
  storedAt: text(row.stored_at),
  sentAt: text(row.sent_at),
  receivedAt: text(row.received_at),
  late: isLate(row.elapsed_ms),
  lateByS: ageMsOf(row) / 1_000,
  snapshot: row.snapshot,
})

/** It stands where the centre learned of it, and says when it was heard: what is late is not what happened then. */
function deviceEntry(row: EventRow, first: boolean): History['timeline'][number] {
  const kind = row.phase === 'returned' ? 'returned' : first ? 'raised' : 'occurrence'
  const lateness = isLate(row.elapsed_ms)
    ? { heardAt: text(row.received_at - ageMsOf(row)), lateByS: ageMsOf(row) / 1_000 }
    : {}
  const detail = { event: row.id, device: row.device, ...lateness }
  return { at: text(row.received_at), kind, by: null, text: null, detail }
}

/** When it was received, by the gateway's own count. */
const ageMsOf = ({ elapsed_ms: elapsedMs, received_at: at }: EventRow): number => ageOf({ elapsedMs }, at as Instant)

const entryOf = ({ at, kind, person, person_name, text: said, detail }: EntryRow): History['timeline'][number] => ({
  at: text(at),
  kind,
  by: person ? { personId: person, name: person_name ?? '' } : null,
  text: said,
  detail,
})
