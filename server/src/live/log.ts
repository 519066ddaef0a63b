import type { CentreId } from '@anju/contract'
import type { Actor, Database, LiveLog } from '../ports.ts'
import { type Frame, frameOf } from './frame.ts'

/** Told after every commit, in this process, with the frames of one transaction; their ids follow one another. */
export type Announce = (centre: CentreId, frames: readonly Frame[]) => void

/** The centre's head is locked here and stays locked until COMMIT, which is why ids become visible in order and without a gap. */
const APPEND = `with head as (
    update live_head set last = last + cardinality($2::text[]) where centre = $1
    returning last - cardinality($2::text[]) as before
  ), added as (
    insert into live_item (centre, id, at, event, home, data)
    select $1, head.before + item.position, clock.now, item.event, item.home, item.data
    from head, (select app_now() as now) as clock,
      unnest($2::text[], $3::text[], $4::text[]) with ordinality as item (event, home, data, position)
  )
  select before from head`

/** Appends to a centre's stream. It must be the last thing a transaction locks; nothing need be awaited after it. */
export function createLiveLog(announce: Announce): LiveLog {
  return {
    async append(tx, centre, items) {
      if (items.length === 0) return
      const texts = items.map(({ data }) => JSON.stringify(data))
      let before: number | undefined
      // Registered first: the tasks run in order, and COMMIT may be answered in the same breath as the statement.
      tx.afterCommit(() => {
        if (before === undefined) return
        const start = before + 1
        announce(
          centre,
          items.map(({ event }, index) => frameOf(start + index, event, texts[index] ?? '{}')),
        )
      })
      const [row] = await tx.query<{ before: number }>(
        APPEND,
        [centre, items.map(({ event }) => event), items.map(({ home }) => home), texts],
        'live-append',
      )
      if (!row) throw new Error(`centre ${centre} has no live head`)
      before = row.before
    },
  }
}

const LIVE: Actor = { kind: 'system', part: 'live' }
const pageMax = 500

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

export function createLiveStore(database: Database): LiveStore {
  return {
    extent: (centre) =>
      database.transaction(LIVE, async (tx) => {
        const [row] = await tx.query<Extent>(
          `select last, coalesce((select min(id) from live_item where centre = live_head.centre), last + 1) as oldest
           from live_head where centre = $1`,
          [centre],
        )
        return row ?? { last: 0, oldest: 1 }
      }),
    after: (centre, id) =>
      database.transaction(LIVE, async (tx) => {
        const rows = await tx.query<{ id: number; event: string; data: string }>(
          'select id, event, data from live_item where centre = $1 and id > $2 order by id limit $3',
          [centre, id, pageMax],
          'live-after',
        )
        return rows.map((row) => frameOf(row.id, row.event, row.data))
      }),
    heads: () =>
      database.transaction(LIVE, async (tx) => {
        const rows = await tx.query<{ centre: CentreId; last: number }>(
          'select centre, last from live_head',
          [],
          'live-heads',
        )
        return new Map(rows.map(({ centre, last }) => [centre, last]))
      }),
  }
}
