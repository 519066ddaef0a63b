import { type Clock, DomainError, days as daysLong, minutes } from '@anju/contract'
import { around, counted, type Held, type TelemetryArchive, type TimeRange } from './archive.ts'
import { COUNTS, HOMES, homeSlots, homesAtOnce, SERIES } from './influx/archive-flux.ts'
import { influxTimes, TAGS, unitOf } from './influx/line-protocol.ts'
import { pagesOf } from './influx/pages.ts'
import { bucketMissing, type InfluxAddress, InfluxWire } from './influx/wire.ts'
import { bucketsOf } from './influx-setup/bucket-names.ts'
import type { SeriesKey } from './store.ts'

const homesMax = 10_000_000
/** Series of the homes of one question, or of one home in a bucket of sums. */
const seriesMax = 1_000_000

/** All that InfluxDB has, in the bucket of samples and in those that are summed from it. */
export function influxArchive(address: InfluxAddress, clock: Clock): TelemetryArchive & { close(): Promise<void> } {
  const wire = new InfluxWire(address, clock)
  const { raw, fiveMinutes, days } = bucketsOf(address.bucket)
  const { host, pathname } = new URL(address.url)

  async function* series(home?: string): AsyncGenerator<SeriesKey> {
    const homes = home === undefined ? await homesIn(wire) : [home]
    for (let first = 0; first < homes.length; first += homesAtOnce)
      yield* await seriesOf(wire, homes.slice(first, first + homesAtOnce))
  }

  async function values(bucket: string, home: string, range: TimeRange): Promise<number> {
    const bindings = { bucket: { text: bucket }, home: { text: home }, ...boundTo(range) }
    try {
      const counts = await wire.records(COUNTS, bindings, seriesMax, (cells) => Number(cells('_value')))
      return counts.reduce((sum, count) => sum + count, 0)
    } catch (error) {
      // Sums are made by setup; an InfluxDB without it has none.
      if (bucket !== raw && bucketMissing(error)) return 0
      throw error
    }
  }

  async function valuesAround(home: string, except: TimeRange | undefined): Promise<Held['buckets']> {
    const found: Held['buckets'][number][] = []
    for (const name of [raw, fiveMinutes, days]) {
      let sum = 0
      for (const range of around(except).flatMap(clamped)) sum += await values(name, home, range)
      found.push({ name, values: sum })
    }
    return found
  }

  const archive: Pick<TelemetryArchive, 'series' | 'samples'> = {
    series,
    samples: (key, from, to) => pagesOf(wire, key, from, to),
  }
  return {
    ...archive,
    // The task that sums what came late reads four days of the whole fleet, and may be at it when a home is erased. Within a day
    // it has written what it had read; within another one has the task that sums days, which may have read that.
    looksAgainAfter: [minutes(10), daysLong(1), daysLong(1)],
    // Without the scheme and whoever logs in: it is the same store under either.
    id: `influxdb ${host}${pathname} ${address.org}/${address.bucket}`,
    held: async (home, except) => ({
      ...(await counted(archive, home, except)),
      buckets: await valuesAround(home, except),
    }),
    async erase(home, except) {
      // Samples first: what is summed while we are here is summed from what is left.
      for (const name of [raw, fiveMinutes, days])
        for (const { from, to } of around(except).flatMap(clamped)) {
          // InfluxDB deletes the last instant, too; ours are whole milliseconds.
          const last = to === influxTimes.latest ? to : to - 1
          const there = await wire.delete(name, home, { from, to: last })
          if (!there && name === raw) throw new DomainError('telemetry-unavailable', `the bucket ${raw} is not there`)
        }
      const left = (await valuesAround(home, except)).filter((bucket) => bucket.values > 0)
      if (left.length > 0)
        throw new DomainError(
          'telemetry-unavailable',
          `${left.map((bucket) => `${bucket.values} values in ${bucket.name}`).join(', ')}: deleted, and still there`,
        )
    },
    close: async () => wire.close(),
  }
}

const homesIn = async (wire: InfluxWire): Promise<string[]> =>
  (await wire.records(HOMES, boundTo(influxRange), homesMax, (cells) => cells('_value') || undefined)).sort(byChars)

/** In order; a series that has values and reasons is one. */
async function seriesOf(wire: InfluxWire, homes: readonly string[]): Promise<SeriesKey[]> {
  const slots = homeSlots.map((slot, index) => [slot, { text: homes[index] ?? homes[0] ?? '' }] as const)
  const bindings = { ...Object.fromEntries(slots), ...boundTo(influxRange) }
  const found = await wire.records(SERIES, bindings, seriesMax, (cells): SeriesKey | undefined => {
    const unit = unitOf(cells('_field'))
    const [centre = '', home = '', placement = '', point = ''] = TAGS.map(cells)
    // Somebody else may write into the bucket.
    return unit && centre && placement && point ? { centre, home, placement, point, unit } : undefined
  })
  const byKey = new Map(found.map((key) => [textOf(key), key]))
  return [...byKey].sort(([a], [b]) => byChars(a, b)).map(([, key]) => key)
}

/** A character that is in no id stands between them, and before all that are. */
const textOf = ({ home, placement, point, unit, centre }: SeriesKey) =>
  [home, placement, point, unit, centre].join('\u0000')
const byChars = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const influxRange: TimeRange = { from: influxTimes.earliest, to: influxTimes.latest }
const boundTo = ({ from, to }: TimeRange) => ({ begin: { time: from }, end: { time: to } })
/** As much of it as InfluxDB can write down. */
function clamped(range: TimeRange): TimeRange[] {
  const from = Math.max(range.from, influxTimes.earliest)
  const to = Math.min(range.to, influxTimes.latest)
  return from < to ? [{ from, to }] : []
}
