import { among, type Column, columnar, given } from '../database/columns.ts'
import type { Attempt, TrackOfAlarm, Wave } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import { ASKING } from './record.ts'
import type { Destination } from './takers.ts'

type Asked = Omit<Wave, 'attempts'> & Attempt & { readonly id: string; readonly sends: boolean }

/** Every attempt of these waves, and whether anybody here can send it. */
export const rowsOf = (
  waves: readonly Wave[],
  sends: (to: Destination) => boolean,
  newId: () => string,
): readonly Asked[] =>
  waves.flatMap(({ attempts, ...wave }) =>
    attempts.map((attempt) => ({ ...wave, ...attempt, id: newId(), sends: sends(attempt) })),
  )

/** One statement for all, and one for those who were asked in a round before. */
export function queue(tx: Transaction, rows: readonly Asked[]): void {
  if (rows.length === 0) return
  const anew = rows.filter(({ position }) => position.round > 0)
  if (anew.length > 0) void tx.query(SUPERSEDE, columnar(ANEW, anew), 'ledger-over')
  void tx.query(QUEUE, columnar(ASKED, rows), 'ledger-queue')
}

export function withdraw(tx: Transaction, tracks: readonly TrackOfAlarm[]): void {
  if (tracks.length > 0) void tx.query(WITHDRAW, columnar(WITHDRAWN, tracks), 'ledger-withdraw')
}

const text = (name: string, value: (asked: Asked) => string): Column<Asked> => ({ name, type: 'text', value })
const number = (name: string, value: (asked: Asked) => number): Column<Asked> => ({ name, type: 'integer', value })
const ANEW: readonly Column<Asked>[] = [
  text('alarm', ({ alarm }) => alarm.alarm),
  text('track', ({ track }) => track),
  number('round', ({ position }) => position.round),
  text('kind', ({ recipient }) => recipient.kind),
  text('recipient', ({ recipient }) => recipient.id),
  text('channel', ({ channel }) => channel),
]
const ASKED: readonly Column<Asked>[] = [
  ...ANEW,
  number('step', ({ position }) => position.step),
  number('wave', ({ position }) => position.wave),
  { name: 'test', type: 'boolean', value: ({ alarm }) => alarm.test },
  text('id', ({ id }) => id),
  text('name', ({ recipient }) => recipient.name),
  text('language', ({ recipient }) => recipient.language),
  text('address', ({ address }) => address),
  { name: 'sends', type: 'boolean', value: ({ sends }) => sends },
]

/**
 * A page at a seat is not sent to by anybody: what stands in the ledger is what the live stream shows, and being painted is a
 * rung of its own. What nobody can send has failed as it is asked: the next one is not kept waiting for it.
 */
const QUEUE = `insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient,
    recipient_name, channel, address, language, content, urgent, life, state, why, queued_at, sent_at, failed_at, due_at)
  select given.id, alarm.centre, alarm.home, alarm.id, 'alarm', given.track, given.round, given.step, given.wave, given.kind,
    given.recipient, given.name, given.channel, given.address, given.language,
    ${ASKING('given.test')},
    alarm.class in ('life', 'hazard'), alarm.class = 'life',
    case when given.channel = 'console' then 'sent' when given.sends then 'queued' else 'failed' end,
    case when not given.sends then 'no-provider' end, clock.now,
    case when given.channel = 'console' then clock.now end,
    case when not given.sends then clock.now end,
    case when given.channel <> 'console' and given.sends then clock.now end
  from ${given(ASKED)} join alarm on alarm.id = given.alarm and ${among(ASKED, 'alarm', 'alarm.id')}
    join home on home.id = alarm.home, (select app_now() as now) as clock
  on conflict do nothing`

/**
 * Who is asked anew on a channel need not hear of the rounds before, too: a provider that comes back after a night would else
 * deliver all of them at once.
 */
const SUPERSEDE = `update notification as before set state = 'cancelled', cancelled_at = app_now(), due_at = null
  from ${given(ANEW)}
  where before.alarm = given.alarm and ${among(ANEW, 'alarm', 'before.alarm')} and before.track = given.track
    and before.round < given.round and before.purpose = 'alarm' and before.state = 'queued'
    and not before.sending and before.recipient_kind = given.kind and before.recipient = given.recipient
    and before.channel = given.channel`

const WITHDRAWN: readonly Column<TrackOfAlarm>[] = [
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm },
  { name: 'track', type: 'text', value: ({ track }) => track },
]
/** What has not left does not leave. What is on its way keeps its lease, and is not repeated: `move` says the same of one row. */
const WITHDRAW = `update notification set
    state = case state when 'queued' then 'cancelled' else state end,
    cancelled_at = coalesce(cancelled_at, clock.now),
    due_at = case when sending then due_at end
  from ${given(WITHDRAWN)}, (select app_now() as now) as clock
  where notification.alarm = given.alarm and ${among(WITHDRAWN, 'alarm', 'notification.alarm')} and notification.track = given.track
    and purpose = 'alarm' and state in ('queued', 'unknown') and due_at is not null`
