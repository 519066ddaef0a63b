import { invariant, type Unit } from '@anju/contract'
import { bucketsMax } from '../store.ts'
import type { Row } from './answer.ts'
import type { Bindings, Scripts } from './flux.ts'
import { influxTimes, unitOf } from './line-protocol.ts'
import type { Shelves } from './shelves.ts'
import type { InfluxWire } from './wire.ts'

/** Fields of one point (a point whose unit changed has several) times questions in a script. */
export const rowsMax = (bucketsMax + 1) * 24

/** What is asked, of whom: the wire, the scripts for the actor, and what names the series. */
export interface Inquiry {
  readonly wire: Pick<InfluxWire, 'query'>
  readonly scripts: Scripts
  readonly series: Bindings
  readonly shelves: Pick<Shelves, 'now'>
}

/** What InfluxDB can be asked of a range; undefined when nothing of it is left, which it would refuse. */
export function within(range: { readonly from: number; readonly to: number }): Bindings | undefined {
  const from = Math.max(range.from, influxTimes.earliest)
  const to = Math.min(range.to, influxTimes.latest)
  return from < to ? { begin: { time: from }, end: { time: to } } : undefined
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

/** Nothing in the range: the unit it last spoke in, also when only sums of that are left. */
export async function unitAtAnyTime({ wire, scripts, series, shelves }: Inquiry): Promise<Unit | null> {
  const { earliest, latest } = influxTimes
  const always = { ...series, begin: { time: earliest }, end: { time: latest } }
  const found = lastToSpeak(await wire.query(scripts.last, always, rowsMax))
  if (found) return found.unit
  for (const { bucket } of (await shelves.now()).sums) {
    const summed = lastToSpeak(await wire.query(scripts.sumLast, { ...always, bucket: { text: bucket } }, rowsMax))
    if (summed) return summed.unit
  }
  return null
}

export function numberOf({ result, value }: Row): number {
  const number = Number(value)
  invariant(value !== '' && Number.isFinite(number), `${result} is no number`)
  return number
}
