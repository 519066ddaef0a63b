import { DomainError, errorCode } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'
import type { Actor, Database, Transaction } from '../ports.ts'
import { bucketAt, nothingAt } from './buckets.ts'
import { askSteps, type BucketRow } from './postgres-pieces.ts'
import { askActivity, askGaps, askLatest, reasonOf } from './postgres-questions.ts'
import { seriesOf } from './postgres-series.ts'
import { type LatePiece, lateAfterMs, sumAgain } from './postgres-sums.ts'
import { refusalsOf, type TimeLimits } from './refusals.ts'
import {
  bucketsMax,
  type MeasurementQuery,
  type MeasurementResult,
  type Refusal,
  type SeriesKey,
  type TelemetryBatch,
  type TelemetryStore,
} from './store.ts'

const actor: Actor = { kind: 'system', part: 'telemetry' }
/** The wire's own limits of time; outside them a number is no instant. */
export const postgresTimes: TimeLimits = {
  earliest: -62_135_596_800_000,
  latest: 253_402_300_799_999 + 31 * 86_400_000,
}

/** Measurements in PostgreSQL: the default, and enough for a district. */
export function postgresStore(database: Database): TelemetryStore {
  /** Number in the batch's dictionary → id of the series' row; the dictionary only grows. */
  const ids: number[] = []

  async function identify(tx: Transaction, series: readonly SeriesKey[]): Promise<readonly number[]> {
    if (ids.length === series.length) return ids
    const fresh = series.slice(ids.length)
    const columns = [
      fresh.map(({ centre }) => centre),
      fresh.map(({ home }) => home),
      fresh.map(({ placement }) => placement),
      fresh.map(({ point }) => point),
      fresh.map(({ unit }) => unit),
    ]
    await tx.query(SERIES_INSERT, columns)
    const rows = await tx.query<{ place: number; id: number }>(SERIES_SELECT, columns.slice(1))
    const found = fresh.map(() => -1)
    for (const { place, id } of rows) found[place - 1] = id
    if (found.includes(-1)) throw new DomainError('internal', 'a series that was just inserted is not there')
    // Remembered only after the commit: a rolled-back row has an id that nothing else knows.
    const before = ids.length
    tx.afterCommit(() => {
      if (ids.length === before) ids.push(...found)
    })
    return [...ids, ...found]
  }

  async function read<T>(as: Actor, work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await database.transaction(as, work)
    } catch (error) {
      throw unavailable(error)
    }
  }

  return {
    async write(batch) {
      const refused = refusalsOf(batch, postgresTimes)
      if (batch.rows === 0) return refused
      try {
        await database.transaction(actor, async (tx) => {
          const known = await identify(tx, batch.series)
          const late = await tx.query<LatePiece>(WRITE, columnsOf(batch, known, refused), 'measurements')
          if (late.length > 0) await sumAgain(tx, late)
        })
        return refused
      } catch (error) {
        const failure = unavailable(error)
        // What comes back may be a backup, in which these numbers mean other homes' series: they are asked for anew.
        if (errorCode(failure) === 'telemetry-unavailable') ids.length = 0
        throw failure
      }
    },
    query: (as, query) => read(as, (tx) => ask(tx, query)),
    latest: (as, query) => read(as, (tx) => askLatest(tx, query)),
    activity: (as, query) => read(as, (tx) => askActivity(tx, query)),
    gaps: (as, query) => read(as, (tx) => askGaps(tx, query)),
    check: () => read(actor, async (tx) => void (await tx.query('select from measurement limit 0'))),
    close: async () => undefined,
  }
}

export const unavailable = (cause: unknown): unknown =>
  errorCode(cause) === 'store-unavailable' || errorCode(cause) === 'overloaded'
    ? new DomainError('telemetry-unavailable', 'the measurements cannot be reached', {}, { cause })
    : cause

/** Arrays in PostgreSQL's own text form: pg would quote every element. */
function columnsOf(batch: TelemetryBatch, ids: readonly number[], refused: ReadonlyMap<number, Refusal>): string[] {
  let series = ''
  let at = ''
  let value = ''
  let absent = ''
  let row = 0
  for (let message = 0; message < batch.messages; message++) {
    const end = batch.messageEnds[message] as number
    if (refused.has(message)) row = end
    for (; row < end; row++) {
      const comma = series === '' ? '' : ','
      const why = batch.absent[row] as number
      series += comma + ids[batch.seriesOf[row] as number]
      at += comma + batch.at[row]
      value += comma + (why === 0 ? batch.value[row] : 'NULL')
      absent += comma + (why === 0 ? 'NULL' : why)
    }
  }
  return [`{${series}}`, `{${at}}`, `{${value}}`, `{${absent}}`]
}

async function ask(tx: Transaction, query: MeasurementQuery): Promise<MeasurementResult> {
  const { from, to, steps } = query
  const series = await seriesOf(tx, query)
  if (!series) return { unit: null, buckets: steps ? steps.map((at) => nothingAt(at)) : [] }
  if (steps === undefined) {
    const rows = await tx.query<BucketRow>(RAW, [series.id, from, to, bucketsMax + 1])
    if (rows.length > bucketsMax)
      throw new DomainError(
        'range-too-long',
        `more than ${bucketsMax} samples: ask for steps with \`every\`, or for less`,
      )
    return { unit: series.unit, buckets: rows.map((row) => bucketOf(row.at, row)) }
  }
  const rows = await askSteps(tx, series, query, steps)
  const byStep = new Map(rows.map((row) => [row.step, row]))
  return {
    unit: series.unit,
    buckets: steps.map((at, index) => {
      const row = byStep.get(index + 1)
      return row ? bucketOf(at, row) : nothingAt(at)
    }),
  }
}

const bucketOf = (at: number, { absent, ...said }: BucketRow): Bucket =>
  bucketAt(at, { ...said, absent: reasonOf(absent) })

const SERIES_INSERT = `
  insert into series (centre, home, placement, point, unit)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
  on conflict on constraint series_once do nothing`
const SERIES_SELECT = `
  select given.place::integer, series.id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as given(home, placement, point, unit, place)
  join series using (home, placement, point, unit)`
// Sorted by key: rows land beside each other in the index, and of two equal keys the later row is kept, a value before any
// reason why there is none. A sample that is there already is not written again. Answers the pieces that may have been summed
// before one of these came.
const WRITE = `
  with given as materialized (
    select series, at, value, absent, place
    from unnest($1::integer[], $2::bigint[], $3::float8[], $4::smallint[]) with ordinality as given(series, at, value, absent, place)
  ), written as (
    insert into measurement (series, at, value, absent)
    select distinct on (series, at) series, at, value, absent from given
    order by series, at, value is null, place desc
    on conflict (series, at) do update set value = excluded.value, absent = excluded.absent
    where (measurement.value, measurement.absent) is distinct from (excluded.value, excluded.absent)
      and (excluded.value is not null or measurement.value is null)
  )
  select distinct series, piece_of(at) as piece from given
  where at < (select extract(epoch from app_now()) * 1000 - ${lateAfterMs})::bigint`
const RAW = `
  select at, case when value is null then 0 else 1 end as count, value as mean, value as min, value as max, value as last, absent
  from measurement where series = $1 and at >= $2 and at < $3 order by at limit $4`
