import { ABSENCES } from '@anju/contract'
import { type Format, piecesOf } from './format.ts'
import { localTimes } from './local-times.ts'

/** The unit is a column: a point whose unit changed has two series. A reason is never where a number is looked for. */
const HEAD = ['home', 'placement', 'point', 'unit', 'time_utc', 'time_local', 'value', 'absent']

/** RFC 4180, a row a sample. Local time is the home's, with its distance from UTC: an hour that comes twice is two hours. */
export const csv: Format = {
  contentType: 'text/csv; charset=utf-8; header=present',
  extension: 'csv',
  async *textOf(content) {
    const localOf = localTimes(content.timeZone)
    yield rowOf(HEAD)
    for await (const { series, at, value, absent } of piecesOf(content)) {
      const head = rowOf([series.home, series.placement, series.point, series.unit]).slice(0, -2)
      let text = ''
      for (let row = 0; row < at.length; row++) {
        const when = at[row] as number
        const why = absent[row] as number
        const what = why === 0 ? `${value[row]},` : `,${ABSENCES[why - 1] ?? 'invalid'}`
        text += `${head},${new Date(when).toISOString()},${localOf(when)},${what}\r\n`
      }
      yield text
    }
  },
}

const rowOf = (cells: readonly string[]): string => `${cells.map(cellOf).join(',')}\r\n`
/** Ids and units need no quotes, and none of them begins a formula; who reads this need not know. */
const cellOf = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
