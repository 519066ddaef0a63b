import { type CentreId, type Clock, errorMessage, type HomeId, millis } from '@anju/contract'
import { handle } from '../domain/handling.ts'
import type { Escalations } from '../escalation/ports.ts'
import type { Actor, Database, LiveLog, LiveLogItem, Transaction } from '../ports.ts'
import { applied, entriesOf } from './apply.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, idsOf, recordOf } from './record.ts'
import { ALARM_COLUMNS, tell, updateAlarms } from './repository.ts'
import { appendByCentre, itemOf, toldOn } from './tell-consoles.ts'

const DEADLINES: Actor = { kind: 'system', part: 'deadlines' }
const lookEvery = millis(500)
const alarmsPerTurnMax = 100
const homesPerTurnMax = 100

export interface DeadlineOptions {
  readonly database: Database
  readonly live: LiveLog
  readonly escalations: Escalations
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

export interface Deadlines {
  /** Works off what is due now; true when there may be more. */
  runOnce(): Promise<boolean>
  stop(): Promise<void>
}

/**
 * Deadlines are rows judged by the database's clock, not timers: any number of processes work them off, each row by one of
 * them, and a process that dies takes none along. The half second is how often we look, not what we wait for.
 */
export function startDeadlines({ database, live, escalations, clock, log }: DeadlineOptions): Deadlines {
  let running: Promise<void> | undefined
  const stopped = new AbortController()

  async function drain(): Promise<void> {
    try {
      while (!stopped.signal.aborted && (await runOnce()));
    } catch (error) {
      // A database that is away is said by the probe; the rows are still there when it is back.
      if (database.healthy) log.error({ why: errorMessage(error) }, 'deadlines could not be worked off')
    }
  }

  async function runOnce(): Promise<boolean> {
    const alarms = await database.transaction(DEADLINES, (tx) => dueAlarms(tx, live, escalations))
    const homes = await database.transaction(DEADLINES, (tx) => endModes(tx, live))
    return alarms === alarmsPerTurnMax || homes === homesPerTurnMax
  }

  const timer = clock.every(lookEvery, () => {
    running ??= drain().finally(() => {
      running = undefined
    })
  })
  return {
    runOnce,
    async stop() {
      stopped.abort()
      timer.cancel()
      await running
    },
  }
}

/** Leases that ran out and parks that are over. */
async function dueAlarms(tx: Transaction, live: LiveLog, escalations: Escalations): Promise<number> {
  const rows = await tx.query<AlarmRow>(
    `select ${ALARM_COLUMNS} from alarm
     where handling in ('claimed', 'in-progress', 'parked') and until <= (select app_now())
     order by until limit ${alarmsPerTurnMax} for update skip locked`,
    [],
    'alarm-due',
  )
  if (rows.length === 0) return 0
  const due = rows.map(recordOf)
  const facts = await homeFacts(tx, due)
  const told: { alarm: AlarmRecord; item: LiveLogItem }[] = []
  escalations.wake(tx, idsOf(due))
  for (const before of due) {
    const decision = handle(before.case, { type: 'clock', now: facts.now })
    // `now` is later than the row's deadline was when it was found, so the clock has always something to do here.
    if ('refused' in decision || decision.effects.length === 0) continue
    const alarm = applied(before, decision, facts.now)
    const entries = entriesOf(decision.effects, alarm, facts.now)
    tell(tx, entries)
    told.push({ alarm, item: itemOf(alarm, entries.at(-1)?.kind ?? 'abandoned', facts) })
  }
  updateAlarms(
    tx,
    told.map(({ alarm }) => alarm),
  )
  appendByCentre(
    tx,
    live,
    told.flatMap(({ alarm, item }) => toldOn(alarm, item)),
  )
  return rows.length
}

/** Away, hospital and test always end by themselves. */
async function endModes(tx: Transaction, live: LiveLog): Promise<number> {
  const ended = await tx.query<{ home: HomeId; centre: CentreId }>(
    `update home set mode = 'home', mode_until = null, mode_reason = null
     where id in (select id from home where mode_until <= (select app_now()) order by mode_until limit ${homesPerTurnMax}
                  for no key update skip locked)
     returning id as home, centre`,
    [],
    'modes-over',
  )
  appendByCentre(
    tx,
    live,
    ended.map(({ home, centre }) => ({ centre, item: { event: 'home', home, data: { homeId: home, mode: 'home' } } })),
  )
  return ended.length
}
