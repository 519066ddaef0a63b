import { Client } from 'pg'
import type { Cluster } from '../../harness/cluster.ts'
import type { PressingHomes } from '../../harness/pressing-homes.ts'
import type { MessageAccount } from '../../harness/providers/message-account.ts'
import { pause } from '../../harness/wait.ts'
import { type Expectations, rounded } from '../observation.ts'

/** How late people may be told to stay: nobody lies on a floor for it. */
const tidiedUpWithinMs = 10_000

/**
 * Looks at the rows as an outsider, many times a second: how long after its deadline the latest one still waits, of the alarms that
 * are open, and of those that are closed, where only tidying up is left.
 */
export class Overdue {
  readonly #looker: Client
  readonly #max = { escalation: 0, lease: 0 }
  #closed = 0
  #looks = 0

  constructor({ adminUrl }: Cluster) {
    // By its indexes, and one by one: whoever looks must not take what is looked at.
    const byKey = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((how) => `-c enable_${how}=off`).join(' ')
    this.#looker = new Client({ connectionString: adminUrl, options: byKey })
  }

  async watch(stopped: AbortSignal): Promise<void> {
    await this.#looker.connect()
    try {
      while (!stopped.aborted) {
        const { rows } = await this.#looker.query<{ open: number; closed: number; lease: number }>(LONGEST_OVERDUE)
        this.#looks++
        this.#max.escalation = Math.max(this.#max.escalation, rows[0]?.open ?? 0)
        this.#max.lease = Math.max(this.#max.lease, rows[0]?.lease ?? 0)
        this.#closed = Math.max(this.#closed, rows[0]?.closed ?? 0)
        await pause(100)
      }
    } finally {
      await this.#looker.end()
    }
  }

  figures(lateMaxMs: number, expect: Expectations) {
    for (const [what, ms] of Object.entries(this.#max))
      expect.that(ms <= lateMaxMs, `a deadline of an ${what} was still waiting ${ms.toFixed(0)} ms after it`)
    expect.that(this.#closed <= tidiedUpWithinMs, `a closed alarm was not tidied up for ${this.#closed.toFixed(0)} ms`)
    return {
      'looks at the deadlines': this.#looks,
      'longest overdue escalation of an open alarm, ms': rounded(this.#max.escalation),
      'longest overdue escalation of a closed alarm, ms': rounded(this.#closed),
      'longest overdue lease, ms': rounded(this.#max.lease),
    }
  }
}

const overdueMs = (deadline: string): string =>
  `greatest(0, coalesce(extract(epoch from app_now() - (${deadline})), 0))::float8 * 1000`
/** From the oldest on, and no further than the first. */
const firstDue = (of: string): string => `
  select due_at from (select alarm, due_at from escalation where due_at < (select app_now()) order by due_at offset 0) as due
  where (select ${of} from alarm where alarm.id = due.alarm) limit 1`
const LONGEST_OVERDUE = {
  name: 'longest-overdue',
  text: `select ${overdueMs(firstDue("handling <> 'closed'"))} as open, ${overdueMs(firstDue("handling = 'closed'"))} as closed,
      ${overdueMs(`select until from alarm where handling in ('claimed', 'in-progress', 'parked') order by until limit 1`)} as lease`,
}

/** What homes were promised against what the centre has. */
export async function accounts(cluster: Cluster, { presses }: PressingHomes, expect: Expectations) {
  const stored = await cluster.query<{ id: string; alarms: number }>(
    'select id, count(distinct alarm)::integer as alarms from event group by id',
  )
  const known = new Map(stored.map(({ id, alarms }) => [id, alarms]))
  const lost = presses.filter(({ id, receiptedAt }) => receiptedAt !== undefined && known.get(id) !== 1)
  const [doubled] = await cluster.query<{ n: number }>(
    `select count(*)::integer as n from (select 1 from alarm where type = 'sos-pressed' group by home, placement having count(*) > 1) as twice`,
  )
  const [alarms] = await cluster.query<{ n: number }>(
    `select count(*)::integer as n from alarm where type = 'sos-pressed'`,
  )
  const [late] = await cluster.query<{ n: number }>(
    `select count(*)::integer as n from alarm where type = 'escalation-late'`,
  )
  expect.that(late?.n === 0, `${late?.n} alarms say that a step was late`)
  expect.that(lost.length === 0, `${lost.length} receipted presses are in no alarm, ${lost[0]?.id}`)
  expect.that(doubled?.n === 0, `${doubled?.n} presses have two alarms`)
  expect.that(alarms?.n === presses.length, `${presses.length} presses, ${alarms?.n} alarms`)
  const ms = presses
    .map(({ sentAt, receiptedAt = Number.POSITIVE_INFINITY }) => receiptedAt - sentAt)
    .sort((a, b) => a - b)
  return {
    lost: lost.length,
    'alarms of lateness': late?.n ?? -1,
    doubled: doubled?.n ?? -1,
    'receipt p50, ms': ms[Math.floor(ms.length / 2)] ?? -1,
    'receipt p99, ms': ms[Math.floor(ms.length * 0.99)] ?? -1,
  }
}

/**
 * What has left, at its provider. A server that dies in the middle of sending does not know whether it did: such a message is
 * repeated, for this is about a life, and any other leaves once.
 */
export async function messages(cluster: Cluster, account: MessageAccount, expect: Expectations) {
  const rows = await cluster.query<{ id: string; sent: boolean; doubtful: boolean }>(
    `select id, sent_at is not null as sent, doubts > 0 as doubtful from notification where channel = 'sms'`,
  )
  const left = account.timesLeft()
  const twice = rows.filter(({ id }) => (left.get(id) ?? 0) > 1)
  const doubled = twice.filter(({ doubtful }) => !doubtful)
  const claimed = rows.filter(({ id, sent }) => sent && !left.has(id))
  expect.that(left.size > 0, 'no message has left')
  expect.that(doubled.length === 0, `${doubled.length} messages left more than once without a doubt, ${doubled[0]?.id}`)
  expect.that(claimed.length === 0, `${claimed.length} messages are said to be sent and never left, ${claimed[0]?.id}`)
  const repeated = twice.length - doubled.length
  return {
    'messages left': left.size,
    'left again, after a kill in the middle': repeated,
    'messages doubled': doubled.length,
  }
}

/** Each step of the centre's own track against the one before it: asked once, and when the first one's time was over. */
export async function steps(cluster: Cluster, lateMaxMs: number, expect: Expectations) {
  const [row] = await cluster.query<{ asks: number; late: number; latest: number; twice: number; unattended: number }>(`
    with asks as (
      select alarm, round, step, wave, min(queued_at) as at, count(*) - count(distinct (recipient_kind, recipient, channel)) as twice
      from notification where track = 'centre' and purpose = 'alarm' group by alarm, round, step, wave
    ), pairs as (
      select asks.*, lead(at) over following as next_at, lead(asks.round) over following as next_round,
        (escalation.policy -> 'steps' -> asks.step -> 'waves' -> asks.wave ->> 'timeoutS')::float8 * 1000 as timeout_ms
      from asks join escalation on escalation.alarm = asks.alarm and escalation.track = 'centre'
      window following as (partition by asks.alarm order by asks.round, asks.step, asks.wave)
    ), late as (
      select extract(epoch from next_at - at)::float8 * 1000 - timeout_ms as ms from pairs where next_at is not null and next_round = round
    )
    select (select count(*)::integer from asks) as asks, (select count(*)::integer from late where ms > ${lateMaxMs}) as late,
      (select coalesce(max(ms), 0) from late) as latest, (select coalesce(sum(twice), 0)::integer from asks) as twice,
      (select count(*)::integer from alarm where class = 'life' and not exists (select from escalation where alarm = alarm.id)) as unattended`)
  expect.that((row?.asks ?? 0) > 0, 'nobody was asked')
  expect.that(row?.late === 0, `${row?.late} steps came more than ${lateMaxMs} ms late, the latest ${row?.latest} ms`)
  expect.that(row?.twice === 0, `${row?.twice} people were asked twice in one wave`)
  expect.that(row?.unattended === 0, `${row?.unattended} alarms without an escalation`)
  return { asks: row?.asks ?? 0, 'latest step, ms': rounded(row?.latest ?? -1), 'asked twice': row?.twice ?? -1 }
}
