import type { SeriesKey } from '../store.ts'

/** What names a series in both stores. A home that went to another centre has one series in PostgreSQL and two in InfluxDB. */
export type SeriesName = Pick<SeriesKey, 'home' | 'placement' | 'point' | 'unit'>

/** The order in which every archive tells its series: by home, placement, point and unit, by their characters. */
export function compareNames(a: SeriesName, b: SeriesName): number {
  return (
    byCharacters(a.home, b.home) ||
    byCharacters(a.placement, b.placement) ||
    byCharacters(a.point, b.point) ||
    byCharacters(a.unit, b.unit)
  )
}
const byCharacters = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const nameOf = ({ home, placement, point, unit }: SeriesName): SeriesName => ({ home, placement, point, unit })
export const inWords = ({ home, placement, point, unit }: SeriesName): string =>
  `${home} ${placement}/${point} (${unit})`

/** A series under every centre it was ever written for, in their order. */
export interface NamedSeries {
  readonly name: SeriesName
  readonly keys: readonly SeriesKey[]
}
