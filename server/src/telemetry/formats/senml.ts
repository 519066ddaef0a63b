import { ABSENCES } from '@anju/contract'
import type { SeriesKey } from '../store.ts'
import { type Content, type Format, piecesOf } from './format.ts'

/** RFC 8428 §4.5.3: a time below this is a distance from now, so that no instant before July 1978 can be said. */
const absoluteFromMs = 2 ** 28 * 1_000
/** Units of RFC 8798's second table; a pack that has one says so by its version (RFC 9100 §4). */
const SECONDARY: ReadonlySet<string> = new Set(['kWh', 'hPa', 'ppm'])
const versionWithSecondary = 10 + 2 ** 4

/**
 * SenML JSON (RFC 8428), a record a sample. A record must have a value, and null is none: why there is no number is said by a
 * text under a name of its own, `<series>/absent`, so that whoever reads numbers never meets it. What has an instant that
 * cannot be said is counted under `<series>/unsaid`.
 */
export const senml: Format = {
  contentType: 'application/senml+json',
  extension: 'senml.json',
  async *textOf(content) {
    const textOf = packOf(content)
    let name = ''
    let unsaid = 0
    let base: number | undefined
    for await (const { series, isFirst, at, value, absent } of piecesOf(content)) {
      const records: SenmlRecord[] = []
      if (isFirst) {
        if (unsaid > 0) records.push(unsaidOf(name, unsaid))
        name = nameOf(series)
        unsaid = 0
        base = undefined
      }
      for (let row = 0; row < at.length; row++) {
        const when = at[row] as number
        const why = absent[row] as number
        if (when < absoluteFromMs) {
          unsaid++
          continue
        }
        const isBase = base === undefined
        // A whole second, so that it and every distance from it are exact to the millisecond.
        base ??= Math.floor(when / 1_000)
        const distanceMs = when - base * 1_000
        records.push({
          ...(isBase ? { bn: name, bt: base, bu: series.unit } : {}),
          ...(why === 0 ? {} : { n: '/absent', u: '/' }),
          ...(distanceMs === 0 ? {} : { t: distanceMs / 1_000 }),
          ...(why === 0 ? { v: value[row] as number } : { vs: ABSENCES[why - 1] ?? 'invalid' }),
        })
      }
      yield textOf(records)
    }
    yield textOf(unsaid > 0 ? [unsaidOf(name, unsaid)] : [])
    yield textOf('end')
  },
}

type SenmlRecord = Readonly<Record<string, string | number>>
const nameOf = ({ centre, home, placement, point }: SeriesKey) => `${centre}/${home}/${placement}/${point}`
/** Base time 0: roughly now, which is when they were counted. */
const unsaidOf = (name: string, count: number): SenmlRecord => ({ bn: name, bt: 0, n: '/unsaid', u: 'count', v: count })

/** The array around the records, a line each, and the version in the first of them. */
function packOf({ centre, home, series }: Content): (records: readonly SenmlRecord[] | 'end') => string {
  const version = series.some(({ unit }) => SECONDARY.has(unit)) ? { bver: versionWithSecondary } : {}
  let isEmpty = true
  const textOf = (records: readonly SenmlRecord[]) =>
    records
      .map((record) => {
        const text = isEmpty ? `[\n${JSON.stringify({ ...version, ...record })}` : `,\n${JSON.stringify(record)}`
        isEmpty = false
        return text
      })
      .join('')
  return (records) => {
    if (records !== 'end') return textOf(records)
    // A pack has at least one record: of a home without samples it says how many there are.
    const none = isEmpty ? textOf([{ n: `${centre}/${home}/samples`, u: 'count', v: 0 }]) : ''
    return `${none}\n]\n`
  }
}
