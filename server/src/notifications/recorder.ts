import type { Clock } from '@anju/contract'
import type { Actor, Database, Transaction } from '../ports.ts'
import { isOneAlone, SetAside } from '../set-aside.ts'
import type { Entry, Mover, Whereabouts } from './mover.ts'

/** Each holds its alarm until the commit, and a press may want that one: a batch stays short. */
const togetherMax = 50
/** While one is committed, the next one is made ready. */
const batchesAtOnceMax = 2
/** Each may wait for its alarm with a connection in its hand, and the batches need some, too. */
const heldAtOnceMax = 2
/** These may wait for an address, whose alarm is free: they do not stand behind those that wait for an alarm. */
const apartAtOnceMax = 1

export interface RecorderOptions {
  readonly database: Database
  readonly mover: Mover
  readonly actor: Actor
  readonly clock: Clock
}

export interface Recorder {
  /**
   * Resolves when it is committed, in one transaction with whatever else waits. `apart`: in one of its own, for what may wait
   * for more than its alarm.
   * @throws what is wrong with it, or that the database is away; never what is wrong with another.
   */
  write(entry: Entry, apart?: boolean): Promise<void>
  /**
   * For who has locked the rows: writes in their transaction what belongs to alarms that nobody else has. It waits for none of
   * them, and hands back the rest.
   */
  writeFree(tx: Transaction, entries: readonly Entry[]): Promise<readonly Entry[]>
}

interface Waiting {
  readonly entry: Entry
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * A commit costs as much for fifty answers as for one. A batch never waits for an alarm while it holds others (the intake locks
 * them in an order of its own): whose alarm is somebody else's at the moment is written apart, and holds up none of the rest.
 */
export function createRecorder({ database, mover, actor, clock }: RecorderOptions): Recorder {
  const together = new Queue(togetherMax, batchesAtOnceMax, writeTogether)
  const held = new Queue(1, heldAtOnceMax, writeApart)
  const apart = new Queue(1, apartAtOnceMax, writeApart)
  /** Rows that broke their transaction: tried again soon, they would break the next batch, too. */
  const broken = new SetAside<string>(clock)

  async function writeTogether(batch: readonly Waiting[]): Promise<void> {
    try {
      const left = await database.transaction(actor, (tx) =>
        moveFree(
          tx,
          batch.map(({ entry }) => entry),
        ),
      )
      for (const one of batch)
        if (left.includes(one.entry)) held.add(one)
        else one.resolve()
    } catch (error) {
      // Nobody knows which of them it was.
      if (isOneAlone(error, database)) for (const one of batch) held.add(one)
      else for (const one of batch) one.reject(error)
    }
  }

  async function moveFree(tx: Transaction, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const ours = await hold(tx, [...new Set(entries.map(keyOf))])
    const isOurs = (entry: Entry) => ours.has(keyOf(entry))
    await mover.moveHeld(tx, entries.filter(isOurs))
    return entries.filter((entry) => !isOurs(entry))
  }

  async function writeApart(batch: readonly Waiting[]): Promise<void> {
    for (const { entry, resolve, reject } of batch)
      try {
        await database.transaction(actor, (tx) => mover.move(tx, entry.where, entry.happened, entry.providerId))
        resolve()
      } catch (error) {
        if (isOneAlone(error, database)) broken.add(entry.where.id)
        reject(error)
      }
  }

  return {
    write: (entry, isApart = false) =>
      new Promise<void>((resolve, reject) => {
        const queue = isApart || broken.keys.includes(entry.where.id) ? apart : together
        queue.add({ entry, resolve, reject })
      }),

    async writeFree(tx, entries) {
      const rows = new Set(broken.keys)
      const whole = entries.filter(({ where }) => !rows.has(where.id))
      const left = whole.length > 0 ? await moveFree(tx, whole) : []
      return entries.filter((entry) => rows.has(entry.where.id) || left.includes(entry))
    },
  }
}

/** What is locked for it: its alarm, or the row itself when it has none. */
const keyOf = ({ where }: { readonly where: Whereabouts }): string => where.alarm ?? where.id

const HOLD = `with alarms as (select id from alarm where id = any ($1) order by id for update skip locked),
    notices as (select id from notification where id = any ($1) and alarm is null order by id for update skip locked)
  select id from alarms union all select id from notices`

async function hold(tx: Transaction, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(HOLD, [keys], 'recorder-hold')
  return new Set(rows.map(({ id }) => id))
}

/** Works off what waits, so many at a time, in the order in which they came; never two batches for one alarm at once. */
class Queue {
  readonly #togetherMax: number
  readonly #atOnceMax: number
  readonly #write: (batch: readonly Waiting[]) => Promise<void>
  readonly #underWay = new Set<readonly Waiting[]>()
  #waiting: Waiting[] = []

  constructor(togetherMax: number, atOnceMax: number, write: (batch: readonly Waiting[]) => Promise<void>) {
    this.#togetherMax = togetherMax
    this.#atOnceMax = atOnceMax
    this.#write = write
  }

  add(one: Waiting): void {
    this.#waiting.push(one)
    // Not in this very turn: who has many to add has them written as one.
    queueMicrotask(() => this.#begin())
  }

  #begin(): void {
    while (this.#underWay.size < this.#atOnceMax) {
      const busy = new Set([...this.#underWay].flat().map(({ entry }) => keyOf(entry)))
      const batch = this.#waiting.filter((one) => !busy.has(keyOf(one.entry))).slice(0, this.#togetherMax)
      if (batch.length === 0) return
      const begun = new Set(batch)
      this.#waiting = this.#waiting.filter((one) => !begun.has(one))
      this.#underWay.add(batch)
      void this.#write(batch).finally(() => {
        this.#underWay.delete(batch)
        this.#begin()
      })
    }
  }
}
