import type { AlarmId, CentreId, HomeId, Instant } from '@anju/contract'
import type { Channel, NotificationState, Purpose, Track } from '@anju/contract/api'
import { among, type Column, cast, columnar, given } from '../database/columns.ts'
import type { Attempt } from '../domain/notification.ts'
import type { Recipient } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import type { Content, Language } from './words.ts'

/** One row of the ledger; `notification` is its table. */
export interface NotificationRecord {
  readonly id: string
  readonly centre: CentreId
  readonly home: HomeId | null
  readonly alarm: AlarmId | null
  readonly track: Track | null
  readonly recipient: Pick<Recipient, 'kind' | 'id' | 'name'>
  readonly address: string
  readonly language: Language
  readonly content: Content
  /** It asks somebody to go for a life alarm: nothing else stands before it. */
  readonly life: boolean
  readonly provider: string | null
  readonly providerId: string | null
  readonly stoodDown: boolean
  readonly attempt: Attempt
}

export interface NotificationRow {
  id: string
  centre: string
  home: string | null
  alarm: string | null
  purpose: Purpose
  track: Track | null
  recipient_kind: Recipient['kind']
  recipient: string
  recipient_name: string
  channel: Channel
  address: string
  language: Language
  content: Content
  urgent: boolean
  life: boolean
  state: NotificationState
  why: string | null
  provider: string | null
  provider_id: string | null
  queued_at: number
  sent_at: number | null
  delivered_at: number | null
  seen_at: number | null
  accepted_at: number | null
  declined_at: number | null
  failed_at: number | null
  cancelled_at: number | null
  accepted_until: number | null
  tries: number
  doubts: number
  due_at: number | null
  fence: number
  sending: boolean
  stood_down: boolean
}

export const COLUMNS = `id, centre, home, alarm, purpose, track, recipient_kind, recipient, recipient_name, channel, address, language,
  content, urgent, life, state, why, provider, provider_id, queued_at, sent_at, delivered_at, seen_at, accepted_at, declined_at,
  failed_at, cancelled_at, accepted_until, tries, doubts, due_at, fence, sending, stood_down`

/** Whether somebody was, or may have been, told by it: of several tries one may have arrived, also when the last one certainly failed. */
export const MAY_HAVE_LEFT = (row: string): string => `(
  ${row}.state in ('unknown', 'sent', 'delivered', 'seen', 'declined', 'accepted') or (${row}.state = 'failed' and ${row}.doubts > 0))`

/**
 * Whether somebody believes by it that they are wanted: they were told, or may have been; or they said in the app that they go,
 * whoever asked them.
 */
export const MAY_GO = (row: string): string => `(
  (${row}.channel <> 'console' and ${MAY_HAVE_LEFT(row)}) or (${row}.address = 'app' and ${row}.state = 'accepted'))`

/** When it happened, by the centre's own clock and the gateway's elapsed time: the gateway's clock may say 1970. */
export const HAPPENED_AT = `alarm.received_at - alarm.late_by_ms * interval '1 millisecond'`
/**
 * What a row that asks somebody to go says of `alarm` in its `home`. Cut to minutes in the home's zone here, so that a later
 * change of zone does not change what was said.
 */
export const ASKING = (test: string): string => `jsonb_build_object('is', 'alarm', 'type', alarm.type,
      'at', to_char((${HAPPENED_AT}) at time zone home.time_zone, 'HH24:MI'), 'code', right(alarm.id, 6), 'test', ${test})`

export const recordOf = (row: NotificationRow): NotificationRecord => ({
  id: row.id,
  centre: row.centre as CentreId,
  home: row.home as HomeId | null,
  alarm: row.alarm as AlarmId | null,
  track: row.track,
  recipient: { kind: row.recipient_kind, id: row.recipient, name: row.recipient_name },
  address: row.address,
  language: row.language,
  content: row.content,
  life: row.life,
  provider: row.provider,
  providerId: row.provider_id,
  stoodDown: row.stood_down,
  attempt: {
    purpose: row.purpose,
    channel: row.channel,
    urgent: row.urgent,
    queuedAt: row.queued_at as Instant,
    state: row.state,
    why: row.why,
    at: {
      sent: row.sent_at as Instant | null,
      delivered: row.delivered_at as Instant | null,
      seen: row.seen_at as Instant | null,
      accepted: row.accepted_at as Instant | null,
      declined: row.declined_at as Instant | null,
      failed: row.failed_at as Instant | null,
      cancelled: row.cancelled_at as Instant | null,
    },
    acceptedUntil: row.accepted_until as Instant | null,
    tries: row.tries,
    doubts: row.doubts,
    dueAt: row.due_at as Instant | null,
    fence: row.fence,
    sending: row.sending,
  },
})

type Saved = Column<NotificationRecord>
const column = (name: string, type: Saved['type'], value: Saved['value']): Saved => ({ name, type, value })
const time = (name: string, value: (attempt: Attempt) => Instant | null): Saved =>
  column(name, 'timestamptz', ({ attempt }) => value(attempt))

const ID = column('id', 'text', ({ id }) => id)
/** What happens to an attempt after it was queued. */
const CHANGED: readonly Saved[] = [
  column('state', 'text', ({ attempt }) => attempt.state),
  column('why', 'text', ({ attempt }) => attempt.why),
  column('provider', 'text', ({ provider }) => provider),
  column('provider_id', 'text', ({ providerId }) => providerId),
  time('sent_at', ({ at }) => at.sent),
  time('delivered_at', ({ at }) => at.delivered),
  time('seen_at', ({ at }) => at.seen),
  time('accepted_at', ({ at }) => at.accepted),
  time('declined_at', ({ at }) => at.declined),
  time('failed_at', ({ at }) => at.failed),
  time('cancelled_at', ({ at }) => at.cancelled),
  time('accepted_until', ({ acceptedUntil }) => acceptedUntil),
  column('tries', 'integer', ({ attempt }) => attempt.tries),
  column('doubts', 'integer', ({ attempt }) => attempt.doubts),
  time('due_at', ({ dueAt }) => dueAt),
  column('fence', 'bigint', ({ attempt }) => attempt.fence),
  column('sending', 'boolean', ({ attempt }) => attempt.sending),
  column('stood_down', 'boolean', ({ stoodDown }) => stoodDown),
]
const SAVED = [ID, ...CHANGED]
const UPDATE = `update notification set ${CHANGED.map((one) => `${one.name} = ${cast(one)}`).join(', ')}
  from ${given(SAVED)} where notification.id = given.id
    and ${among(SAVED, 'id', 'notification.id')}`

/** Rows that this transaction holds locked. Sent, not awaited: the transaction throws what fails. */
export function save(tx: Transaction, records: readonly NotificationRecord[]): void {
  if (records.length > 0) void tx.query(UPDATE, columnar(SAVED, records), 'notification-update')
}
