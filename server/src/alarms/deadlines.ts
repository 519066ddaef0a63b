import { type AlarmId, type CentreId, type Clock, errorMessage, type HomeId, millis } from '@anju/contract'
import { allEnded } from '../all-ended.ts'
import { handle } from '../domain/handling.ts'
import type { Escalations } from '../escalation/ports.ts'
import type { Actor, Database, LiveLog, Transaction } from '../ports.ts'
import { startRounds } from '../rounds.ts'
import { isItsOwnFault, SetAside } from '../set-aside.ts'
import { applied, entriesOf } from './apply.ts'
import { homeFacts } from './home-facts.ts'
import { type AlarmRecord, type AlarmRow, idsOf, recordOf } from './record.ts'
import { ALARM_COLUMNS, tell, updateAlarms } from './repository.ts'
import { append, type News, toldOn } from './tell-consoles.ts'

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
  const aside = new SetAside<AlarmId>(clock)

  const endHomesModes = () => database.transaction(DEADLINES, (tx) => endModes(tx, live, escalations))

  /** In one transaction, as long as that goes well; where one of them breaks it, each in its own. How many this process ended. */
  async function endHoldings(): Promise<number> {
    const due = await database.transaction(DEADLINES, (tx) => tx.query<{ id: AlarmId }>(DUE, [aside.keys], 'alarm-due'))
    const ids = due.map(({ id }) => id)
    if (ids.length === 0) return 0
    const end = (some: readonly AlarmId[]) =>
      database.transaction(DEADLINES, (tx) => endHolding(tx, live, escalations, some))
    try {
      return await end(ids)
    } catch (error) {
      if (!isItsOwnFault(error)) throw error
      for (const id of ids)
        await end([id]).catch((wrong: unknown) => {
          if (isItsOwnFault(wrong)) aside.add(id)
          log.error({ alarm: id, why: errorMessage(wrong) }, 'a lease or a park could not be ended')
        })
    }
    return ids.length
  }

  const trouble = 'deadlines could not be worked off'
  const workOff = (turn: () => Promise<number>, perTurnMax: number) =>
    startRounds(
      async (isStopping) => {
        while (!isStopping() && (await turn()) === perTurnMax);
      },
      { every: lookEvery, clock, database, log, trouble },
    )
  // Each by itself: nobody whose lease is over waits for a home's mode.
  const rounds = [workOff(endHoldings, alarmsPerTurnMax), workOff(endHomesModes, homesPerTurnMax)]
  return {
    async runOnce() {
      const [alarms, homes] = [await endHoldings(), await endHomesModes()]
      return alarms === alarmsPerTurnMax || homes === homesPerTurnMax
    },
    async stop() {
      await allEnded(rounds.map((one) => one.stop()))
    },
  }
}

/** Leases that ran out and parks that are over. */
const DUE = `select id from alarm
  where handling in ('claimed', 'in-progress', 'parked') and until <= (select app_now()) and id <> all ($1)
  order by until limit ${alarmsPerTurnMax}`
/** Still so, now that they are locked. */
const LOCK = `select ${ALARM_COLUMNS} from alarm
  where id = any ($1) and handling in ('claimed', 'in-progress', 'parked') and until <= (select app_now())
  order by id for update skip locked`

async function endHolding(
  tx: Transaction,
  live: LiveLog,
  escalations: Escalations,
  ids: readonly AlarmId[],
): Promise<number> {
  const rows = await tx.query<AlarmRow>(LOCK, [ids], 'alarm-due-lock')
  if (rows.length === 0) return 0
  const due = rows.map(recordOf)
  const facts = await homeFacts(tx, due)
  const told: { alarm: AlarmRecord; news: News }[] = []
  escalations.wake(tx, idsOf(due))
  for (const before of due) {
    const decision = handle(before.case, { type: 'clock', now: facts.now })
    // `now` is later than the row's deadline was when it was found, so the clock has always something to do here.
    if ('refused' in decision || decision.effects.length === 0) continue
    const alarm = applied(before, decision, facts.now)
    const entries = entriesOf(decision.effects, alarm, facts.now)
    tell(tx, entries)
    told.push({ alarm, news: { cause: entries.at(-1)?.kind ?? 'abandoned' } })
  }
  updateAlarms(
    tx,
    told.map(({ alarm }) => alarm),
  )
  append(
    tx,
    live,
    told.flatMap(({ alarm, news }) => toldOn(alarm, news, facts)),
  )
  return rows.length
}

/** Away, hospital and test always end by themselves. */
async function endModes(tx: Transaction, live: LiveLog, escalations: Escalations): Promise<number> {
  const ended = await tx.query<{ home: HomeId; centre: CentreId; was: string }>(
    `with due as (
       select id, mode from home where mode_until <= (select app_now()) order by mode_until limit ${homesPerTurnMax}
       for no key update skip locked)
     update home set mode = 'home', mode_until = null, mode_reason = null, mode_since = null
     from due where home.id = due.id returning home.id as home, home.centre, due.mode as was`,
    [],
    'modes-over',
  )
  await escalations.testEnded(
    tx,
    ended.filter(({ was }) => was === 'test').map(({ home }) => home),
  )
  append(
    tx,
    live,
    ended.map(({ home, centre }) => ({ centre, item: { event: 'home', home, data: { homeId: home, mode: 'home' } } })),
  )
  return ended.length
}
