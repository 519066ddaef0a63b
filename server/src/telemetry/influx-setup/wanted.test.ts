import { expect, test } from 'vitest'
import type { Thing } from './thing.ts'
import { dashboardOf } from './views.ts'
import { DEFAULTS, type Settings, wanted } from './wanted.ts'

const settings: Settings = { org: 'city', bucket: 'anju', ...DEFAULTS }
const fleet = dashboardOf(
  'fleet.json',
  JSON.stringify({
    name: 'Anju: fleet',
    description: '',
    cells: ['anju', 'anju-5m', 'anju-1d', '_tasks'].map((bucket, index) => ({
      name: bucket,
      at: [0, index, 12, 1],
      show: 'lines',
      query: [`from(bucket: "${bucket}")`, '    |> range(start: -1h)'],
    })),
  }),
)
const bodyOf = (things: readonly Thing[], name: string): Thing['body'] | undefined =>
  things.find((thing) => thing.name === name)?.body

test('raw samples are kept for 90 days, five minutes for two years, days for ever', () => {
  const things = wanted(settings, [])
  expect(['anju', 'anju-5m', 'anju-1d'].map((name) => bodyOf(things, name))).toEqual([
    { everySeconds: 90 * 86_400, shardGroupDurationSeconds: 7 * 86_400 },
    { everySeconds: 730 * 86_400, shardGroupDurationSeconds: 28 * 86_400 },
    { everySeconds: 0, shardGroupDurationSeconds: 364 * 86_400 },
  ])
  expect(bodyOf(wanted({ ...settings, fiveMinuteDays: 10 }, []), 'anju-5m')).toEqual({
    everySeconds: 10 * 86_400,
    shardGroupDurationSeconds: 10 * 86_400,
  })
})

test('no token may write where it has no business', () => {
  const things = wanted(settings, [])
  const writes = (name: string) =>
    ((bodyOf(things, name)?.['permissions'] ?? []) as readonly string[]).filter((right) => right.startsWith('write'))
  // The sums, too: who may not write may not erase.
  expect(writes('anju writer')).toEqual(['write buckets anju', 'write buckets anju-1d', 'write buckets anju-5m'])
  expect(writes('anju reader')).toEqual([])
  expect(writes('anju task')).toEqual(['write buckets anju-1d', 'write buckets anju-5m', 'write tasks'])
})

test('another bucket’s name is in every script, and no bucket of ours is left under the old one', () => {
  const things = wanted({ ...settings, bucket: 'anju-5m' }, [fleet])
  const cells = bodyOf(things, 'Anju: fleet (anju-5m)')?.['cells'] as { properties: { queries: { text: string }[] } }[]
  expect(cells.map(({ properties }) => properties.queries[0]?.text.split('\n')[0])).toEqual([
    'from(bucket: "anju-5m")',
    'from(bucket: "anju-5m-5m")',
    'from(bucket: "anju-5m-1d")',
    'from(bucket: "_tasks")',
  ])
  const scripts = JSON.stringify(
    things.filter(({ kind }) => kind === 'task' || kind === 'check' || kind === 'variable'),
  )
  expect(scripts).toContain('bucket: \\"anju-5m-1d\\"')
  expect(scripts).not.toMatch(/bucket: \\"anju(?:-1d)?\\"/)
})

test('two servers that share an organisation have nothing in common but it', () => {
  const [one, other] = [wanted(settings, [fleet]), wanted({ ...settings, bucket: 'east' }, [fleet])]
  const names = new Set(one.map(({ kind, name }) => `${kind} ${name}`))
  expect(other.filter(({ kind, name }) => names.has(`${kind} ${name}`)).map(({ kind }) => kind)).toEqual([
    'organisation',
  ])
  // A task's name stands in its script too, and a dashboard asks for the home that its own variable chose.
  expect(bodyOf(other, 'anju days (east)')?.['flux']).toContain('option task = {name: "anju days (east)"')
  const ofHome = dashboardOf(
    'home.json',
    JSON.stringify({
      name: 'h',
      description: '',
      cells: [{ name: 'x', at: [0, 0, 1, 1], show: 'lines', query: ['r.home == v.anju_home'] }],
    }),
  )
  expect(JSON.stringify(wanted({ ...settings, bucket: 'east-2' }, [ofHome]))).toContain('r.home == v.anju_home_east_2')
})

test.for<[Partial<Settings>, RegExp]>([
  [{ bucket: 'a") |> drop(columns: ["_time' }, /^INFLUX_BUCKET/],
  [{ bucket: 'a\nb' }, /^INFLUX_BUCKET/],
  [{ bucket: '_tasks' }, /^INFLUX_BUCKET/],
  [{ bucket: '安居' }, /^INFLUX_BUCKET/],
  [{ org: ' ' }, /^INFLUX_ORG/],
  [{ zone: 'Asia/Atlantis' }, /^--zone: "Asia\/Atlantis"/],
  [{ zone: 'Asia/Shanghai")' }, /^--zone/],
  [{ zone: '' }, /^--zone/],
  [{ rawDays: 1 }, /^--raw-days: 1 is neither/],
  [{ rawDays: 7 }, /^--raw-days/],
  [{ fiveMinuteDays: 3.5 }, /^--five-minute-days/],
  [{ dailyDays: -1 }, /^--daily-days/],
  [{ dailyDays: 40_000 }, /^--daily-days/],
])('%j is refused before anything is asked', ([bad, message]) => {
  expect(() => wanted({ ...settings, ...bad }, [])).toThrow(message)
})

test('a cell that is shown in a way nobody knows is refused with its file’s name', () => {
  const cells = [{ name: 'x', at: [0, 0, 1, 1], show: 'hologram', query: [] }]
  expect(() => dashboardOf('home.json', JSON.stringify({ name: 'x', description: '', cells }))).toThrow(
    'home.json: x: "hologram" is none of lines, steps, bars, figure, table',
  )
})
