import { expect, test } from 'vitest'
import { rowsOf } from './answer.ts'

const read = (text: string, rowsMax = 10) => {
  const bytes = Buffer.from(text)
  // In pieces of five bytes: heads, quotes and characters are cut anywhere.
  const pieces = Array.from({ length: Math.ceil(bytes.length / 5) }, (_, i) => bytes.subarray(i * 5, i * 5 + 5))
  return rowsOf(
    (async function* () {
      yield* pieces
    })(),
    rowsMax,
  )
}
const table = ',result,table,_time,_value,_field\r\n,last,0,2026-03-01T08:00:00.001Z,1.5,watts\r\n\r\n'

test('tables follow one another, each with its own order of columns', async () => {
  const other = ',result,table,_value,_field,_start\r\n,count,0,3,watts,2026-03-01T08:00:00Z\r\n\r\n'
  expect(await read(`${table}${other}\r\n`)).toEqual([
    { result: 'last', field: 'watts', at: Date.parse('2026-03-01T08:00:00.001Z'), value: '1.5' },
    { result: 'count', field: 'watts', at: Date.parse('2026-03-01T08:00:00Z'), value: '3' },
  ])
  expect(await read('\r\n')).toEqual([])
})

test('a text with a comma, a quote, a newline, Chinese and an emoji is one cell', async () => {
  const cells = ',result,table,_time,_value,_field\r\n,last,0,2026-03-01T08:00:00Z,"a, ""b""\r\n安居 🏠\\",watts\r\n'
  expect((await read(cells)).map(({ value }) => value)).toEqual(['a, "b"\n安居 🏠\\'])
})

test('a failure after the first table is a failure, although the status said 200', async () => {
  // As InfluxDB 2.7.12 answered when a function failed after another result had been sent.
  const broken = `${table}\r\n,error,reference\r\n,"runtime error @4:38-4:82: map: cannot convert string ""x"" to int",\r\n`
  await expect(read(broken)).rejects.toMatchObject({
    code: 'telemetry-unavailable',
    message: /cannot convert string "x"/,
  })
})

test('more rows than were asked for are not gathered', async () => {
  await expect(read(table + table, 1)).rejects.toMatchObject({ message: /more than 1 rows/ })
})
