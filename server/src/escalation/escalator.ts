import { type AlarmId, type Clock, errorMessage, millis } from '@anju/contract'
import { TRACKS, type Track } from '@anju/contract/api'
import type { Actor, Database } from '../ports.ts'
import { isItsOwnFault, SetAside } from '../set-aside.ts'
import { type GoingOn, goOn } from './tracks.ts'

const ESCALATION: Actor = { kind: 'system', part: 'deadlines' }
const lookEvery = millis(500)
const alarmsPerTurnMax = 100
/** Alarms under way at once: each takes a connection for a few milliseconds. */
const alarmsAtOnceMax = 3

export interface EscalatorParts extends GoingOn {
  readonly database: Database
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

export interface Escalator {
  /** Something may be due: look now, not at the next half second. */
  wake(): void
  /** Works off what is due now; how many alarms it looked at. */
  runOnce(): Promise<number>
  stop(): Promise<void>
}

/**
 * Goes on to the next person where nobody took an alarm. What is due stands in rows, judged by the database's clock: any number
 * of processes work it off, each alarm by one of them at a time, and one that dies takes nothing along.
 */
export function startEscalator(parts: EscalatorParts): Escalator {
  const { database, clock, log } = parts
  const aside = new SetAside<AlarmId>(clock)
  let running: Promise<void> | undefined
  let again = false
  const stopped = new AbortController()

  async function drain(): Promise<void> {
    try {
      do {
        again = false
        while (!stopped.signal.aborted && (await runOnce()) === alarmsPerTurnMax);
      } while (again && !stopped.signal.aborted)
    } catch (error) {
      // A database that is away is said by the probe; the rows are still there when it is back.
      if (database.healthy) log.error({ why: errorMessage(error) }, 'escalations could not be worked off')
    }
  }

  async function runOnce(): Promise<number> {
    const due = await database.transaction(ESCALATION, (tx) =>
      tx.query<{ alarm: AlarmId }>(DUE, [aside.keys], 'escalation-due'),
    )
    const waiting = due.map(({ alarm }) => alarm)
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined && !stopped.signal.aborted; id = waiting.shift())
        await escalate(id)
    }
    await Promise.all(Array.from({ length: alarmsAtOnceMax }, work))
    return due.length
  }

  /** One alarm that cannot go on must not hold up the others, nor one of its tracks the others: the family's nobody else's. */
  async function escalate(alarm: AlarmId): Promise<void> {
    const attempt = (only?: Track) => database.transaction(ESCALATION, (tx) => goOn(tx, parts, alarm, only))
    const failed = (error: unknown, track?: Track) => {
      if (isItsOwnFault(error)) aside.add(alarm)
      log.error({ alarm, track, why: errorMessage(error) }, 'an escalation could not go on')
    }
    try {
      await attempt()
    } catch (error) {
      if (!isItsOwnFault(error)) return failed(error)
      for (const track of TRACKS) await attempt(track).catch((wrong: unknown) => failed(wrong, track))
    }
  }

  const wake = () => {
    again = true
    running ??= drain().finally(() => {
      running = undefined
    })
  }
  const timer = clock.every(lookEvery, wake)
  return {
    wake,
    runOnce,
    async stop() {
      stopped.abort()
      timer.cancel()
      await running
    },
  }
}

/** The index is by time; an alarm with several tracks due is looked at once. */
const DUE = `select alarm from (
    select alarm, due_at from escalation where due_at <= (select app_now()) and alarm <> all ($1) order by due_at limit ${alarmsPerTurnMax * 2}
  ) as due group by alarm order by min(due_at) limit ${alarmsPerTurnMax}`
