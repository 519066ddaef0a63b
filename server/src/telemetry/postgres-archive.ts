import { DomainError, minutes } from '@anju/contract'
import type { Actor, Database, Transaction } from '../ports.ts'
import { around, counted, pageRowsMax, type SamplePage, type TelemetryArchive } from './archive.ts'
import { unavailable } from './postgres-store.ts'
import type { SeriesKey } from './store.ts'

const actor: Actor = { kind: 'system', part: 'telemetry' }
const seriesAtOnce = 1_000
/** A statement has seconds: what takes longer is done in parts. */
const erasedAtOnce = 20_000
/** Outside of them a bigint is no instant of ours, and JavaScript's infinities are none of PostgreSQL's. */
const clamp = (at: number): number => Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, at))

/** All that PostgreSQL has. A series whose samples are gone is none, whatever the dictionary remembers. */
export function postgresArchive(database: Database): TelemetryArchive {
  async function ask<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await database.transaction(actor, work)
    } catch (error) {
      throw unavailable(error)
    }
  }

  async function* series(home?: string): AsyncGenerator<SeriesKey> {
    let after: readonly string[] = ['', '', '', '']
    for (;;) {
      const page = await ask((tx) =>
        home === undefined
          ? tx.query<SeriesKey>(SERIES, [...after, seriesAtOnce])
          : tx.query<SeriesKey>(SERIES_OF_HOME, [home, ...after.slice(1), seriesAtOnce]),
      )
      yield* page
      const last = page.at(-1)
      if (!last || page.length < seriesAtOnce) return
      after = [last.home, last.placement, last.point, last.unit]
    }
  }

  const idOf = async ({ centre, home, placement, point, unit }: SeriesKey): Promise<number | undefined> =>
    (await ask((tx) => tx.query<{ id: number }>(ID, [centre, home, placement, point, unit])))[0]?.id

  async function* samples(key: SeriesKey, from: number, to: number): AsyncGenerator<SamplePage> {
    const id = await idOf(key)
    if (id === undefined) return
    for (let begin = clamp(from); begin < to; ) {
      const rows = await ask((tx) =>
        tx.query<{ at: number; value: number | null; absent: number | null }>(PAGE, [
          id,
          begin,
          clamp(to),
          pageRowsMax,
        ]),
      )
      const last = rows.at(-1)
      if (!last) return
      yield {
        at: Float64Array.from(rows, ({ at }) => at),
        value: Float64Array.from(rows, ({ value }) => value ?? 0),
        absent: Uint8Array.from(rows, ({ absent }) => absent ?? 0),
      }
      if (rows.length < pageRowsMax) return
      begin = last.at + 1
    }
  }

  return {
    id: 'postgresql',
    // A write that was under way has ended, and other servers have heard of it.
    looksAgainAfter: [minutes(10)],
    series,
    samples,
    async held(home, except) {
      const { series: count, samples: all } = await counted({ series, samples }, home, except)
      return { series: count, samples: all, buckets: [{ name: 'postgresql', values: all }] }
    },
    async erase(home, except) {
      for await (const key of series(home)) {
        const id = await idOf(key)
        for (const { from, to } of around(except))
          for (let gone = erasedAtOnce; gone === erasedAtOnce; )
            gone = (await ask((tx) => tx.query(ERASE, [id, clamp(from), clamp(to), erasedAtOnce]))).length
      }
      // Asked anew: what a writer put back meanwhile is not erased.
      const { samples: left } = await counted({ series, samples }, home, except)
      if (left > 0) throw new DomainError('telemetry-unavailable', `${left} samples: deleted, and still there`)
    },
  }
}

const ORDER = ['home', 'placement', 'point', 'unit'].map((column) => `${column} collate "C"`).join(', ')
const LISTED = `
  select centre, home, placement, point, unit from series
  where exists (select from measurement where measurement.series = series.id)`
// Two statements: each is answered by an index of its own.
const SERIES = `${LISTED} and (${ORDER}) > ($1, $2, $3, $4) order by ${ORDER} limit $5`
const WITHIN = ['placement', 'point', 'unit'].map((column) => `${column} collate "C"`).join(', ')
const SERIES_OF_HOME = `${LISTED} and home = $1 and (${WITHIN}) > ($2, $3, $4) order by ${WITHIN} limit $5`
const ID = 'select id from series where centre = $1 and home = $2 and placement = $3 and point = $4 and unit = $5'
const PAGE = 'select at, value, absent from measurement where series = $1 and at >= $2 and at < $3 order by at limit $4'
// The dictionary's rows stay: writers know them by number, and they say no more of a home than its placements do.
const ERASE = `
  delete from measurement where series = $1 and at in (
    select at from measurement where series = $1 and at >= $2 and at < $3 order by at limit $4)
  returning 1`
