import { absent, type EventType, type Quantity, type Reading, reading } from '@anju/contract'
import type { PointReading } from '../../src/telling.ts'
import type { Telegram } from './telegram.ts'

/** What a telegram says when its device's equipment profile (EEP 2.6.8) is known. */
export interface Equipment {
  readonly readings: readonly PointReading[]
  readonly events: readonly EventType[]
  /** Words of the frame. */
  readonly words: Readonly<Record<string, unknown>>
}
export type Read = (payload: Uint8Array, telegram: Telegram) => Equipment
export type Profiles = readonly (readonly [eep: string, read: Read])[]

export const silent: Equipment = { readings: [], events: [], words: {} }
export const says = (...readings: PointReading[]): Equipment => ({ readings, events: [], words: {} })
export const of = (quantity: Quantity, value: Reading, point: string = quantity): PointReading => ({
  point,
  quantity,
  reading: value,
})

export const temperature = (value: Reading): PointReading => of('temperature', value)
export const humidity = (value: Reading): PointReading => of('relative-humidity', value, 'humidity')
export const supply = (value: Reading): PointReading => of('battery-voltage', value)
export const contact = (closed: boolean): PointReading => of('contact', reading(closed))
export const motion = (moving: boolean): PointReading => of('motion', reading(moving))

/**
 * `raw` of 0 to `full` on a line from `low` to `high`; beyond `full` it is no value. Inverted: `low` above `high`. One division,
 * so that it is the nearest double.
 */
export const scaled = (raw: number, full: number, low: number, high: number): Reading =>
  raw <= full ? reading((low * full + raw * (high - low)) / full) : absent('invalid')
