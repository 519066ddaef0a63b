import { type AlarmId, formatInstant, type Instant, minutes } from '@anju/contract'
import type { AlarmDetail, Channel, Notification } from '@anju/contract/api'
import { etaGrace } from '../domain/notification.ts'
import type { PersonActor, Transaction } from '../ports.ts'
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

interface AnsweredRow {
  name: string
  state: 'accepted' | 'declined'
  accepted_at: number | null
  accepted_until: number | null
  /** They are still expected. */
  current: boolean
  me: boolean
}

/** Who is on the way, and what the reader themselves has said last: in the app, on the page of a link, or by a key of a call. */
export async function goingOf(
  tx: Transaction,
  alarm: AlarmId,
  { person }: PersonActor,
): Promise<Required<Pick<AlarmDetail, 'going' | 'answered'>>> {
  const rows = await tx.query<AnsweredRow>(GOING, [alarm, person], 'going-of')
  const mine = rows.find(({ me }) => me)
  return {
    going: rows.flatMap(({ name, accepted_until: until, current, me }) =>
      current && until !== null
        ? [
            {
              name,
              arrivesAt: formatInstant((until - etaGrace) as Instant),
              until: formatInstant(until as Instant),
              me,
            },
          ]
        : [],
    ),
    answered: mine ? answerOf(mine) : null,
  }
}

/** One row a person: somebody who answered on two channels is one. */
const GOING = `
  select said.name, state, accepted_at, accepted_until, state = 'accepted' and accepted_until > (select app_now()) as current,
    coalesce((recipient_kind, recipient) in (('person', reader.id), ('contact', reader.contact)), false) as me
  from (
    select distinct on (recipient_kind, recipient) recipient_kind, recipient, recipient_name as name, state, accepted_at,
      accepted_until
    from notification
    where alarm = $1 and track = 'family' and purpose = 'alarm' and state in ('accepted', 'declined')
    order by recipient_kind, recipient, state = 'accepted' desc, accepted_until desc
  ) as said left join person as reader on reader.id = $2
  order by accepted_until, recipient`

function answerOf({
  state,
  accepted_until: until,
  accepted_at: at,
}: AnsweredRow): NonNullable<AlarmDetail['answered']> {
  if (state === 'declined' || at === null || until === null) return { answer: 'cannot', etaMinutes: null }
  return { answer: 'going', etaMinutes: Math.round((until - at - etaGrace) / minutes(1)) }
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
