import { systemClock } from '@anju/contract/system-clock'
import { InfluxDB } from '@influxdata/influxdb-client'
import { bucketsOf } from '../../server/src/telemetry/influx-setup/bucket-names.ts'
import { anOrganisation } from '../../server/src/telemetry/influx-setup/live-influx.fixture.ts'
import { influxStore } from '../../server/src/telemetry/influx-store.ts'
import { anInflux } from '../harness/influx.ts'
import { type AskedStore, dense, homes, hourMs, minuteMs, yearMs } from './query-data.ts'
import { operator } from './query-postgres.ts'

const linesPerWrite = 20_000
const rawMs = 89 * 24 * hourMs
const pieceMs = 5 * minuteMs

const tags = (home: number) => `centre=centre-1,home=home-${home},placement=meter,point=active-power`
const valueAt = (home: number, at: number) => 80 + (((at / minuteMs) * 31 + home) % 997) / 7
const range = (from: number, to: number) =>
  `range(start: ${new Date(from).toISOString()}, stop: ${new Date(to).toISOString()})`

/** As after a year with `influx setup`: samples of ninety days, five minutes of the year before. */
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
  await fill(`the samples of ${dense} homes`, names.raw, samples())
  await fill(`the five minutes of ${dense} homes`, names.fiveMinutes, sums())

  function* lastHours() {
    for (let home = dense + 1; home <= homes; home++)
      for (let n = 1; n <= 12; n++)
        yield `sample,${tags(home)} watts=${valueAt(home, n * minuteMs)} ${now - n * pieceMs}`
  }
  function* samples() {
    for (let home = 1; home <= dense; home++)
      for (let at = now - rawMs; at < now; at += minuteMs) yield `sample,${tags(home)} watts=${valueAt(home, at)} ${at}`
  }
  function* sums() {
    for (let home = 1; home <= dense; home++)
      for (let at = now - yearMs; at < now - hourMs; at += pieceMs) {
        const values = [0, 1, 2, 3, 4].map((n) => valueAt(home, at + n * minuteMs))
        const sum = values.reduce((total, value) => total + value)
        const said = { sum, mean: sum / 5, min: Math.min(...values), max: Math.max(...values), last: values[4] }
        yield `count,${tags(home)} watts=5i ${at}`
        for (const [name, value] of Object.entries(said)) yield `${name},${tags(home)} watts=${value} ${at}`
      }
  }

  const store = influxStore(address, systemClock)
  const bare = new InfluxDB({ url, token }).getQueryApi(address.org)
  return {
    name: 'InfluxDB',
    ask: (query) => store.query(operator, query),
    async askBare({ name, query: { home, from, to } }) {
      const [bucket, measurement, every] =
        name === 'year' ? [names.fiveMinutes, 'mean', '1d'] : [names.raw, 'sample', '1m']
      await bare.collectRows(
        `from(bucket: "${bucket}") |> ${range(from, to)} |> filter(fn: (r) => r._measurement == "${measurement}" and r.home == "${home}") |> aggregateWindow(every: ${every}, fn: mean)`,
      )
    },
    async close() {
      await store.close()
      await org.drop()
      await influx.end()
    },
  }
}
