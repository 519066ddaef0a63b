import type { Instant, Millis } from '@anju/contract'
import { CHANNELS, type Channel } from '@anju/contract/api'
import { type Attempt, dueFor, move } from '../domain/notification.ts'
import type { Transaction } from '../ports.ts'
import { WAYS_TO_RECIPIENT } from '../roster/rows.ts'
import type { ChannelAdapter } from './channel.ts'
import { REMOVED, TAKEN_BACK } from './dismissed.ts'
import type { Happened } from './mover.ts'
import { COLUMNS, MAY_GO, type NotificationRecord, type NotificationRow, recordOf, save } from './record.ts'
import type { Destination } from './takers.ts'
import { ADDRESS_DEAD } from './withdrawals.ts'
import type { Content } from './words.ts'

/** Whom a row gives way to, first to last: nothing takes the places of those before it. */
export const URGENCIES = ['life', 'urgent', 'other'] as const
export type Urgency = (typeof URGENCIES)[number]
export const urgencyOf = ({ life, attempt }: Pick<NotificationRecord, 'life' | 'attempt'>): Urgency =>
  life ? 'life' : attempt.urgent ? 'urgent' : 'other'

/** How many more of these may be under way. */
export interface Lane {
  readonly channel: Channel
  readonly urgency: Urgency
  readonly free: number
}
/** Life first; a page at a seat is nobody's to send to. */
export const LANES_OF = URGENCIES.flatMap((urgency) =>
  CHANNELS.filter((channel) => channel !== 'console').map((channel) => ({ channel, urgency })),
)

/** A row that is ours to try until its lease ends. */
export interface Taken {
  readonly record: NotificationRecord
  readonly adapter: ChannelAdapter
  /** Of this try's answer link; null where an answer makes no sense or cannot be followed. */
  readonly secret: string | null
}
export interface TakeOptions {
  readonly lanes: readonly Lane[]
  /** Ids of what is not to be looked at now. */
  readonly but: readonly string[]
  readonly leaseFor: Millis
  readonly providerOf: (to: Destination, tries: number, before: string | null) => ChannelAdapter | undefined
  readonly newSecret: () => string
  readonly hashSecret: (secret: string) => Buffer
}
/** Not to be tried, and why. */
export interface Over {
  readonly where: NotificationRecord
  readonly happened: Happened
}

/**
 * Takes what is due, as far as there is room. Locked rows are skipped, never waited for: that is why this may do without the
 * alarm's lock, and it decides nothing but who tries. What is not to be tried any more is handed back: to settle it is a decision.
 */
export async function take(tx: Transaction, options: TakeOptions): Promise<{ taken: Taken[]; over: Over[] }> {
  const { lanes, but, leaseFor, providerOf, newSecret, hashSecret } = options
  const rows = await tx.query<DueRow>(
    DUE,
    [
      lanes.map(({ channel }) => channel),
      lanes.map(({ urgency }) => urgency !== 'other'),
      lanes.map(({ urgency }) => urgency === 'life'),
      lanes.map(({ free }) => free),
      but,
    ],
    'notification-due',
  )
  if (rows.length === 0) return { taken: [], over: [] }
  const [clock] = await tx.query<{ now: Instant }>('select app_now() as now', [], 'now')
  const now = clock?.now ?? (0 as Instant)
  const taken: Taken[] = []
  const over: Over[] = []
  for (const row of rows) {
    const record = recordOf(row)
    const { attempt } = record
    const due = dueFor(attempt, now)
    // First of all: what is decided already is not moved by anything below, and would be due for ever.
    if (due === 'settle') over.push({ where: record, happened: { type: 'clock' } })
    else if (row.dismissed) over.push({ where: record, happened: { type: 'dismiss' } })
    else if (row.dead) over.push({ where: record, happened: ADDRESS_DEAD })
    else if (!row.told) over.push({ where: record, happened: { type: 'withdraw' } })
    else if (due === 'try') {
      const { becomes } = move(attempt, { type: 'took', now, leaseFor })
      const adapter = providerOf(
        { channel: attempt.channel, address: record.address },
        attempt.tries,
        becomes.state === 'unknown' ? record.provider : null,
      )
      if (!adapter) {
        over.push({ where: record, happened: withoutProvider(attempt) })
        continue
      }
      const asks = (attempt.purpose === 'alarm' || LINKED.has(record.content.is)) && attempt.channel !== 'voice'
      taken.push({
        record: { ...record, attempt: becomes, provider: adapter.provider },
        adapter,
        secret: asks ? newSecret() : null,
      })
    }
  }
  save(
    tx,
    taken.map(({ record }) => record),
  )
  keepLinks(tx, taken, hashSecret)
  return { taken, over }
}

/** What is no asking, and has a link. */
const LINKED: ReadonlySet<Content['is']> = new Set(['way-test', 'which'])
/** The row that the link answers. */
const linkedOf = ({ id, content }: NotificationRecord): string => (content.is === 'which' ? content.of : id)

/**
 * Nobody here can send on this channel: said at once, so that the next one is tried. By the fence, for another process may know
 * a provider and have taken it meanwhile. One that died while it tried may have sent: that is noted first, and then it is due again.
 */
const withoutProvider = ({ sending, fence }: Attempt): Happened =>
  sending ? { type: 'clock' } : { type: 'failed', fence, why: 'no-provider', addressDead: false }

interface DueRow extends NotificationRow {
  readonly dismissed: boolean
  readonly dead: boolean
  readonly told: boolean
}

const DISMISSED = `(${REMOVED('due')} or ${TAKEN_BACK('due')})`
const DEAD = `exists (select from ${WAYS_TO_RECIPIENT('due')}
    where way.channel = due.channel and way.address = due.address and way.dead_since is not null)`

/**
 * Who may be told is looked up once more right before it is sent: minutes may lie between. A stand-down is for who was told
 * already, and goes to them in any case; a dead address may be tested. A stand-down waits for an asking of the same person that is on its way; `told` says whether any
 * of theirs has left, or may have. Who was never told to go is not told to stay.
 */
const DUE = `select ${COLUMNS.split(',')
  .map((name) => `due.${name.trim()}`)
  .join(', ')}, due.purpose <> 'stand-down' and (${DISMISSED}) as dismissed, due.purpose = 'alarm' and ${DEAD} as dead,
    due.purpose <> 'stand-down' or exists (
      select from notification as asked where asked.alarm = due.alarm and asked.track = due.track and asked.purpose = 'alarm'
        and asked.recipient_kind = due.recipient_kind and asked.recipient = due.recipient and ${MAY_GO('asked')} offset 0) as told
  from unnest($1::text[], $2::boolean[], $3::boolean[], $4::integer[]) as lane (channel, urgent, life, free),
    lateral (
      select * from notification as one
      where one.channel = lane.channel and one.urgent = lane.urgent and one.life = lane.life
        and one.due_at <= (select app_now()) and one.id <> all ($5) and not (one.purpose = 'stand-down' and exists (
          select from notification as asked where asked.alarm = one.alarm and asked.track = one.track
            and asked.purpose = 'alarm' and asked.recipient_kind = one.recipient_kind and asked.recipient = one.recipient
            and asked.sending offset 0))
      order by one.due_at limit lane.free for update skip locked
    ) as due`

function keepLinks(tx: Transaction, taken: readonly Taken[], hashSecret: (secret: string) => Buffer): void {
  const links = taken.flatMap(({ record, secret }) => (secret === null ? [] : [{ record, hash: hashSecret(secret) }]))
  if (links.length === 0) return
  void tx.query(
    `insert into answer_link (hash, centre, notification)
     select decode(hash, 'hex'), centre, notification from unnest($1::text[], $2::text[], $3::text[]) as given (hash, centre, notification)`,
    [
      links.map(({ hash }) => hash.toString('hex')),
      links.map(({ record }) => record.centre),
      links.map(({ record }) => linkedOf(record)),
    ],
    'answer-link-insert',
  )
}
