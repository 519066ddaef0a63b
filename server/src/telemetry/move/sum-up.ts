import { type Clock, days, hours, type Millis, minutes } from '@anju/contract'
import type { InfluxWire } from '../influx/wire.ts'
import { bucketsOf } from '../influx-setup/bucket-names.ts'
import { pastDays, pastFiveMinutes } from '../influx-setup/flux-tasks.ts'
import { checkedNames, DEFAULTS } from '../influx-setup/wanted.ts'
import type { Patience } from './patience.ts'
import { daySlices, type Slice, slicesOf, wholeAfter } from './slices.ts'
import { compared, firstInstant } from './sum-questions.ts'

const step = minutes(5)
/** So much is summed at once; the tasks sum four days in one run. */
const sliceOf = hours(6)
/** A clock that lies begins in 1970: time without samples is passed over by the month. */
const emptyAtOnce = days(30)

export interface SumUpParts {
  readonly wire: Pick<InfluxWire, 'records' | 'keptFor'>
  readonly patience: Patience
  readonly clock: Clock
  readonly org: string
  readonly bucket: string
  /** Whose days. */
  readonly zone: string
  readonly signal: AbortSignal
  /** How much of the time is summed, in milliseconds, and how many slices that were. */
  readonly tell: (done: Millis, total: Millis, slices: number) => void
}
export interface SummedUp {
  readonly slices: number
  /** Where the sums do not say what they were made of. */
  readonly different: readonly (Slice & { readonly what: string })[]
}

/**
 * Makes the sums of everything that lies in the bucket of samples: the tasks make those of the last days only. Writing a sum
 * twice changes nothing. A step or a day of which part is forgotten already is left as it is: it was summed when all was there.
 * @throws DomainError `config-malformed`, `telemetry-unavailable`
 */
export async function sumUp(parts: SumUpParts): Promise<SummedUp> {
  const { wire, patience, clock, signal } = parts
  checkedNames({ ...DEFAULTS, ...parts })
  const buckets = bucketsOf(parts.bucket)
  const now = clock.now()
  const keptRaw = wholeAfter(now, await wire.keptFor(buckets.raw), step)
  const keptFine = wholeAfter(now, await wire.keptFor(buckets.fiveMinutes), step)
  const end = Math.floor(now / step) * step
  const first = await patience.with(() => firstInstant(wire, buckets.raw, { begin: Math.max(keptRaw, keptFine), end }))
  if (first === undefined) return { slices: 0, different: [] }

  const begin = Math.floor(first / step) * step
  const coarse = daySlices(begin, keptFine, now, parts.zone)
  const total = end - begin + coarse.reduce((sum, slice) => sum + slice.end - slice.begin, 0)
  const different: (Slice & { what: string })[] = []
  let slices = 0
  let done = 0
  async function sum(slice: Slice, script: string, from: string, to: string): Promise<void> {
    signal.throwIfAborted()
    const bindings = { begin: { time: slice.begin }, end: { time: slice.end } }
    await patience.with(() => wire.records(script, bindings, Number.POSITIVE_INFINITY, () => undefined))
    const what = await patience.with(() => compared(wire, slice, { bucket: from, isRaw: from === buckets.raw }, to))
    if (what !== undefined) different.push({ ...slice, what })
    slices++
    done += slice.end - slice.begin
    parts.tell(done as Millis, total as Millis, slices)
  }
  for (const month of slicesOf(begin, end, emptyAtOnce)) {
    if ((await patience.with(() => firstInstant(wire, buckets.raw, month))) === undefined) {
      done += month.end - month.begin
      continue
    }
    for (const slice of slicesOf(month.begin, month.end, sliceOf))
      await sum(slice, pastFiveMinutes(buckets), buckets.raw, buckets.fiveMinutes)
  }
  for (const slice of coarse) await sum(slice, pastDays(buckets, parts.zone), buckets.fiveMinutes, buckets.days)
  return { slices, different }
}
