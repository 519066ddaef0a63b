import type { MessageId } from '../i18n/messages-zh.ts'
import { day, dayMinute, hourMinute } from '../time/format.ts'

const dayS = 86_400

export type RangeName = 'hour' | 'day' | 'week' | 'year'
export interface TrailRange {
  readonly name: RangeName
  readonly label: MessageId
  readonly lengthS: number
  /** As the server is asked, and the same in seconds; days are as long as the home's calendar says. */
  readonly every: string
  readonly everyS: number
  /** A gap shorter than this is no news in so long a time; undefined where the server tells gaps of no such time. */
  readonly gapsLongerThan: string | undefined
  readonly refreshMs: number
}

export const hour: TrailRange = {
  name: 'hour',
  label: 'trail.hour',
  lengthS: 3_600,
  every: '60s',
  everyS: 60,
  gapsLongerThan: '2m',
  refreshMs: 20_000,
}
/** A few hundred steps each: as many as a chart has room for. */
export const RANGES: readonly TrailRange[] = [
  hour,
  {
    name: 'day',
    label: 'trail.day',
    lengthS: dayS,
    every: '5m',
    everyS: 300,
    gapsLongerThan: '10m',
    refreshMs: 60_000,
  },
  {
    name: 'week',
    label: 'trail.week',
    lengthS: 7 * dayS,
    every: '30m',
    everyS: 1_800,
    gapsLongerThan: '1h',
    refreshMs: 300_000,
  },
  {
    name: 'year',
    label: 'trail.year',
    lengthS: 365 * dayS,
    every: '1d',
    everyS: dayS,
    gapsLongerThan: undefined,
    refreshMs: 900_000,
  },
]

export const rangeNamed = (wanted: RangeName): TrailRange => RANGES.find(({ name }) => name === wanted) ?? hour

/** Whole steps: half a step at either end would look like a gap. */
export function timesOf({ lengthS, everyS, name }: TrailRange, nowMs: number): { fromS: number; toS: number } {
  // A day ends at the home's midnight, which is no multiple of anything: up to now it is the day that is still filling.
  const toS = name === 'year' ? Math.ceil(nowMs / 60_000) * 60 : Math.ceil(nowMs / 1_000 / everyS) * everyS
  return { fromS: toS - lengthS, toS }
}

/** A moment, as exactly as the range needs it. */
export function textAt(range: RangeName, at: number, zone: string): string {
  if (range === 'year') return day(at, zone)
  return range === 'week' ? dayMinute(at, zone) : hourMinute(at, zone)
}
