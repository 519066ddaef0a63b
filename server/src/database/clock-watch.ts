import { between, type Clock, formatInstant, type Instant, type Millis, millis, plus, seconds } from '@anju/contract'
import { type ClockLook, type ClockStep, keptMax, stepBetween, stepMin } from '../domain/clock-step.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { startRounds } from '../rounds.ts'

const CLOCK: Actor = { kind: 'system', part: 'clock' }
/** What is written between a step and the look that notices it has the time that was set. */
const lookEvery = millis(500)
/** One of the servers writes it down this often, for whoever begins later. */
const seenEvery = seconds(10)

export interface ClockWatchParts {
  readonly database: Database
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void; warn(detail: object, message: string): void }
}

export interface ClockWatch {
  /** Whether the time that everything is judged by is what the database's machine says. */
  readonly agrees: boolean
  look(): Promise<void>
  stop(): Promise<void>
}

/**
 * Deadlines are judged by one clock, and so is whoever looks whether they are kept: one that is set back holds up all of them, unseen. So
 * every server compares it with a clock of its own that never jumps, and has time go on from where it was (decision 0031).
 */
export function startClockWatch({ database, clock, log }: ClockWatchParts): ClockWatch {
  let before: ClockLook | undefined
  let agrees = true

  async function look(): Promise<void> {
    const last = before
    // Nothing is taken for noticed before it is committed.
    before = await database.transaction(CLOCK, async (tx) => {
      const askedAt = clock.monotonic()
      const [read] = await tx.query<Read>(READ, [], 'clock-read')
      // A test has time stand still.
      if (!read || read.stands) return undefined
      const { seen, machine, now } = read
      const after = { machine, now, askedAt, answeredAt: clock.monotonic() }
      const ahead = await act(tx, stepBetween(last, after, seen), after)
      if (between(seen, now) >= seenEvery) await tx.query(SEEN, [formatInstant(now)], 'clock-seen')
      return { ...after, now: plus(machine, ahead) }
    })
    agrees = !before || between(before.machine, before.now) <= stepMin
  }

  /** By how much time is ahead of the machine's clock then. */
  async function act(tx: Transaction, found: ClockStep, { machine, now }: ClockLook): Promise<Millis> {
    const ahead = between(machine, now)
    const keep = (by: Millis) => tx.query<{ first: boolean }>(KEEP, [formatInstant(machine), by], 'clock-keep')
    const detail = { byMs: found.by, machine: formatInstant(machine) }
    if (found.step === 'back' && found.ahead <= keptMax) {
      const [{ first } = {}] = await keep(found.ahead)
      log.error({ ...detail, first }, 'the database’s clock was set back: time goes on from where it was')
      return found.ahead
    }
    if (found.step === 'back') {
      // Otherwise whoever begins would find it again.
      await tx.query(UNSEEN, [formatInstant(now)])
      log.error(detail, 'the database’s clock was set back by more than can be made up for: what was due waits')
    }
    if (found.step === 'forward')
      log.warn(detail, 'the database’s clock was set forward: what was due by then is due now')
    if (ahead > 0) await keep(ahead)
    return ahead
  }

  const trouble = 'the database’s clock could not be looked at'
  const { stop } = startRounds(look, { every: lookEvery, clock, database, log, trouble })
  return {
    get agrees() {
      return agrees
    },
    look,
    stop,
  }
}

interface Read {
  readonly machine: Instant
  readonly now: Instant
  readonly seen: Instant
  readonly stands: boolean
}
const READ = `select machine_now() as machine, app_now() as now, clock_seen.at as seen,
  exists (select from clock_offset where clock_offset.at is not null) as stands from clock_seen`
const SEEN = 'update clock_seen set at = $1 where at < $1'
const UNSEEN = 'update clock_seen set at = $1'
/** Of several servers that noticed the same, one does it. */
const KEEP = `select keep_time($1, $2 * interval '1 ms') as first`
