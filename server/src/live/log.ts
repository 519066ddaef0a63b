import { constants, deflateSync, inflateSync } from 'node:zlib'
import type { CentreId } from '@anju/contract'
import type { Actor, Database, LiveLog, Transaction } from '../ports.ts'
import { DurableUpTo } from './durable-up-to.ts'
import { type Frame, frameOf } from './frame.ts'

/**
 * Told after every commit, in this process, when the disk has it; the frames of one transaction are made only when somebody wants
 * them. `last`: the id of the last of them.
 */
export type Announce = (centre: CentreId, frames: () => readonly Frame[], last: number) => void

/**
 * The centre's head is locked here and stays locked until COMMIT, which is why ids become visible in order and without a gap. Not
 * until the disk has it: then a centre could commit only as often as its disk can write.
 */
const APPEND = `with head as (
    insert into live_head (centre, last) values ($1, $2)
    on conflict (centre) do update set last = live_head.last + excluded.last
    returning last
  ), added as (
    insert into live_block (centre, first, last, at, items) select $1, last - $2 + 1, last, app_now(), $3::bytea from head
  )
  select last from head`

interface Told {
  readonly event: string
  readonly text: string
}

/**
 * Appends to the streams of centres. Whatever a transaction tells is kept until right before its COMMIT and then appended with one
 * statement a centre, the centres in one order everywhere: so a head is never locked for longer than a COMMIT takes, and two
 * transactions never wait for each other's.
 */
export function createLiveLog(announce: Announce): LiveLog {
  const kept = new WeakMap<Transaction, Map<CentreId, Told[]>>()

  function keptOf(tx: Transaction): Map<CentreId, Told[]> {
    const known = kept.get(tx)
    if (known) return known
    const fresh = new Map<CentreId, Told[]>()
    kept.set(tx, fresh)
    tx.unlocksEarly()
    tx.beforeCommit(() => {
      for (const centre of [...fresh.keys()].sort()) append(tx, centre, fresh.get(centre) ?? [])
    })
    return fresh
  }

  function append(tx: Transaction, centre: CentreId, told: readonly Told[]): void {
    const block = packed(`[${told.map(({ event, text }) => `["${event}",${text}]`).join(',')}]`)
    let last = Number.NaN
    // Not awaited: the transaction throws what fails.
    void tx.query<{ last: number }>(APPEND, [centre, told.length, block], 'live-append').then(
      ([row]) => (last = row?.last ?? last),
      () => undefined,
    )
    tx.afterCommit(() => {
      const first = last - told.length + 1
      announce(centre, () => told.map(({ event, text }, index) => frameOf(first + index, event, text)), last)
    })
  }

  return {
    append(tx, centre, items) {
      if (items.length === 0) return
      const all = keptOf(tx)
      const told = all.get(centre) ?? []
      all.set(centre, told)
      // Kept until the commit without the items themselves: hundreds of them would each be copied by the garbage collector.
      for (const { event, data } of items) told.push({ event, text: JSON.stringify(data) })
    },
  }
}

/** Packing less than this saves nothing that is worth its time: a lone press is stored as it is. */
const packedFromChars = 4_096
/** `[`: no block that zlib packed begins with it. */
const PLAIN = 0x5b

function packed(items: string): Buffer {
  return items.length < packedFromChars ? Buffer.from(items) : deflateSync(items, { level: constants.Z_BEST_SPEED })
}

const unpacked = (items: Buffer): string => (items[0] === PLAIN ? items : inflateSync(items)).toString()

const LIVE: Actor = { kind: 'system', part: 'live' }
const blocksPerPageMax = 50

export interface Extent {
  /** The newest id; 0 for a stream that never had an item. */
  readonly last: number
  /** The oldest id that can still be replayed; `last + 1` when none can. */
  readonly oldest: number
}

/** The stored stream, for whoever was not there when an item was told. */
export interface LiveStore {
  extent(centre: CentreId): Promise<Extent>
  /** The next frames after an id, at most one page. */
  after(centre: CentreId, id: number): Promise<readonly Frame[]>
  heads(): Promise<ReadonlyMap<CentreId, number>>
}

/**
 * What a page is told must not be unsaid by a power cut, which would give out its ids anew: whatever is read here is handed on when
 * the disk has it. `reached` is told of what this process has waited for already.
 */
export function createLiveStore(database: Database): LiveStore & Pick<DurableUpTo, 'reached'> {
  const durable = new DurableUpTo(() => database.transaction(LIVE, async (tx) => tx.unlocksEarly()))
  return {
    reached: (centre, id) => durable.reached(centre, id),
    async extent(centre) {
      const extent = await database.transaction(LIVE, async (tx) => {
        const [row] = await tx.query<Extent>(
          `select last, coalesce((select first from live_block where centre = live_head.centre order by live_block.last limit 1), last + 1) as oldest
           from live_head where centre = $1`,
          [centre],
        )
        return row ?? { last: 0, oldest: 1 }
      })
      durable.endsAt(centre, extent.last)
      await durable.until(centre, extent.last)
      return extent
    },
    async after(centre, id) {
      const blocks = await database.transaction(LIVE, (tx) =>
        tx.query<{ first: number; items: Buffer }>(
          'select first, items from live_block where centre = $1 and last > $2 order by last limit $3',
          [centre, id, blocksPerPageMax],
          'live-after',
        ),
      )
      const frames = blocks.flatMap(framesOf).filter((frame) => frame.id > id)
      await durable.until(centre, frames.at(-1)?.id ?? 0)
      return frames
    },
    async heads() {
      const rows = await database.transaction(LIVE, (tx) =>
        tx.query<{ centre: CentreId; last: number }>('select centre, last from live_head', [], 'live-heads'),
      )
      for (const { centre, last } of rows) durable.endsAt(centre, last)
      return new Map(rows.map(({ centre, last }) => [centre, last]))
    },
  }
}

function framesOf({ first, items }: { readonly first: number; readonly items: Buffer }): Frame[] {
  const told = JSON.parse(unpacked(items)) as [event: string, data: object][]
  return told.map(([event, data], index) => frameOf(first + index, event, JSON.stringify(data)))
}
