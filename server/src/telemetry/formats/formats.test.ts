import { ABSENCES, UNITS } from '@anju/contract'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLines } from '../../../../tests/harness/influx-double/lines.ts'
import type { SamplePage } from '../archive.ts'
import type { SeriesKey } from '../store.ts'
import type { Content } from './format.ts'
import { FORMATS, type FormatName } from './formats.ts'

type Sample = readonly [at: number, what: number | (typeof ABSENCES)[number]]
type Given = readonly (readonly [series: string, samples: readonly Sample[]])[]

const start = Date.parse('2026-03-29T00:59:59.500Z')
const keyOf = (text: string): SeriesKey => {
  const [, placement = '', point = '', unit = ''] = /^(.+)\/(\S+) (.+)$/.exec(text) ?? []
  return { centre: 'centre-a', home: 'home-1', placement, point, unit }
}
const pageOf = (samples: readonly Sample[]): SamplePage => ({
  at: Float64Array.from(samples, ([at]) => at),
  value: Float64Array.from(samples, ([, what]) => (typeof what === 'number' ? what : 0)),
  absent: Uint8Array.from(samples, ([, what]) => (typeof what === 'number' ? 0 : ABSENCES.indexOf(what) + 1)),
})
/** Each series comes in two pages. */
function contentOf(given: Given): Content {
  const series = given.map(([text]) => keyOf(text))
  return {
    store: 'influxdb',
    centre: 'centre-a',
    home: 'home-1',
    timeZone: 'Europe/Berlin',
    series,
    async *samples(key) {
      const samples = given[series.indexOf(key)]?.[1] ?? []
      const middle = Math.ceil(samples.length / 2)
      for (const half of [samples.slice(0, middle), samples.slice(middle)]) if (half.length > 0) yield pageOf(half)
    },
  }
}
const written = async (format: FormatName, given: Given) =>
  (await Array.fromAsync(FORMATS[format].textOf(contentOf(given)))).join('')

const aNight: Given = [
  [
    'meter/power W',
    [
      [start, 230.5],
      [start + 1_000, 'no-answer'],
      [start + 60_000, -0.1],
    ],
  ],
  ['meter/energy kWh', [[start, 0]]],
]

test('line protocol: as the writer writes it', async () => {
  expect(await written('line-protocol', aNight)).toBe(`# times are milliseconds: write with precision=ms
# what is in influxdb; what was measured before a move to it and never moved is not here
sample,centre=centre-a,home=home-1,placement=meter,point=power watts=230.5 1774745999500
absence,centre=centre-a,home=home-1,placement=meter,point=power watts="no-answer" 1774746000500
sample,centre=centre-a,home=home-1,placement=meter,point=power watts=-0.1 1774746059500
sample,centre=centre-a,home=home-1,placement=meter,point=energy kilowatt_hours=0 1774745999500
`)
})

test('CSV: both times on the night the clocks go forward, and a reason in a column of its own', async () => {
  expect(await written('csv', aNight)).toBe(
    [
      'home,placement,point,unit,time_utc,time_local,value,absent',
      'home-1,meter,power,W,2026-03-29T00:59:59.500Z,2026-03-29T01:59:59.500+01:00,230.5,',
      'home-1,meter,power,W,2026-03-29T01:00:00.500Z,2026-03-29T03:00:00.500+02:00,,no-answer',
      'home-1,meter,power,W,2026-03-29T01:00:59.500Z,2026-03-29T03:00:59.500+02:00,-0.1,',
      'home-1,meter,energy,kWh,2026-03-29T00:59:59.500Z,2026-03-29T01:59:59.500+01:00,0,',
      '',
    ].join('\r\n'),
  )
})

test('SenML: base name, time and unit once a series; a reason is a text under another name; kWh asks for version 26', async () => {
  expect(await written('senml', aNight)).toBe(`[
{"bver":26,"bn":"centre-a/home-1/meter/power","bt":1774745999,"bu":"W","t":0.5,"v":230.5},
{"n":"/absent","u":"/","t":1.5,"vs":"no-answer"},
{"t":60.5,"v":-0.1},
{"bn":"centre-a/home-1/meter/energy","bt":1774745999,"bu":"kWh","t":0.5,"v":0}
]
`)
})

test('SenML cannot say an instant before July 1978: it says how many there were', async () => {
  const given: Given = [
    [
      'meter/power W',
      [
        [0, 1],
        [2 ** 28 * 1_000 - 1, 'no-answer'],
        [2 ** 28 * 1_000, 3],
      ],
    ],
    ['meter/voltage V', [[5, 1]]],
  ]
  expect(await written('senml', given)).toBe(`[
{"bn":"centre-a/home-1/meter/power","bt":268435456,"bu":"W","v":3},
{"bn":"centre-a/home-1/meter/power","bt":0,"n":"/unsaid","u":"count","v":2},
{"bn":"centre-a/home-1/meter/voltage","bt":0,"n":"/unsaid","u":"count","v":1}
]
`)
})

test('a home without samples is a file of its format all the same', async () => {
  expect(await written('line-protocol', [])).toMatch(/^(#.*\n){2}$/)
  expect(await written('csv', [])).toBe('home,placement,point,unit,time_utc,time_local,value,absent\r\n')
  expect(await written('senml', [])).toBe('[\n{"n":"centre-a/home-1/samples","u":"count","v":0}\n]\n')
})

/** RFC 8428 §12.1 and the two tables of RFC 8798, as far as we might use them. */
const PRIMARY =
  'm kg g s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l m/s m/s2 m3/s l/s W/m2 cd/m2 bit bit/s lat lon pH dB dBW Bspl count / % %RH %EL EL 1/s 1/min beat/min beats S/m B VA VAs var vars J/m kg/m3 deg'
const SECONDARY =
  'ms min h MHz kW kVA kvar Ah Wh kWh varh kvarh kVAh Wh/km KiB GB Mbit/s B/s MB/s mV mA dBm ug/m3 mm/h m/h ppm /100 /1000 hPa mm cm km km/h'

test.for([...UNITS])('SenML: the unit %s is in its registry, and a secondary one asks for version 26', async (unit) => {
  const primary = PRIMARY.split(' ').includes(unit)
  expect(primary || SECONDARY.split(' ').includes(unit)).toBe(true)
  const [first] = JSON.parse(await written('senml', [[`meter/x ${unit}`, [[start, 1]]]])) as { bver?: number }[]
  expect(first?.bver).toBe(primary ? undefined : 26)
})

describe('what was written is read again', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }).map((number) => number + 0),
    fc.integer({ min: -1_000, max: 1_000 }),
    fc.constantFrom(...ABSENCES),
  )
  const samples = fc
    .uniqueArray(fc.integer({ min: 2 ** 28 * 1_000, max: 4_102_444_800_000 }), { minLength: 1, maxLength: 30 })
    .chain((times) =>
      fc
        .array(value, { minLength: times.length, maxLength: times.length })
        .map((values) => times.sort((a, b) => a - b).map((at, index): Sample => [at, values[index] ?? 0])),
    )
  const anything: fc.Arbitrary<Given> = fc.tuple(samples, samples).map(([one, other]) => [
    ['meter/power W', one],
    ['kitchen-1/water m3', other],
  ])
  const flat = (given: Given) =>
    given.flatMap(([series, all]) => all.map(([at, what]) => `${series} ${at} ${what}`)).sort()
  test.for([
    ['line-protocol', points],
    ['csv', cells],
    ['senml', resolved],
  ] as const)('from %s', async ([format, read]) => {
    await fc.assert(
      fc.asyncProperty(anything, async (given) => {
        expect(read(await written(format, given)).sort()).toEqual(flat(given))
      }),
      { numRuns: 100 },
    )
  })
})

/** By whoever reads line protocol. */
function points(text: string): string[] {
  const lines = parseLines(text)
  if (!lines.ok) throw new Error(lines.why)
  const units: Readonly<Record<string, string>> = { watts: 'W', cubic_metres: 'm3' }
  return lines.points.map(
    ({ tags, field, value, at }) => `${tags['placement']}/${tags['point']} ${units[field]} ${at} ${value}`,
  )
}

/** Both times of a row are one instant. */
function cells(text: string): string[] {
  return parse<Record<string, string>>(text, { columns: true, record_delimiter: '\r\n' }).map((row) => {
    expect(Date.parse(row['time_local'] ?? '')).toBe(Date.parse(row['time_utc'] ?? ''))
    const what = row['absent'] === '' ? Number(row['value']) : row['absent']
    return `${row['placement']}/${row['point']} ${row['unit']} ${Date.parse(row['time_utc'] ?? '')} ${what}`
  })
}

/** As RFC 8428 §4.6 says: base fields hold until they are said anew. Every record must have one value, a legal name, and no null. */
function resolved(text: string): string[] {
  let [name, time, unit] = ['', 0, '']
  return (JSON.parse(text) as Record<string, string | number | undefined>[]).map((record) => {
    name = String(record['bn'] ?? name)
    time = Number(record['bt'] ?? time)
    unit = String(record['bu'] ?? unit)
    expect(['v', 'vs', 'vb', 'vd'].filter((field) => field in record)).toHaveLength(1)
    const full = name + String(record['n'] ?? '')
    expect(full).toMatch(/^[A-Za-z0-9][A-Za-z0-9:./_-]*$/)
    const at = Math.round((time + Number(record['t'] ?? 0)) * 1_000)
    const series = full.replace('centre-a/home-1/', '').replace('/absent', '')
    return `${series} ${unit} ${at} ${record['v'] ?? record['vs']}`
  })
}
