import { type AlarmId, formatInstant, type Instant } from '@anju/contract'
import type { Channel, Notification } from '@anju/contract/api'
import type { Transaction } from '../ports.ts'
import { COLUMNS, type NotificationRow } from './record.ts'

const notificationsMax = 500

/**
 * The attempts of one alarm, in the order they were queued; the latest ones when there are very many. For a relative
 * (`addresses: false`) without addresses and without the providers' words about them.
 */
export async function notificationsOf(
  tx: Transaction,
  alarm: AlarmId,
  { addresses }: { readonly addresses: boolean },
): Promise<Notification[]> {
  const rows = await tx.query<NotificationRow & { round: number; step: number }>(
    `select * from (
       select ${COLUMNS}, round, step from notification where alarm = $1 order by queued_at desc, id desc limit ${notificationsMax}
     ) as latest order by queued_at, id`,
    [alarm],
    'notifications-of',
  )
  return rows.map((row) => ({
    id: row.id,
    purpose: row.purpose,
    track: row.track,
    round: row.round,
    step: row.step,
    recipient: { kind: row.recipient_kind, id: row.recipient, name: row.recipient_name },
    channel: row.channel,
    address: addresses ? lastFourOf(row.channel, row.address) : '',
    state: row.state,
    why: row.state === 'accepted' ? text(row.accepted_until) : addresses ? row.why : null,
    at: {
      queued: formatInstant(row.queued_at as Instant),
      sent: text(row.sent_at),
      delivered: text(row.delivered_at),
      seen: text(row.seen_at),
      accepted: text(row.accepted_at),
      declined: text(row.declined_at),
      failed: text(row.failed_at),
    },
  }))
}

const text = (at: number | null): string | null => (at === null ? null : formatInstant(at as Instant))

/** The last four of what a person would recognise. The address of a robot or of a push subscription is itself a secret. */
function lastFourOf(channel: Channel, address: string): string {
  switch (channel) {
    case 'sms':
    case 'voice':
    case 'wechat':
      return `••••${address.slice(-4)}`
    case 'email':
      return `••••${(address.split('@')[0] ?? '').slice(-4)}@${address.split('@')[1] ?? ''}`
    default:
      return ''
  }
}
