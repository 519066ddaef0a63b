import type { GapAnswer, MeasurementAnswer } from '@anju/contract/api'
import type { GapQuery, MeasurementQuery } from '../api/calls.ts'
import { type Gap, type Series, type Trail, type TrailPoint, trailOf } from './trail-data.ts'
import { type TrailRange, timesOf } from './trail-range.ts'

/** Whoever carries the questions to the server. */
export interface Asking {
  measurements(home: string, asked: MeasurementQuery, signal: AbortSignal): Promise<MeasurementAnswer>
  gaps(home: string, asked: GapQuery, signal: AbortSignal): Promise<GapAnswer>
}
export interface ReadTrail {
  readonly trail: Trail
  readonly gaps: readonly Gap[]
}
/**
 * A browser opens six connections to a server. One is the live stream's, which other windows of this page have as well, and a slow
 * chart must leave some for commands.
 */
const askedAtOnce = 2

/** All that a trail is drawn from, of [now − range, now). */
export async function readTrail(
  ask: Asking,
  home: string,
  points: readonly TrailPoint[],
  range: TrailRange,
  now: number,
  signal: AbortSignal,
): Promise<ReadTrail> {
  const { fromS, toS } = timesOf(range, now)
  const [from, to] = [new Date(fromS * 1_000).toISOString(), new Date(toS * 1_000).toISOString()]
  const series: Series[] = []
  const waiting = [...points.entries()]
  const askSome = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, point] = next
      const asked = { placement: point.placement, point: point.point, from, to, every: range.every }
      series[index] = { point, answer: await ask.measurements(home, asked, signal) }
    }
  }
  await Promise.all(Array.from({ length: askedAtOnce }, askSome))
  const trail = trailOf(series, fromS, toS, range.name === 'year' ? 'day' : range.everyS)
  const meter = points.find(({ role }) => role === 'power') ?? points.find(({ role }) => role === 'voltage')
  const { gapsLongerThan: longerThan } = range
  if (!meter || longerThan === undefined) return { trail, gaps: (trail.power ?? trail.voltage)?.gaps ?? [] }
  // What is not over yet is no gap: it may only be late.
  const until = new Date(Math.min(now, toS * 1_000)).toISOString()
  const asked = { placement: meter.placement, point: meter.point, from, to: until, longerThan }
  return { trail, gaps: (await ask.gaps(home, asked, signal)).items.map(gapOf) }
}

const gapOf = ({ from, to, why }: GapAnswer['items'][number]): Gap => ({
  fromS: Date.parse(from) / 1_000,
  toS: Date.parse(to) / 1_000,
  why: why ?? 'nothing-received',
})
