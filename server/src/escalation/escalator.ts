import { type AlarmId, type Clock, elapsed, errorMessage, type Millis, millis, seconds } from '@anju/contract'
import { TRACKS, type Track } from '@anju/contract/api'
import { allEnded } from '../all-ended.ts'
import type { Actor, Database } from '../ports.ts'
import { betweenRounds, startRounds } from '../rounds.ts'
import { isOneAlone, SetAside } from '../set-aside.ts'
import { lockDue, tryLock } from './runs.ts'
import { type GoingOn, goOn } from './tracks.ts'

const ESCALATION: Actor = { kind: 'system', part: 'deadlines' }
const lookEvery = millis(500)
/** Tracks of one transaction: so many share its COMMIT, and whoever wants one of their alarms waits that long. */
const tracksPerBatchMax = 40
/**
 * A process that has just begun is slow, and what it locks waits for it: for so long it leaves to the others what they are about to
 * take at their next look. There may be no others: so it looks more often, and is late by that look of theirs and one of its own.
 */
const newFor = seconds(5)
const leftToOthers = lookEvery
const looksWhileNewEvery = millis(100)
/** Batches under way at once: each has a connection. */
const batchesAtOnceMax = 2

export interface EscalatorParts extends GoingOn {
  readonly database: Database
  readonly clock: Clock
  readonly log: { error(detail: object, message: string): void }
}

export interface Escalator {
  /** Something may be due: look soon, not at the next half second. */
  wake(): void
  /** Works off what is due, one batch of it; how many tracks it found due. */
  runOnce(tracksMax?: number): Promise<number>
  stop(): Promise<void>
}

/**
 * Goes on to the next person where nobody took an alarm. What is due stands in rows, judged by the database's clock: any number
 * of processes work it off, each alarm by one of them at a time, and one that dies takes nothing along.
 */
export function startEscalator(parts: EscalatorParts): Escalator {
  const { database, clock, log } = parts
  const aside = new SetAside<AlarmId>(clock)
  const begun = clock.monotonic()
  const isNew = () => elapsed(begun, clock.monotonic()) < newFor
  /** A database with much to do is slow, too: what is locked waits for it, and at first that is one. */
  let tracksNext = 1

  async function drain(isStopping: () => boolean): Promise<void> {
    const untilNoneIsFull = async () => {
      while (!isStopping() && (await nextIsFull()));
    }
    if (await nextIsFull()) await allEnded(Array.from({ length: batchesAtOnceMax }, untilNoneIsFull))
  }

  async function nextIsFull(): Promise<boolean> {
    const max = tracksNext
    tracksNext = Math.min(tracksNext * 2, tracksPerBatchMax)
    const found = await workOff(max, isNew() ? leftToOthers : millis(0))
    return found === max
  }

  const runOnce = (tracksMax = tracksPerBatchMax) => workOff(tracksMax, millis(0))

  /** In one transaction, as long as that goes well; where one of them breaks it, each in its own. */
  async function workOff(tracksMax: number, overdueBy: Millis): Promise<number> {
    let due: readonly AlarmId[] = []
    const ids = () => [...new Set(due)]
    try {
      await database.transaction(ESCALATION, async (tx) => {
        due = []
        due = await lockDue(tx, tracksMax, overdueBy, aside.keys)
        await goOn(tx, parts, ids())
      })
    } catch (error) {
      tracksNext = 1
      if (due.length === 0) throw error
      for (const id of ids()) {
        if (!database.healthy) throw error
        await alone(id)
      }
    }
    return due.length
  }

  /** One alarm that cannot go on must not hold up the others, nor one of its tracks the others: the family's nobody else's. */
  async function alone(alarm: AlarmId): Promise<void> {
    const attempt = (only?: Track) =>
      database.transaction(ESCALATION, async (tx) => {
        const id = await tryLock(tx, alarm)
        if (id) await goOn(tx, parts, [id], only)
      })
    const failed = (error: unknown, track?: Track) => {
      if (isOneAlone(error, database)) aside.add(alarm)
      log.error({ alarm, track, why: errorMessage(error) }, 'an escalation could not go on')
    }
    try {
      await attempt()
    } catch (error) {
      if (!isOneAlone(error, database)) return failed(error)
      for (const track of TRACKS) await attempt(track).catch((wrong: unknown) => failed(wrong, track))
    }
  }

  const trouble = 'escalations could not be worked off'
  const rounds = startRounds(drain, { every: lookEvery, gathersFor: betweenRounds, clock, database, log, trouble })
  const whileNew = clock.every(looksWhileNewEvery, () => (isNew() ? rounds.wake() : whileNew.cancel()))
  return {
    wake: rounds.wake,
    runOnce,
    async stop() {
      whileNew.cancel()
      await rounds.stop()
    },
  }
}
