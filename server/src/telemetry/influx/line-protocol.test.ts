import { UNITS } from '@anju/contract'
import { beforeEach, expect, test } from 'vitest'
import type { Refusal, SeriesKey, TelemetryBatch } from '../store.ts'
import { LineProtocol, quoted, unitOf } from './line-protocol.ts'

const key = { centre: 'c', home: 'home-1', placement: 'meter', point: 'power', unit: 'W' }
/** Rows of [series, at, value, reason], one message each. */
function batchOf(series: readonly SeriesKey[], rows: readonly (readonly [number, number, number, number?])[]) {
  return {
    series,
    rows: rows.length,
    seriesOf: Int32Array.from(rows, ([number]) => number),
    at: Float64Array.from(rows, ([, at]) => at),
    value: Float64Array.from(rows, ([, , value]) => value),
    absent: Uint8Array.from(rows, ([, , , why]) => why ?? 0),
    messageEnds: Int32Array.from(rows, (_, index) => index + 1),
    messages: rows.length,
  } satisfies TelemetryBatch
}

let protocol: LineProtocol
let refused: Map<number, Refusal>
beforeEach(() => {
  protocol = new LineProtocol()
  refused = new Map()
})
function linesOf(batch: TelemetryBatch, first = 0, end = batch.messages) {
  protocol.refuse(batch, refused)
  return protocol.lines(batch, refused, first, end)
}

test('a value is a sample, a reason is an absence: never a 0, and never in one mean', () => {
  const rows = [
    [0, 1_000, 12.5],
    [0, 2_000, 0, 2],
    [0, -1, -0],
  ] as const
  expect(linesOf(batchOf([key], rows))).toEqual({
    text: [
      'sample,centre=c,home=home-1,placement=meter,point=power watts=12.5 1000\n',
      'absence,centre=c,home=home-1,placement=meter,point=power watts="no-answer" 2000\n',
      'sample,centre=c,home=home-1,placement=meter,point=power watts=0 -1\n',
    ].join(''),
    count: 3,
  })
})

test.for([
  ['a comma', 'home,1'],
  ['a blank', 'home 1'],
  ['an equals sign', 'home=1'],
  ['a quote', '"home"'],
  ['a backslash at its end', 'home\\'],
  ['a newline', 'home\n1'],
  ['Chinese', '家'],
  ['an emoji', '🏠'],
  ['a capital', 'Home'],
  ['nothing', ''],
  ['a second line', 'home\nsample watts=1'],
  ['more than 64 characters', 'h'.repeat(65)],
] as const)('a tag with %s is refused with its message, and the others are written', ([, home]) => {
  const { text, count } = linesOf(
    batchOf(
      [key, { ...key, home }],
      [
        [1, 1, 1],
        [0, 2, 2],
      ],
    ),
  )
  expect([...refused.keys()]).toEqual([0])
  expect(refused.get(0)).toEqual({ code: 'message-malformed', why: `home: ${JSON.stringify(home)} is not an id` })
  expect(count).toBe(1)
  expect(text).toMatch(/^sample,centre=c,home=home-1,[^\n]+ 2\n$/)
})

test.for(['centre', 'home', 'placement', 'point'] as const)('%s is held to the alphabet', (tag) => {
  linesOf(batchOf([{ ...key, [tag]: 'a b' }], [[0, 1, 1]]))
  expect(refused.get(0)?.why).toBe(`${tag}: "a b" is not an id`)
})

test.for(['K', '', 'constructor', 'toString'])('the unit "%s" is none of ours', (unit) => {
  linesOf(batchOf([{ ...key, unit }], [[0, 1, 1]]))
  expect(refused.get(0)?.why).toMatch(/^unit: ".*" is none of ours$/)
})

test('every unit has a field of its own, which names it again', () => {
  const fields = UNITS.map((unit, number) => {
    const batch = batchOf(
      UNITS.map((unit) => ({ ...key, unit })),
      [[number, 1, 1]],
    )
    const field = / ([a-z_]+)=/.exec(linesOf(batch).text)?.[1] ?? ''
    expect(unitOf(field)).toBe(unit)
    return field
  })
  expect(new Set(fields).size).toBe(UNITS.length)
  expect(unitOf('constructor')).toBeUndefined()
})

test('part of a batch is written without what was refused in it', () => {
  const rows = [0, 1, 2, 3].map((n) => [0, n, n] as const)
  const batch = batchOf([key], rows)
  refused.set(2, { code: 'message-malformed', why: 'known' })
  const times = (first: number, end: number) =>
    [...linesOf(batch, first, end).text.matchAll(/ (\d)\n/g)].map(([, at]) => at)
  expect(times(1, 4)).toEqual(['1', '3'])
  expect(linesOf(batch, 2, 3)).toEqual({ text: '', count: 0 })
})

test('series that are spoken of later get their lines later', () => {
  const series: SeriesKey[] = [key]
  linesOf(batchOf(series, [[0, 1, 1]]))
  series.push({ ...key, point: 'volts', unit: 'V' })
  expect(linesOf(batchOf(series, [[1, 1, 230]])).text).toContain('point=volts volts=230 1\n')
})

test('a text is quoted so that only the quotes end it', () => {
  expect(quoted('a "b" \\')).toBe('"a \\"b\\" \\\\"')
})
