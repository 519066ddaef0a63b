import type { TimeRange } from '../archive.ts'
import { ABSENCES } from '../influx-setup/flux-tasks.ts'
import { stepAt } from '../steps.ts'
import type { Row } from './answer.ts'
import type { Bindings } from './flux.ts'
import { type Inquiry, numberOf, rowsMax } from './inquiry.ts'
import { ABSENCE, SAMPLE } from './line-protocol.ts'
import { runsOf } from './runs.ts'
import type { Kept } from './shelves.ts'

const hourMs = 3_600_000
/** How long a day can be, when the clocks change. */
const [dayMsMin, dayMsMax] = [23 * hourMs, 25 * hourMs]
/** Stretches of days that are asked for anew; of more than these, everything from the first to the last of them. */
const leftMax = 4
/** Adding in another order moves a sum by less than this share of what was added. */
const orderShare = 1e-9

/** Whole days that may be told as they were summed, and what counts the same samples. */
export interface Days extends TimeRange {
  /** Where each begins, and where the last one ends. */
  readonly edges: readonly number[]
  readonly dayBucket: string
  readonly fineBucket: string
  /** From here on there are samples to be counted; before, five minutes. */
  readonly samplesFrom: number
}
export interface ToldDays {
  readonly rows: readonly Row[]
  /** Of which the days do not say what is there now; in order of time. */
  readonly left: readonly TimeRange[]
}

/** The days among the steps of a range; undefined when its steps are others, or days are not kept. */
export function daysIn({ samples, sums }: Kept, steps: readonly number[], { from, to }: TimeRange): Days | undefined {
  const fine = sums.find(({ of }) => of === 'five-minutes')
  const coarse = sums.find(({ of }) => of === 'days')
  if (!fine || !coarse) return undefined
  const edges = steps.filter((at) => at >= Math.max(from, fine.from) && at <= to)
  const [first, second] = [edges[0], edges.at(-1)]
  const areDays = edges.slice(1).every((at, index) => {
    const length = at - (edges[index] as number)
    return length >= dayMsMin && length <= dayMsMax
  })
  if (first === undefined || second === undefined || first === second || !areDays) return undefined
  const named = { dayBucket: coarse.bucket, fineBucket: fine.bucket }
  return { edges, from: first, to: second, ...named, samplesFrom: samples.from }
}

/**
 * A day is told as it was summed when it counts as many values and reasons as are there now, in one unit, and their sum is the
 * same but for the order of adding. To count is cheap; to add half a million samples in their order is not. A day that differs was
 * summed too early or for another zone, or what it was made of is forgotten: it is left to who asks it piece by piece.
 */
export async function askDays(inquiry: Inquiry, days: Days): Promise<ToldDays> {
  const { edges, from, to, samplesFrom } = days
  // A step that is cut here is no step of ours: the last edge only ends one.
  const begins = edges.slice(0, -1)
  const answers = await Promise.all(runsOf(begins, from, to).map((run) => askRun(inquiry, days, run)))
  const told = begins.map((): Day => ({ rows: [], elsewhere: false, tallies: new Map() }))
  const there = begins.map((): Tallies => new Map())
  for (const row of answers.flat()) {
    const index = stepAt(edges, row.at)
    const [day, tallies, begin] = [told[index], there[index], begins[index]]
    if (!day || !tallies) continue
    if (row.result !== 'days') count(tallies, row)
    else {
      day.rows.push({ ...row, result: RESULTS[row.measurement ?? ''] ?? '' })
      day.elsewhere ||= row.at !== begin
      count(day.tallies, row)
    }
  }
  const left = stretchesOf(
    begins.flatMap((from, index) =>
      agree(told[index] as Day, there[index] as Tallies, from >= samplesFrom)
        ? []
        : [{ from, to: edges[index + 1] as number }],
    ),
  )
  const isLeft = (at: number) => left.some((range) => at >= range.from && at < range.to)
  return { rows: told.flatMap(({ rows }, index) => (isLeft(begins[index] as number) ? [] : rows)), left }
}

async function askRun(
  { wire, scripts, series }: Inquiry,
  { dayBucket, fineBucket, samplesFrom }: Days,
  { begin, end, everyMs, offsetMs }: ReturnType<typeof runsOf>[number],
): Promise<Row[]> {
  const seam = Math.min(Math.max(samplesFrom, begin), end)
  const script = seam === begin ? scripts.daysBySamples : seam === end ? scripts.daysByFine : scripts.daysByBoth
  const bound: Bindings = {
    ...series,
    every: { durationMs: everyMs },
    offset: { durationMs: offsetMs },
    dayBucket: { text: dayBucket },
    dayBegin: { time: begin },
    dayEnd: { time: end },
    ...(seam > begin ? { fineBucket: { text: fineBucket }, fineBegin: { time: begin }, fineEnd: { time: seam } } : {}),
    ...(seam < end ? { begin: { time: seam }, end: { time: end } } : {}),
  }
  return wire.query(script, bound, rowsMax)
}

interface Day {
  readonly rows: Row[]
  /** It was summed for days that begin at another moment: those of another zone. */
  elsewhere: boolean
  readonly tallies: Tallies
}
/** What is counted of one field on one day. */
interface Tally {
  values: number
  reasons: number
  sum: number
  /** The largest value, whatever its sign. */
  largest: number
}
type Tallies = Map<string, Tally>
/** What a day's measurements are called in the answer to a question about steps; no other of them is part of one. */
const RESULTS: Readonly<Record<string, string>> = {
  count: 'count',
  sum: 'sum',
  min: 'min',
  max: 'max',
  last: 'last',
  [ABSENCE]: 'absent',
}

function count(tallies: Tallies, row: Row): void {
  const tally = tallies.get(row.field) ?? { values: 0, reasons: 0, sum: 0, largest: 0 }
  tallies.set(row.field, tally)
  const said = row.result === 'added' ? 'sum' : row.measurement
  if (said === 'count' || said === SAMPLE) tally.values += numberOf(row)
  else if (said === ABSENCES || (said === ABSENCE && row.result === 'counted')) tally.reasons += numberOf(row)
  else if (said === 'sum') tally.sum += numberOf(row)
  else if (said === 'min' || said === 'max') tally.largest = Math.max(tally.largest, Math.abs(numberOf(row)))
}

/** `added`: the sum of what is there is known as well. */
function agree({ tallies, elsewhere }: Day, there: Tallies, added: boolean): boolean {
  if (tallies.size === 0 && there.size === 0) return true
  // Which of two units spoke last a day does not know.
  const [[field, day] = []] = tallies
  const now = field === undefined ? undefined : there.get(field)
  if (elsewhere || tallies.size !== 1 || there.size !== 1 || !day || !now) return false
  const sameSum = !added || Math.abs(day.sum - now.sum) <= day.values * day.largest * orderShare
  return day.values === now.values && day.reasons === now.reasons && sameSum
}

function stretchesOf(days: readonly TimeRange[]): readonly TimeRange[] {
  const stretches: TimeRange[] = []
  for (const { from, to } of days) {
    const before = stretches.at(-1)
    if (before?.to === from) stretches[stretches.length - 1] = { from: before.from, to }
    else stretches.push({ from, to })
  }
  const [first, last] = [stretches[0], stretches.at(-1)]
  return first && last && stretches.length > leftMax ? [{ from: first.from, to: last.to }] : stretches
}
