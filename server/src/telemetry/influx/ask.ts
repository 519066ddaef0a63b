import { DomainError, invariant, type Unit } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'
import { absenceAt, absenceNamed, bucketAt, nothingAt, valueAt } from '../buckets.ts'
import { stepAt } from '../steps.ts'
import { bucketsMax, type MeasurementQuery, type MeasurementResult } from '../store.ts'
import type { Row } from './answer.ts'
import type { Bindings, Scripts } from './flux.ts'
import { influxTimes, unitOf } from './line-protocol.ts'
import { type Run, runsOf } from './runs.ts'
import type { InfluxWire } from './wire.ts'

/** Fields of one point (a point whose unit changed has several) times questions in a script. */
export const rowsMax = (bucketsMax + 1) * 24
const runsMax = 64

/** What is asked, of whom: the wire, the scripts for the actor, and what names the series. */
export interface Inquiry {
  readonly wire: Pick<InfluxWire, 'query'>
  readonly scripts: Scripts
  readonly series: Bindings
}

/** What InfluxDB can be asked of a range; undefined when nothing of it is left, which it would refuse. */
export function within(range: { readonly from: number; readonly to: number }): Bindings | undefined {
  const from = Math.max(range.from, influxTimes.earliest)
  const to = Math.min(range.to, influxTimes.latest)
  return from < to ? { begin: { time: from }, end: { time: to } } : undefined
}

export async function ask(inquiry: Inquiry, query: MeasurementQuery): Promise<MeasurementResult> {
  const from = Math.max(query.from, influxTimes.earliest)
  const to = Math.min(query.to, influxTimes.latest)
  const within = { ...query, from, to }
  return query.steps ? askSteps(inquiry, within, query.steps) : askRaw(inquiry, within)
}

async function askRaw(inquiry: Inquiry, { from, to }: MeasurementQuery): Promise<MeasurementResult> {
  const rows =
    from < to
      ? await inquiry.wire.query(
          inquiry.scripts.raw,
          { ...inquiry.series, begin: { time: from }, end: { time: to }, most: { integer: bucketsMax + 1 } },
          rowsMax,
        )
      : []
  const spoken = lastToSpeak(rows)
  if (!spoken) return { unit: await unitAtAnyTime(inquiry), buckets: [] }
  const buckets = new Map<number, Bucket>()
  for (const row of rows)
    if (row.field === spoken.field && row.result === 'absences')
      buckets.set(row.at, absenceAt(row.at, absenceNamed(row.value)))
  // A value and a reason for the same instant: the value is what was measured.
  for (const row of rows)
    if (row.field === spoken.field && row.result === 'samples') buckets.set(row.at, valueAt(row.at, numberOf(row)))
  if (buckets.size > bucketsMax)
    throw new DomainError(
      'range-too-long',
      `more than ${bucketsMax} samples: ask for steps with \`every\`, or for less`,
    )
  const inOrder = [...buckets].sort(([a], [b]) => a - b).map(([, bucket]) => bucket)
  return { unit: spoken.unit, buckets: inOrder }
}

async function askSteps(
  inquiry: Inquiry,
  { from, to }: MeasurementQuery,
  steps: readonly number[],
): Promise<MeasurementResult> {
  const runs = runsOf(steps, from, to)
  if (runs.length > runsMax)
    throw new DomainError('range-too-long', `more than ${runsMax} changes of the clocks: ask for less`)
  const rows = (await Promise.all(runs.map((run) => askRun(inquiry, run)))).flat()
  const spoken = lastToSpeak(rows)
  const unit = spoken?.unit ?? (await unitAtAnyTime(inquiry))
  const found = steps.map((): Partial<Record<string, Row>> => ({}))
  for (const row of rows) {
    const step = found[stepAt(steps, row.at)]
    if (row.field === spoken?.field && step) step[row.result] = row
  }
  return { unit, buckets: steps.map((at, index) => stepOf(at, found[index] ?? {})) }
}

const askRun = ({ wire, scripts, series }: Inquiry, { begin, end, everyMs, offsetMs }: Run): Promise<Row[]> =>
  wire.query(
    scripts.steps,
    {
      ...series,
      begin: { time: begin },
      end: { time: end },
      every: { durationMs: everyMs },
      offset: { durationMs: offsetMs },
    },
    rowsMax,
  )

function stepOf(at: number, { count, mean, min, max, last, absent }: Partial<Record<string, Row>>): Bucket {
  if (!count || !mean || !min || !max || !last)
    return absent ? absenceAt(at, absenceNamed(absent.value)) : nothingAt(at)
  return bucketAt(at, {
    count: numberOf(count),
    mean: numberOf(mean),
    min: numberOf(min),
    max: numberOf(max),
    last: numberOf(last),
    absent: null,
  })
}

export interface Spoken {
  readonly field: string
  readonly unit: Unit
  readonly at: number
}
/** A point whose unit changed has several fields: the one that spoke last is meant; of two at once the first by its unit. */
export function lastToSpeak(rows: readonly Row[]): Spoken | undefined {
  let found: Spoken | undefined
  for (const { result, field, at } of rows) {
    const unit = result === 'last' || result === 'absent' ? unitOf(field) : undefined
    if (unit && (!found || at > found.at || (at === found.at && unit < found.unit))) found = { field, unit, at }
  }
  return found
}

/** Nothing in the range: the unit it last spoke in. */
export async function unitAtAnyTime({ wire, scripts, series }: Inquiry): Promise<Unit | null> {
  const { earliest, latest } = influxTimes
  const always = { begin: { time: earliest }, end: { time: latest } }
  return lastToSpeak(await wire.query(scripts.last, { ...series, ...always }, rowsMax))?.unit ?? null
}

export function numberOf({ result, value }: Row): number {
  const number = Number(value)
  invariant(value !== '' && Number.isFinite(number), `${result} is no number`)
  return number
}
