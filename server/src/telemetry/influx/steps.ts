import { DomainError } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'
import type { TimeRange } from '../archive.ts'
import { absenceAt, absenceNamed, bucketAt, nothingAt } from '../buckets.ts'
import { inPieces } from '../pieces.ts'
import { stepAt } from '../steps.ts'
import type { MeasurementQuery, MeasurementResult } from '../store.ts'
import type { Row } from './answer.ts'
import { askDays, daysIn } from './days.ts'
import { FLEET_DAYS } from './flux.ts'
import { type Inquiry, lastToSpeak, numberOf, rowsMax, unitAtAnyTime, within } from './inquiry.ts'
import { keptFor } from './kept.ts'
import { type Region, regionsOf } from './regions.ts'
import { runsOf } from './runs.ts'

const runsMax = 64
/** Five minutes each, of one step: as many as samples may be kept for a year, in one unit. */
const piecesMax = 110_000
const dayMs = 86_400_000

export async function askSteps(
  inquiry: Inquiry,
  { from, to }: MeasurementQuery,
  steps: readonly number[],
): Promise<MeasurementResult> {
  const rows = inPieces(steps)
    ? await askPieces(inquiry, steps, { from, to })
    : await askRuns(inquiry, steps, { script: 'steps', from, to })
  const spoken = lastToSpeak(rows)
  const unit = spoken?.unit ?? (await unitAtAnyTime(inquiry))
  const said = steps.map((): Said => ({}))
  for (const row of rows) {
    const step = said[stepAt(steps, row.at)]
    if (row.field === spoken?.field && step) hear(step, row)
  }
  return { unit, buckets: steps.map((at, index) => bucketOf(at, said[index] ?? {})) }
}

/** Days as they were summed where nothing came after it; everything else piece by piece. */
async function askPieces(inquiry: Inquiry, steps: readonly number[], range: TimeRange): Promise<readonly Row[]> {
  const days = daysIn(await inquiry.shelves.now(), steps, range)
  const pieceByPiece = async ({ from, to }: TimeRange) =>
    askRegions(inquiry, steps, regionsOf(await keptFor(inquiry, from, to), steps, from, to))
  if (!days) return pieceByPiece(range)
  // A day that the range cuts, and the one that is not over, are summed nowhere.
  const edges = [
    { from: range.from, to: days.from },
    { from: days.to, to: range.to },
  ].filter(({ from, to }) => from < to)
  const [told, ...cut] = await Promise.all([askDays(inquiry, days), ...edges.map(pieceByPiece)])
  const left = await Promise.all(told.left.map(pieceByPiece))
  return [...told.rows, ...left.flat(), ...cut.flat()]
}

/** The rows of each, in order of time. */
async function askRegions(
  inquiry: Inquiry,
  steps: readonly number[],
  regions: readonly Region[],
): Promise<readonly Row[]> {
  const answers = await Promise.all(
    regions.map(async (region, index) => {
      const { of, bucket, from, to } = region
      if (of === 'samples')
        return index === 0
          ? askRuns(inquiry, steps, { script: 'pieceSteps', from, to })
          : askSamplesAfterSums(inquiry, steps, region)
      const rows = await askRuns(inquiry, steps, { script: 'sumSteps', bucket, from, to })
      return of === 'days' ? rowsOfWholeDays(inquiry, steps, region, rows) : rows
    }),
  )
  const told = (wanted: Region['of']) => answers.filter((_, index) => regions[index]?.of === wanted).flat()
  return [...toldOnce(steps, told('days'), told('five-minutes')), ...told('samples')]
}

/**
 * A step that both its day and its five minutes tell of is told by those that count more, because the others have forgotten some or
 * were not told of it yet; by five minutes when they count the same.
 */
function toldOnce(steps: readonly number[], days: readonly Row[], fiveMinutes: readonly Row[]): Row[] {
  const key = ({ at, field }: Row) => `${stepAt(steps, at)} ${field}`
  const counts = (rows: readonly Row[]) => {
    const found = new Map<string, number>()
    for (const row of rows)
      found.set(key(row), (found.get(key(row)) ?? 0) + (row.result === 'count' ? numberOf(row) : 0))
    return found
  }
  const [ofDays, ofFiveMinutes] = [counts(days), counts(fiveMinutes)]
  const byDay = (row: Row) => (ofDays.get(key(row)) ?? -1) > (ofFiveMinutes.get(key(row)) ?? -1)
  return [...days.filter(byDay), ...fiveMinutes.filter((row) => !byDay(row))]
}

/** A step that began among the sums goes on piece by piece, as it was begun: sums of sums would have other digits. */
async function askSamplesAfterSums(inquiry: Inquiry, steps: readonly number[], { from, to }: Region): Promise<Row[]> {
  const cut = stepAt(steps, from)
  const rest = steps[cut] === from ? undefined : within({ from, to: Math.min(steps[cut + 1] ?? to, to) })
  const [rows, pieces] = await Promise.all([
    askRuns(inquiry, steps, { script: 'pieceSteps', from, to }),
    rest ? inquiry.wire.query(inquiry.scripts.pieceSums, { ...inquiry.series, ...rest }, piecesMax) : [],
  ])
  return rest ? [...rows.filter((row) => row.result !== 'sum' || stepAt(steps, row.at) !== cut), ...pieces] : rows
}

/** Days of one zone are summed. Where a step begins or ends at another moment than they do, nothing is known of it. */
async function rowsOfWholeDays(
  { wire }: Inquiry,
  steps: readonly number[],
  { bucket = '', from, to }: Region,
  rows: readonly Row[],
): Promise<Row[]> {
  const range = within({ from, to: to + 2 * dayMs })
  if (!range || rows.length === 0) return []
  const bound = { ...range, bucket: { text: bucket }, field: { text: 'samples' } }
  const begins = new Set((await wire.query(FLEET_DAYS, bound, rowsMax)).map(({ at }) => at))
  return rows.filter((row) => {
    const step = stepAt(steps, row.at)
    return begins.has(steps[step] ?? Number.NaN) && begins.has(steps[step + 1] ?? to)
  })
}

interface Asked {
  readonly script: 'steps' | 'pieceSteps' | 'sumSteps'
  readonly bucket?: string | undefined
  readonly from: number
  readonly to: number
}
async function askRuns(
  { wire, scripts, series }: Inquiry,
  steps: readonly number[],
  { script, bucket, from, to }: Asked,
): Promise<Row[]> {
  const runs = runsOf(steps, from, to)
  if (runs.length > runsMax)
    throw new DomainError('range-too-long', `more than ${runsMax} changes of the clocks: ask for less`)
  const answers = await Promise.all(
    runs.map(({ begin, end, everyMs, offsetMs }) =>
      wire.query(
        scripts[script],
        {
          ...series,
          ...(bucket === undefined ? {} : { bucket: { text: bucket } }),
          begin: { time: begin },
          end: { time: end },
          every: { durationMs: everyMs },
          offset: { durationMs: offsetMs },
        },
        rowsMax,
      ),
    ),
  )
  return answers.flat()
}

/** What is known of a step so far: parts of it may lie in several buckets. */
interface Said {
  count?: number
  /** Of a short step; a longer one has a sum, which goes on from bucket to bucket. */
  mean?: number
  sum?: number
  min?: number
  max?: number
  last?: number
  absent?: string
}

function hear(said: Said, row: Row): void {
  const { result } = row
  if (result === 'absent') {
    said.absent = row.value
    return
  }
  const value = numberOf(row)
  if (result === 'count') said.count = (said.count ?? 0) + value
  else if (result === 'mean') said.mean = value
  else if (result === 'sum') said.sum = said.sum === undefined ? value : said.sum + value
  else if (result === 'min') said.min = Math.min(said.min ?? value, value)
  else if (result === 'max') said.max = Math.max(said.max ?? value, value)
  else if (result === 'last') said.last = value
}

function bucketOf(at: number, { count, mean, sum, min, max, last, absent }: Said): Bucket {
  if (count === undefined || min === undefined || max === undefined || last === undefined)
    return absent === undefined ? nothingAt(at) : absenceAt(at, absenceNamed(absent))
  return bucketAt(at, { count, mean: mean ?? (sum ?? 0) / count, min, max, last, absent: null })
}
