import { type Clock, hours, type Random } from '@anju/contract'
import { encodeTime, ulid } from 'ulid'
import type { Notices } from '../roster/ports.ts'

export interface NoticesOptions {
  readonly clock: Clock
  readonly random: Random
  /** Called after a commit that queued something. */
  readonly onQueued: () => void
}

/** A finger that taps twice is no second message. */
const againAfterS = 60

/** What the ledger tells without an alarm: there is no alarm's lock, and nobody waits for the answer. */
export function createNotices({ clock, random, onQueued }: NoticesOptions): Notices {
  return {
    async testWay(tx, { kind, id, name, language, centre, home, channel, address }) {
      const now = clock.now()
      // Ids grow with time, so the primary key finds the last minute among years; an hour, for clocks that differ.
      const since = encodeTime(Math.max(0, now - hours(1)), 10)
      const [before] = await tx.query<{ id: string }>(BEFORE, [since, kind, id, channel, address], 'notice-before')
      if (before) return before.id
      const newId = ulid(now, () => random.uniform())
      await tx.query(QUEUE, [newId, centre, home, kind, id, name, channel, address, language], 'notice-queue')
      tx.afterCommit(onQueued)
      return newId
    },
  }
}

const BEFORE = `select id from notification
  where id >= $1 and purpose = 'notice' and recipient_kind = $2 and recipient = $3 and channel = $4 and address = $5
    and queued_at > (select app_now()) - interval '${againAfterS} seconds'
  order by id desc limit 1`

const QUEUE = `insert into notification (id, centre, home, purpose, recipient_kind, recipient, recipient_name, channel, address,
    language, content, urgent, state, queued_at, due_at)
  select $1, $2, $3, 'notice', $4, $5, $6, $7, $8, $9,
    jsonb_build_object('is', 'way-test', 'type', 'test', 'code', right($1, 6), 'test', false, 'at', to_char(
      clock.now at time zone coalesce((select time_zone from home where id = $3), 'Asia/Shanghai'), 'HH24:MI')),
    false, 'queued', clock.now, clock.now
  from (select app_now() as now) as clock`
