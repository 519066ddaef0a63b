import type { Clock, Random } from '@anju/contract'
import { monotonicFactory } from 'ulid'
import type { Failure, Ledger } from '../escalation/ports.ts'
import { queue, rowsOf, withdraw } from './asking.ts'
import { readEvidence } from './evidence.ts'
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

/** The ledger of attempts: every call is a few statements, whatever the number of alarms and people. */
export function createLedger({ clock, random, sends, onQueued }: LedgerOptions): Ledger {
  // Of one moment, too, the log tells in the order in which they were asked.
  const mint = monotonicFactory(() => random.uniform())
  const newId = () => mint(clock.now())
  const isAwaited = (to: Destination) => to.channel === 'console' || sends(to)

  return {
    awaited: (attempts) => attempts.filter(isAwaited),

    queue(tx, waves) {
      const rows = rowsOf(waves, isAwaited, newId)
      queue(tx, rows)
      if (rows.some(({ sends, channel }) => sends && channel !== 'console')) tx.afterCommit(onQueued)
    },

    withdraw,

    async standDown(tx, tracks) {
      const { queued, left } = await standDown(tx, tracks, newId)
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
