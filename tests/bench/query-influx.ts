import { systemClock } from '@anju/contract/system-clock'
import { InfluxDB } from '@influxdata/influxdb-client'
import { bucketsOf } from '../../server/src/telemetry/influx-setup/bucket-names.ts'
import { anOrganisation } from '../../server/src/telemetry/influx-setup/live-influx.fixture.ts'
import { influxStore } from '../../server/src/telemetry/influx-store.ts'
import { stepsOf } from '../../server/src/telemetry/steps.ts'
import { anInflux } from '../harness/influx.ts'
import {
  type AskedStore,
  centre,
  type DenseSeries,
  dense,
  denseSeries,
  homes,
  hourMs,
  minuteMs,
  yearMs,
  zone,
} from './query-data.ts'
import { operator } from './query-postgres.ts'

const linesPerWrite = 20_000
/** All that samples are still kept for: the store takes the last hour of their ninety days for forgotten. */
const rawMs = 90 * 24 * hourMs - hourMs / 2
const pieceMs = 5 * minuteMs

const tags = (home: number, placement = 'meter', point = 'active-power') =>
  `centre=${centre},home=home-${home},placement=${placement},point=${point}`
const valueAt = (home: number, at: number) => 80 + (((at / minuteMs) * 31 + home) % 997) / 7
const range = (from: number, to: number) =>
  `range(start: ${new Date(from).toISOString()}, stop: ${new Date(to).toISOString()})`

interface Sums {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly last: number
}
function pieceOf(home: number, at: number): Sums {
  const values = [0, 1, 2, 3, 4].map((n) => valueAt(home, at + n * minuteMs))
  const sum = values.reduce((total, value) => total + value)
  return { count: 5, sum, min: Math.min(...values), max: Math.max(...values), last: values[4] ?? 0 }
}
/** The sum of its five minutes in the order of time, as the tasks make it. */
function dayOf(home: number, begin: number, end: number): Sums {
  let day = pieceOf(home, begin)
  for (let at = begin + pieceMs; at < end; at += pieceMs) {
    const { count, sum, min, max, last } = pieceOf(home, at)
    const [least, most] = [Math.min(day.min, min), Math.max(day.max, max)]
    day = { count: day.count + count, sum: day.sum + sum, min: least, max: most, last }
  }
  return day
}
function* linesOf({ home, placement, point, field }: DenseSeries, at: number, { count, ...said }: Sums) {
  const named = tags(home, placement, point)
  yield `count,${named} ${field}=${count}i ${at}`
  for (const [name, value] of Object.entries({ ...said, mean: said.sum / count }))
    yield `${name},${named} ${field}=${value} ${at}`
}

/** As after a year with `influx setup`: samples of ninety days, five minutes and days of the year. */
export async function filledInflux(now: number, say: (line: string) => void): Promise<AskedStore> {
  const influx = await anInflux()
  const org = await anOrganisation(influx)
  await org.setUp()
  // What is written here was summed long ago, as far as these tasks are concerned: they only would be in the way.
  for (const { id } of await org.list<{ id: string }>('tasks'))
    await org.call('PATCH', `tasks/${id}`, { status: 'inactive' })
  const { url, token } = await influx.aBucket()
  const names = bucketsOf(org.settings.bucket)
  const address = { url, token, org: org.settings.org, bucket: names.raw }

  async function fill(what: string, bucket: string, lines: Iterable<string>): Promise<void> {
    const began = performance.now()
    let batch: string[] = []
    const flush = async () => {
      if (batch.length === 0) return
      const status = await org.write(batch, token, bucket)
      if (status !== 204) throw new Error(`InfluxDB answered ${status} to ${what}`)
      batch = []
    }
    for (const line of lines) if (batch.push(line) === linesPerWrite) await flush()
    await flush()
    say(`InfluxDB: ${what} in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }
  await fill(`${homes} homes' last hour`, names.raw, lastHours())
  await fill(`the samples of ${denseSeries.length} series`, names.raw, samples())
  await fill(`the five minutes of ${denseSeries.length} series`, names.fiveMinutes, sums())
  await fill(`the days of ${denseSeries.length} series`, names.days, days())

  function* lastHours() {
    for (let home = dense + 1; home <= homes; home++)
      for (let n = 1; n <= 12; n++)
        yield `sample,${tags(home)} watts=${valueAt(home, n * minuteMs)} ${now - n * pieceMs}`
  }
  function* samples() {
    for (const { home, placement, point, field } of denseSeries)
      for (let at = now - rawMs; at < now; at += minuteMs)
        yield `sample,${tags(home, placement, point)} ${field}=${valueAt(home, at)} ${at}`
  }
  function* sums() {
    for (const series of denseSeries)
      for (let at = now - yearMs; at < now - hourMs; at += pieceMs) yield* linesOf(series, at, pieceOf(series.home, at))
  }
  function* days() {
    const edges = stepsOf(now - yearMs, now, { everyS: 86_400, days: 1 }, zone)
    for (const [index, at] of edges.entries()) {
      const end = edges[index + 1]
      // The first was cut, and the last is not over.
      if (index === 0 || end === undefined) continue
      yield `total samples=1i ${at}`
      for (const series of denseSeries) yield* linesOf(series, at, dayOf(series.home, at, end))
    }
  }

  const store = influxStore(address, systemClock)
  const bare = new InfluxDB({ url, token }).getQueryApi(address.org)
  return {
    name: 'InfluxDB',
    server: {
      env: {
        INFLUX_URL: address.url,
        INFLUX_TOKEN: address.token,
        INFLUX_ORG: address.org,
        INFLUX_BUCKET: address.bucket,
      },
    },
    ask: (query) => store.query(operator, query),
    async askBare({ name, query: { home, placement, point, from, to } }) {
      const [bucket, measurement, every] =
        name === 'year' ? [names.fiveMinutes, 'mean', '1d'] : [names.raw, 'sample', '1m']
      await bare.collectRows(
        `from(bucket: "${bucket}") |> ${range(from, to)} |> filter(fn: (r) => r._measurement == "${measurement}" and r.home == "${home}" and r.placement == "${placement}" and r.point == "${point}") |> aggregateWindow(every: ${every}, fn: mean)`,
      )
    },
    async close() {
      await store.close()
      await org.drop()
      await influx.end()
    },
  }
}
