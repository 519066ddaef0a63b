import type { Clock, Random } from '@anju/contract'
import { ulid } from 'ulid'
import { type Column, columnar, given } from '../database/columns.ts'
import type { Attempt, Failure, Ledger } from '../escalation/ports.ts'
import { readEvidence } from './evidence.ts'
import { ASKING } from './record.ts'
import { standDown } from './stand-downs.ts'
import type { Destination } from './takers.ts'

export interface LedgerOptions {
  readonly clock: Clock
  readonly random: Random
  /** Whether anybody here can send there. */
  readonly sends: (to: Destination) => boolean
  /** Called after a commit that queued something: the sender need not wait for its clock. */
  readonly onQueued: () => void
}

/** The ledger of attempts: every call is one statement or two, whatever the number of people. */
export function createLedger({ clock, random, sends, onQueued }: LedgerOptions): Ledger {
  const newId = () => ulid(clock.now(), () => random.uniform())

  return {
    async queue(tx, alarm, track, position, attempts) {
      if (attempts.length === 0) return []
      const rows = attempts.map((attempt) => ({
        ...attempt,
        id: newId(),
        sends: attempt.channel === 'console' || sends(attempt),
      }))
      const { round, step, wave } = position
      const people = [rows.map(({ recipient }) => recipient.kind), rows.map(({ recipient }) => recipient.id)]
      if (round > 0)
        void tx.query(
          SUPERSEDE,
          [alarm.alarm, track, round, ...people, rows.map(({ channel }) => channel)],
          'ledger-over',
        )
      void tx.query(
        QUEUE,
        [...columnar(ASKED, rows), alarm.alarm, alarm.test, track, round, step, wave],
        'ledger-queue',
      )
      const awaited = rows.filter((row) => row.sends)
      if (awaited.some(({ channel }) => channel !== 'console')) tx.afterCommit(onQueued)
      return awaited
    },

    withdraw(tx, alarm, track) {
      void tx.query(WITHDRAW, [alarm, track], 'ledger-withdraw')
    },

    async standDown(tx, alarm, track, because) {
      const { queued, left } = await standDown(tx, { alarm: alarm.alarm, track, because }, newId)
      if (queued) tx.afterCommit(onQueued)
      return left
    },

    evidence: readEvidence,

    failures: (tx, alarm, track, { round, step, wave }) =>
      tx.query<Failure>(
        `select recipient_kind as kind, recipient as id, recipient_name as name, channel, why from ${IN_WAVE}
           and (state = 'failed' or (state = 'queued' and why is not null)) order by recipient, channel`,
        [alarm, track, round, step, wave],
        'ledger-failures',
      ),

    async declined(tx, alarm, track, { round, step }) {
      const rows = await tx.query<{ recipient: string }>(
        `select distinct recipient_kind || ' ' || recipient as recipient from notification
         where alarm = $1 and track = $2 and round = $3 and step = $4 and purpose = 'alarm' and state = 'declined'`,
        [alarm, track, round, step],
        'ledger-declined',
      )
      return new Set(rows.map(({ recipient }) => recipient))
    },

    async turnOf(tx, alarm, track, { round, step }) {
      const [row] = await tx.query<{ turn: number }>(
        `select count(distinct round)::integer as turn from notification
         where alarm = $1 and track = $2 and round < $3 and step = $4 and purpose = 'alarm'`,
        [alarm, track, round, step],
        'ledger-turn',
      )
      return row?.turn ?? 0
    },

    async unreached(tx, { alarm, home }, track, round, steps) {
      const rows = await tx.query(UNREACHED, [alarm, track, round, home, steps], 'ledger-unreached')
      return rows.length > 0
    },
  }
}

/**
 * Of the centre's own whoever is not reached because a provider is away is not reached: who comes next may have another way. A
 * robot in a chat group is nobody; nor is the console at which it is held already.
 */
const UNREACHED = `select 1 where ($2 <> 'family' or exists (select from contact where home = $4 and removed_at is null))
  and not exists (select from notification where alarm = $1 and track = $2 and round = $3 and step < $5 and purpose = 'alarm'
    and state not in ('failed', 'cancelled')
    and not ($2 <> 'family' and state = 'queued' and why is not null)
    and not ($2 = 'long-lie' and recipient_kind = 'queue')
    and not (recipient_kind = 'centre' and channel not in ('console', 'voice', 'sms')))`

const IN_WAVE = `notification
  where alarm = $1 and track = $2 and round = $3 and step = $4 and wave = $5 and purpose = 'alarm'`

type Asked = Attempt & { readonly id: string; readonly sends: boolean }
const asked = (name: string, value: (asked: Asked) => string): Column<Asked> => ({ name, type: 'text', value })
const ASKED: readonly Column<Asked>[] = [
  asked('id', ({ id }) => id),
  asked('kind', ({ recipient }) => recipient.kind),
  asked('recipient', ({ recipient }) => recipient.id),
  asked('name', ({ recipient }) => recipient.name),
  asked('language', ({ recipient }) => recipient.language),
  asked('channel', ({ channel }) => channel),
  asked('address', ({ address }) => address),
  { name: 'sends', type: 'boolean', value: ({ sends }) => sends },
]
const after = (n: number): string => `$${ASKED.length + n}`

/**
 * A page at a seat is not sent to by anybody: what stands in the ledger is what the live stream shows, and being painted is a
 * rung of its own. What nobody can send has failed as it is asked: the next one is not kept waiting for it.
 */
const QUEUE = `insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient,
    recipient_name, channel, address, language, content, urgent, life, state, why, queued_at, sent_at, failed_at, due_at)
  select given.id, alarm.centre, alarm.home, alarm.id, 'alarm', ${after(3)}, ${after(4)}, ${after(5)}, ${after(6)}, given.kind,
    given.recipient, given.name, given.channel, given.address, given.language,
    ${ASKING(`${after(2)}::boolean`)},
    alarm.class in ('life', 'hazard'), alarm.class = 'life',
    case when given.channel = 'console' then 'sent' when given.sends then 'queued' else 'failed' end,
    case when not given.sends then 'no-provider' end, clock.now,
    case when given.channel = 'console' then clock.now end,
    case when not given.sends then clock.now end,
    case when given.channel <> 'console' and given.sends then clock.now end
  from ${given(ASKED)}, (select app_now() as now) as clock, alarm join home on home.id = alarm.home
  where alarm.id = ${after(1)}
  on conflict do nothing`

/**
 * Who is asked anew on a channel need not hear of the rounds before, too: a provider that comes back after a night would else
 * deliver all of them at once.
 */
const SUPERSEDE = `update notification as before set state = 'cancelled', cancelled_at = app_now(), due_at = null
  from unnest($4::text[], $5::text[], $6::text[]) as again (kind, recipient, channel)
  where before.alarm = $1 and before.track = $2 and before.round < $3 and before.purpose = 'alarm' and before.state = 'queued'
    and not before.sending and before.recipient_kind = again.kind and before.recipient = again.recipient
    and before.channel = again.channel`

/** What has not left does not leave. What is on its way keeps its lease, and is not repeated: `move` says the same of one row. */
const WITHDRAW = `update notification set
    state = case state when 'queued' then 'cancelled' else state end,
    cancelled_at = coalesce(cancelled_at, clock.now),
    due_at = case when sending then due_at end
  from (select app_now() as now) as clock
  where alarm = $1 and track = $2 and purpose = 'alarm' and state in ('queued', 'unknown') and due_at is not null`
