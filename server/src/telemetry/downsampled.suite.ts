import { instant, minutes, seededRandom, type TelemetryMessage } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { freshDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor } from '../ports.ts'
import { ColumnBuffer } from './columns.ts'
import { localHoursOf } from './hours.ts'
import { type InfluxAddress, influxStore } from './influx-store.ts'
import { inPieces, pieceFrom, pieceOf } from './pieces.ts'
import { postgresStore } from './postgres-store.ts'
import { anyMessage, anyQuery } from './random-telemetry.fixture.ts'
import { stepsOf } from './steps.ts'
import type { MeasurementQuery } from './store.ts'

/** An InfluxDB whose three buckets are set up: samples kept for `rawDays`, five minutes for `fineDays`, days of Berlin for ever. */
export interface Downsampled {
  readonly address: InfluxAddress
  /** Does what the tasks would have done by then, for everything in [from, to). */
  sum(from: number, to: number): Promise<void>
  /** What retention would have forgotten. */
  forget(samplesBefore: number, fiveMinutesBefore: number): Promise<void>
  /** From now on; what is forgotten does not come back. */
  keep(rawDays: number, fineDays: number): Promise<void>
  close(): Promise<void>
}
export const rawDays = 3_650
const zone = 'Europe/Berlin'
const dayMs = 86_400_000
const hourMs = 3_600_000
const begin = Date.parse('2026-03-01T00:00:00Z')
const end = Date.parse('2026-04-12T00:00:00Z')
const system: Actor = { kind: 'system', part: 'test' }
const log = { info: () => undefined, warn: () => undefined }
const daily = { everyS: 86_400, days: 1 }

/** PostgreSQL, which forgets nothing, is the judge: sums that were made before answer as the samples would, to the last digit. */
export function downsampledSuite(open: (fineDays: number) => Promise<Downsampled>): void {
  test.for([
    {
      samplesFrom: '2026-04-02T07:35:00Z',
      fineDays: rawDays + 17,
      on: 'sums of five minutes hold the day without an hour',
    },
    { samplesFrom: '2026-04-08T07:35:00Z', fineDays: rawDays + 8, on: 'days hold the day without an hour' },
  ])(
    '$on: the same answers from samples, five minutes and days as from samples alone',
    { timeout: 300_000 },
    async ({ samplesFrom, fineDays }) => {
      const from = Date.parse(samplesFrom)
      const fineFrom = from - (fineDays - rawDays) * dayMs
      // The server's own present: as many days after the samples' beginning as samples are kept, and the margin.
      const clock = new VirtualClock(instant(from + rawDays * dayMs - hourMs))
      const data = await freshDatabase()
      await data.sql(`insert into centre (id, name) values ('centre-a', 'A')`)
      await data.sql(`insert into home (id, centre, name) values ('home-1', 'centre-a', '1')`)
      const database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
      const under = await open(fineDays)
      const [judge, store] = [postgresStore(database), influxStore(under.address, clock)]
      const seed = Number(process.env['SEED'] ?? Math.floor(systemClock.now() % 2 ** 31))
      const messages = fc.sample(fc.array(anyMessage, { minLength: 1, maxLength: 20 }), { seed, numRuns: 60 })
      // A store knows a series by its number: there is one dictionary.
      const buffer = new ColumnBuffer([])
      const scope = { centre: 'centre-a', home: 'home-1', series: new Map<string, number>() }
      async function write(some: readonly (readonly TelemetryMessage[])[]) {
        for (const one of some) {
          buffer.clear()
          for (const message of one) expect(buffer.add(scope, message)).toBeUndefined()
          for (const each of [judge, store]) expect(await each.write(buffer)).toEqual(new Map())
        }
      }
      await write(messages.map((one) => one.map((message) => only(message, (at) => at < from))))
      await under.sum(begin - 7 * dayMs, end + 7 * dayMs)
      // What comes now is summed by nobody any more, and must not be missing.
      await write(messages.map((one) => one.map((message) => only(message, (at) => at >= from))))
      await under.forget(from, fineFrom)

      const same = async (numRuns: number) => {
        let [summed, oldest] = [0, 0]
        await fc.assert(
          fc.asyncProperty(
            anyQuery.map((query) => kept(query, { samplesFrom: from, fineFrom })),
            async (query) => {
              if (!query) return
              const [here, there] = await Promise.all([judge.query(system, query), store.query(system, query)])
              const several = here.buckets.filter(({ count }) => count > 1)
              if (several.some(({ t }) => Date.parse(t) < from)) summed++
              if (several.some(({ t }) => Date.parse(t) < fineFrom)) oldest++
              expect(there).toEqual(here)
            },
          ),
          { seed, numRuns },
        )
        // Equal because nothing was asked of the sums would prove nothing.
        expect(summed).toBeGreaterThan(numRuns / 10)
        expect(oldest).toBeGreaterThan(numRuns / 75)

        const all = { home: 'home-1', placement: 'meter', point: 'power', to: end }
        const days = stepsOf(begin, end, daily, zone)
        for (const query of [
          { ...all, from: days[0] ?? begin, steps: days },
          // One step over two buckets goes on where it was begun.
          { ...all, from: fineFrom, steps: stepsOf(fineFrom, end, { everyS: 100 * 86_400, days: 0 }, zone) },
        ])
          expect(await store.query(system, query)).toEqual(await judge.query(system, query))
        const asked = { ...all, from: from - 5 * dayMs, to: end, leastChange: 1 }
        const hours = localHoursOf(asked.from, asked.to, zone)
        expect(await store.activity(system, { ...asked, hours })).toEqual(
          await judge.activity(system, { ...asked, hours }),
        )
        const forgotten = { ...all, from: begin, to: begin + dayMs, point: 'never' }
        expect(await store.query(system, { ...forgotten, steps: undefined })).toEqual({ unit: null, buckets: [] })
      }
      await same(150)
      // What is kept longer from now on has nothing more of the time before.
      await under.keep(rawDays + 275, fineDays + 275)
      await clock.pass(minutes(11))
      await same(150)

      await store.close()
      await under.close()
      await database.close()
      await data.drop()
    },
  )
}

/** What can be known of a question when only so much is kept; undefined when it cannot be answered any more. */
function kept(
  query: MeasurementQuery,
  limits: { samplesFrom: number; fineFrom: number },
): MeasurementQuery | undefined {
  // When two units of a point spoke within the same forgotten five minutes, nobody knows which was last.
  if (query.point === 'energy' || query.steps === undefined || !inPieces(query.steps))
    return query.from >= limits.samplesFrom ? query : undefined
  const from = pieceOf(query.from)
  if (from >= limits.fineFrom) return { ...query, from, to: pieceFrom(query.to) }
  const days = stepsOf(from, query.to, daily, zone)
  const to = stepsOf(from, query.to + 2 * dayMs, daily, zone).find((at) => at >= query.to) ?? query.to
  // A day of which only the sum is left cannot be cut.
  return { ...query, from: days[0] ?? from, to, steps: days }
}

function only(message: TelemetryMessage, wanted: (at: number) => boolean): TelemetryMessage {
  const series = message.series.map(({ t0, dt, v, absent = {}, ...named }) => {
    const kept = dt.flatMap((offset, index) => (wanted(t0 + offset) ? [index] : []))
    return {
      ...named,
      t0,
      dt: kept.map((index) => dt[index] ?? 0),
      v: kept.map((index) => v[index] ?? null),
      absent: Object.fromEntries(kept.flatMap((index, place) => (absent[index] ? [[place, absent[index]]] : []))),
    }
  })
  return { ...message, series }
}
