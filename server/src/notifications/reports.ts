import { type AlarmId, assertNever, type Clock, errorCode, errorMessage, hours, millis, sleep } from '@anju/contract'
import { encodeTime } from 'ulid'
import { etaDefault } from '../domain/notification.ts'
import type { Database, Transaction } from '../ports.ts'
import type { Report } from './channel.ts'
import type { Happened, Mover, Whereabouts } from './mover.ts'
import { MAY_HAVE_LEFT } from './record.ts'
import { SENDER } from './sender.ts'

/** A callback may overtake the answer to the call that caused it: then its id is known a moment later. */
const lookAgainAfter = millis(250)
const looksMax = 8
/** A "1" that comes later than this is an answer to something else. */
const repliesHours = 12

export const REPORT_OUTCOMES = ['applied', 'unknown', 'failed'] as const
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number]

export interface ReportsOptions {
  readonly database: Database
  readonly mover: Mover
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

export interface Reports {
  /**
   * Applies what a provider says, each report in a transaction of its own: one that cannot be applied does not cost the others.
   * @throws DomainError `store-unavailable`, or `overloaded` once the others are applied: then the provider has to say it again, and
   * what is applied is not applied twice.
   */
  apply(reports: readonly Report[]): Promise<readonly ReportOutcome[]>
  readonly counts: Readonly<Record<ReportOutcome, number>>
}

export function createReports({ database, mover, clock, log }: ReportsOptions): Reports {
  const counts: Record<ReportOutcome, number> = { applied: 0, unknown: 0, failed: 0 }

  async function one(report: Report): Promise<ReportOutcome> {
    for (let look = 1; ; look++) {
      const outcome = await database.transaction(SENDER, async (tx) => {
        const where = await find(tx, report, clock)
        if (where) return (await mover.move(tx, where, happenedBy(report), report.providerId)) ? 'applied' : 'unknown'
        return look < looksMax && (await mayStillCome(tx, report)) ? undefined : 'unknown'
      })
      if (outcome) return outcome
      await sleep(clock, lookAgainAfter)
    }
  }

  return {
    counts,
    async apply(reports) {
      const outcomes: ReportOutcome[] = []
      let busy: unknown
      for (const report of reports) {
        const outcome = await one(report).catch((error: unknown) => {
          if (errorCode(error) === 'store-unavailable') throw error
          if (errorCode(error) === 'overloaded') {
            busy = error
            return undefined
          }
          log.error({ why: errorMessage(error), provider: report.provider }, 'a report could not be applied')
          return 'failed' as const
        })
        if (!outcome) continue
        counts[outcome]++
        outcomes.push(outcome)
      }
      if (busy) throw busy
      return outcomes
    },
  }
}

async function find(
  tx: Transaction,
  { provider, id, providerId, from }: Report,
  clock: Clock,
): Promise<Whereabouts | undefined> {
  if (from !== undefined) return lastAskedAt(tx, provider, from, clock)
  const rows = await tx.query<{ id: string; alarm: AlarmId | null }>(
    `select id, alarm from notification where provider = $1 and (id = $2 or provider_id = $3) order by id = $2 desc nulls last limit 1`,
    [provider, id, providerId],
    'report-find',
  )
  return rows[0]
}

/**
 * Who writes back means what reached them last, be it a test, and be they quicker than the provider's own answer; what certainly
 * never left is not what they answer. The providers of a message and of its answer share a channel.
 */
async function lastAskedAt(
  tx: Transaction,
  provider: string,
  from: string,
  clock: Clock,
): Promise<Whereabouts | undefined> {
  // Ids grow with time, so the primary key finds the last hours among years; one more, for clocks that differ.
  const since = encodeTime(Math.max(0, clock.now() - hours(repliesHours + 1)), 10)
  const rows = await tx.query<{ id: string; alarm: AlarmId | null }>(
    ASKED_AT,
    [provider, from, since],
    'report-find-asked',
  )
  return rows[0]
}
export const ASKED_AT = `select id, alarm from notification as asked
  where id >= $3 and provider = $1 and purpose in ('alarm', 'notice')
    and (sending or sent_at is not null or ${MAY_HAVE_LEFT('asked')})
    and queued_at > (select app_now()) - interval '${repliesHours} hours' and (address = $2 or '+86' || address = $2)
  order by queued_at desc, id desc limit 1`

async function mayStillCome(tx: Transaction, { provider, providerId }: Report): Promise<boolean> {
  if (providerId === null) return false
  const rows = await tx.query(UNDER_WAY, [provider], 'report-under-way')
  return rows.length > 0
}
/** What is under way has a lease to end: said to the planner, whose index is of what is due. */
export const UNDER_WAY = 'select 1 from notification where provider = $1 and sending and due_at is not null limit 1'

function happenedBy({ says, why, addressDead }: Report): Happened {
  switch (says) {
    case 'delivered':
      return { type: 'delivered', fence: null }
    case 'seen':
      return { type: 'seen' }
    case 'accepted':
      return { type: 'accepted', by: 'provider', eta: etaDefault }
    case 'declined':
      return { type: 'declined', by: 'provider' }
    case 'failed':
      return { type: 'failed', fence: null, why: why ?? 'failed', addressDead }
    default:
      return assertNever(says)
  }
}
