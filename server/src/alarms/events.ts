import type {
  AlarmId,
  CentreId,
  EventClass,
  EventId,
  EventPhase,
  GatewayId,
  HomeId,
  Instant,
  PlacementId,
} from '@anju/contract'
import { type Column, cast, columnar, given } from '../database/columns.ts'
import type { Transaction } from '../ports.ts'

/** An event on its way into the database. */
export interface NewEvent {
  /** Gateway and id: what makes it the same event. */
  readonly key: string
  /** `episodeOf` it, spelled once: every step of a burst looks something up by it. */
  readonly episode: string
  readonly gateway: GatewayId
  /** The centre's own word: there is no gateway to answer. */
  readonly own: boolean
  readonly urgent: boolean
  readonly id: EventId
  readonly centre: CentreId
  readonly home: HomeId
  readonly placement: PlacementId
  readonly device: string
  readonly type: string
  readonly class: EventClass
  readonly phase: EventPhase
  readonly boot: number
  readonly lane: string
  readonly seq: number
  readonly occurredAt: Instant
  readonly heardAt: Instant
  readonly storedAt: Instant
  readonly sentAt: Instant
  readonly elapsedMs: number
  /** Its gateway restarted since: the age is by a wall clock that may have stood still meanwhile. */
  readonly elapsedEstimated: boolean
  readonly test: boolean
  readonly snapshot: Readonly<Record<string, unknown>> | null
  /** The alarm it is an occurrence of; null for a record only. */
  readonly alarm: AlarmId | null
}

type EventColumn = Column<NewEvent>
const column = (name: string, type: EventColumn['type'], value: EventColumn['value']): EventColumn => ({
  name,
  type,
  value,
})
/** What each event has of its own. */
const OWN: readonly EventColumn[] = [
  column('gateway', 'text', (event) => event.gateway),
  column('id', 'text', (event) => event.id),
  column('home', 'text', (event) => event.home),
  column('alarm', 'text', (event) => event.alarm),
  column('placement', 'text', (event) => event.placement),
  column('device', 'text', (event) => event.device),
  column('boot', 'integer', (event) => event.boot),
  column('seq', 'bigint', (event) => event.seq),
  column('occurred_at', 'timestamptz', (event) => event.occurredAt),
  column('heard_at', 'timestamptz', (event) => event.heardAt),
  column('stored_at', 'timestamptz', (event) => event.storedAt),
  column('sent_at', 'timestamptz', (event) => event.sentAt),
  column('elapsed_ms', 'bigint', (event) => event.elapsedMs),
  column('snapshot', 'jsonb', (event) => (event.snapshot ? storable(event.snapshot) : null)),
]
/** Of these a batch of hundreds has a handful of combinations: each is sent once, and an event says which is its own. */
const KIND: readonly EventColumn[] = [
  column('centre', 'text', (event) => event.centre),
  column('type', 'text', (event) => event.type),
  column('class', 'text', (event) => event.class),
  column('phase', 'text', (event) => event.phase),
  column('lane', 'text', (event) => event.lane),
  column('test', 'boolean', (event) => event.test),
]

const snapshotCharsMax = 16_384
/** Sixty-four openings in a row: no device says that, and it is what overflows parsers. */
const TOO_DEEP = /(?:[[{](?:"[^"]{0,200}":)?){64}/

/**
 * What else the device said must not cost the event: jsonb has neither NUL nor half a surrogate pair, and both it and we have a
 * limit to how deep and how long a thing may be.
 */
function storable(snapshot: object): string {
  try {
    const text = JSON.stringify(snapshot)
    if (text.length <= snapshotCharsMax && !TOO_DEEP.test(text))
      return text.replaceAll(/\\u0000|\\ud[89a-f][0-9a-f]{2}/g, '\\ufffd')
  } catch {
    // Nested deeper than our own stack.
  }
  return '{"omitted":"too large to keep"}'
}

interface Row {
  readonly event: NewEvent
  /** Its place in the list of kinds, from 1. */
  readonly kind: number
}
const ROW: readonly Column<Row>[] = [
  { name: 'kind', type: 'integer', value: ({ kind }) => kind },
  ...OWN.map(({ name, type, value }) => ({ name, type, value: ({ event }: Row) => value(event) })),
]
const kindParameter = (index: number) => `$${ROW.length + 1 + index}`
const INSERT = `insert into event (received_at, ${[...KIND, ...OWN].map(({ name }) => name).join(', ')})
  select to_timestamp($${ROW.length + KIND.length + 1}::bigint / 1000::float8),
    ${KIND.map(({ type }, index) => `(${kindParameter(index)}::${type}[])[given.kind]`).join(', ')},
    ${OWN.map((one) => cast(one)).join(', ')} from ${given(ROW)}`

/** An event that another transaction has just written breaks `event_once`; the whole batch is then tried again and knows it. */
export function insertEvents(tx: Transaction, events: readonly NewEvent[], receivedAt: Instant): void {
  if (events.length === 0) return
  const kinds: NewEvent[] = []
  const numbers = new Map<string, number>()
  const rows = events.map((event): Row => {
    const key = `${event.centre} ${event.type} ${event.class} ${event.phase} ${event.lane} ${event.test}`
    const kind = numbers.get(key) ?? kinds.push(event)
    numbers.set(key, kind)
    return { event, kind }
  })
  void tx.query(INSERT, [...columnar(ROW, rows), ...columnar(KIND, kinds), receivedAt], 'event-insert')
}

/** The keys of those that are stored already. */
export async function knownEvents(tx: Transaction, events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ gateway: string; id: string }>(
    'select gateway, id from event where (gateway, id) in (select * from unnest($1::text[], $2::text[]))',
    [events.map(({ gateway }) => gateway), events.map(({ id }) => id)],
    'events-known',
  )
  return new Set(rows.map(({ gateway, id }) => `${gateway}/${id}`))
}
