import { type AlarmId, assertNever, errorCode, errorMessage, millis, sleep } from '@anju/contract'
import { etaDefault } from '../domain/notification.ts'
import type { Database, Transaction } from '../ports.ts'
import type { Report } from './channel.ts'
import type { Happened, Mover, Whereabouts } from './mover.ts'
import { askedAt, askWhich, meantOf, type WhichParts } from './replies.ts'
import { SENDER } from './sender.ts'

/** A callback may overtake the answer to the call that caused it: then its id is known a moment later. */
const lookAgainAfter = millis(250)
const looksMax = 8
export const REPORT_OUTCOMES = ['applied', 'unknown', 'failed'] as const
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number]

export interface ReportsOptions extends WhichParts {
  readonly database: Database
  readonly mover: Mover
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

export function createReports(parts: ReportsOptions): Reports {
  const { database, mover, clock, log } = parts
  const counts: Record<ReportOutcome, number> = { applied: 0, unknown: 0, failed: 0 }

  /** From an address that was asked: of what stands in our rows, and each alarm under a lock of its own. */
  async function reply(report: Report, from: string): Promise<ReportOutcome> {
    const asked = await database.transaction(SENDER, (tx) => askedAt(tx, report.provider, from, clock))
    const meant = meantOf(asked, report)
    if (meant.is === 'clear')
      await database.transaction(SENDER, (tx) => mover.move(tx, meant.row, happenedBy(report), report.providerId))
    if (meant.is === 'unclear')
      for (const row of meant.among)
        await database.transaction(SENDER, (tx) => askWhich(tx, { row, ...meant, says: report.says }, parts))
    return meant.is === 'nothing' ? 'unknown' : 'applied'
  }

  async function one(report: Report): Promise<ReportOutcome> {
    if (report.from !== undefined) return reply(report, report.from)
    for (let look = 1; ; look++) {
      const outcome = await database.transaction(SENDER, async (tx) => {
        const where = await find(tx, report)
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

async function find(tx: Transaction, { provider, id, providerId }: Report): Promise<Whereabouts | undefined> {
  const rows = await tx.query<{ id: string; alarm: AlarmId | null }>(
    `select id, alarm from notification where provider = $1 and (id = $2 or provider_id = $3) order by id = $2 desc nulls last limit 1`,
    [provider, id, providerId],
    'report-find',
  )
  return rows[0]
}

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
