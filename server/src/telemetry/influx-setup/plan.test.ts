import { describe, expect, test } from 'vitest'
import { plan, SUPERSEDED } from './plan.ts'
import type { Body, Found, Json, Kind, Thing } from './thing.ts'
import { dashboardOf } from './views.ts'
import { DEFAULTS, wanted } from './wanted.ts'

const dashboard = dashboardOf(
  'fleet.json',
  JSON.stringify({
    name: 'Anju: fleet',
    description: 'homes',
    cells: [
      { name: 'a', at: [0, 0, 6, 3], show: 'lines', query: ['from(bucket: "anju")'] },
      { name: 'b', at: [6, 0, 6, 3], show: 'table', query: ['from(bucket: "anju-5m")'] },
    ],
  }),
)
const settings = { org: 'anju', bucket: 'anju', ...DEFAULTS }
const things = wanted(settings, [dashboard])
const asFound = (thing: Thing, index = 0): Found => ({ ...thing, id: `${thing.kind}-${index}` })
const everything = things.map(asFound)
const planned = (found: readonly Found[], shorten = false) => plan(things, found, { shorten })
const notKept = (found: readonly Found[], shorten = false) =>
  planned(found, shorten).steps.filter(({ is }) => is !== 'keep')

/** Everything is there, but one thing says something else. */
const drifted = (kind: Kind, name: string, body: Body): readonly Found[] =>
  everything.map((one) => (one.kind === kind && one.name === name ? { ...one, body: { ...one.body, ...body } } : one))

test('in an InfluxDB that has nothing everything is made, each after what it needs', () => {
  const { steps } = planned([])
  expect(steps.map(({ is }) => is)).toEqual(things.map(() => 'create'))
  const made = new Set<string>()
  for (const { thing } of steps) {
    expect(thing.needs.filter((bucket) => !made.has(bucket))).toEqual([])
    if (thing.kind === 'bucket') made.add(thing.name)
  }
  expect(new Set(steps.map(({ thing }) => thing.kind)).size).toBe(7)
})

test('where everything is as it should be there is nothing to do, whatever else is there', () => {
  const others: Found[] = [
    { kind: 'bucket', name: 'somebody else’s', id: 'x', body: { everySeconds: 60 } },
    { kind: 'token', name: 'operator', id: 'y', body: {} },
    { kind: 'task', name: 'anju', id: 'z', body: { flux: '' } },
  ]
  // InfluxDB says more of a thing than we ask for.
  const told = everything.map((one) => ({ ...one, body: { ...one.body, orgID: 'o', createdAt: 'then', links: {} } }))
  expect(notKept([...others, ...told])).toEqual([])
  expect(planned([...others, ...told]).left).toEqual([])
})

describe('what somebody changed is changed back, and the plan says where', () => {
  const cells = dashboard.body['cells'] as readonly Body[]
  const absent = things.find(({ name }) => name === 'telemetry-absent')?.body ?? {}
  test.for<[what: string, Kind, name: string, Body, at: string]>([
    ['a retention that is too short', 'bucket', 'anju', { everySeconds: 86_400 }, 'everySeconds'],
    ['a retention that is too short', 'bucket', 'anju-1d', { everySeconds: 86_400 }, 'everySeconds'],
    ['a task’s Flux', 'task', 'anju 5 minutes', { flux: 'option task = {name: "anju 5 minutes"}' }, 'flux'],
    ['a task that was switched off', 'task', 'anju days', { status: 'inactive' }, 'status'],
    ['a check that was switched off', 'check', 'telemetry-writer-silent', { status: 'inactive' }, 'status'],
    ['a dead-man’s patience', 'check', 'telemetry-writer-silent', { timeSince: '7d' }, 'timeSince'],
    ['a check’s question', 'check', 'telemetry-absent', { query: { text: 'from(bucket: "x")' } }, 'query.text'],
    [
      'a threshold',
      'check',
      'telemetry-absent',
      { thresholds: withItem(absent['thresholds'], 1, { value: 99 }) },
      'thresholds.1.value',
    ],
    ['a threshold that is gone', 'check', 'telemetry-absent', { thresholds: [] }, 'thresholds'],
    ['a variable', 'variable', 'anju_home', { arguments: { type: 'constant', values: ['home-1'] } }, 'arguments.type'],
    ['a cell that is gone', 'dashboard', 'Anju: fleet', { cells: cells.slice(1) }, 'cells'],
    ['a cell that was moved', 'dashboard', 'Anju: fleet', { cells: withItem(cells, 1, { x: 3 }) }, 'cells.1.x'],
    [
      'what a cell asks',
      'dashboard',
      'Anju: fleet',
      { cells: withItem(cells, 0, { properties: { ...(cells[0]?.['properties'] as Body), queries: [{ text: '' }] } }) },
      'cells.0.properties.queries.0.text',
    ],
    ['a token that may do less', 'token', 'anju reader', { permissions: ['read buckets anju'] }, 'permissions'],
    [
      'a token of a bucket that is gone',
      'token',
      'anju reader',
      { permissions: ['read buckets (gone: 1)'] },
      'permissions',
    ],
    ['a token that was switched off', 'token', 'anju writer', { status: 'inactive' }, 'status'],
  ])('%s: %s %s', ([, kind, name, body, at]) => {
    const steps = notKept(drifted(kind, name, body))
    expect(steps).toMatchObject([{ is: 'change', thing: { kind, name }, id: expect.stringContaining(kind) }])
    expect(steps.flatMap((step) => (step.is === 'change' ? step.differences.map((one) => one.at) : []))).toContain(at)
  })

  test('a token that may do more is no better than one that may do less', () => {
    const more = {
      permissions: ['read buckets anju', 'read buckets anju-1d', 'read buckets anju-5m', 'write buckets anju'],
    }
    expect(notKept(drifted('token', 'anju reader', more))).toMatchObject([
      { is: 'change', thing: { name: 'anju reader' } },
    ])
  })
})

test.for(['organisation', 'bucket', 'task', 'check', 'variable', 'dashboard', 'token'] as const)(
  'of a %s that is gone only that is made again',
  (kind) => {
    const gone = things.find((thing) => thing.kind === kind)
    expect(notKept(everything.filter((one) => one.name !== gone?.name || one.kind !== kind))).toEqual([
      { is: 'create', thing: gone },
    ])
  },
)

describe('data is thrown away only when that is asked for by name', () => {
  test.for([
    ['kept for ever', 0],
    ['kept longer', 100 * 86_400],
  ] as const)('a bucket that is %s', ([, everySeconds]) => {
    const found = drifted('bucket', 'anju', { everySeconds })
    expect(notKept(found)).toMatchObject([{ is: 'withhold', thing: { name: 'anju' } }])
    expect(notKept(found, true)).toMatchObject([{ is: 'change', thing: { name: 'anju' } }])
  })
})

test('of two things with one name the better one is kept and the other one is told of', () => {
  const task = things.find(({ kind }) => kind === 'task') as Thing
  const broken: Found = { ...asFound(task, 7), body: { flux: 'old', status: 'active' } }
  const { steps, left } = planned([broken, ...everything])
  expect(steps.every(({ is }) => is === 'keep')).toBe(true)
  expect(left).toEqual([broken])
})

test('a token whose place was taken is told of until it is revoked', () => {
  const old: Found = { kind: 'token', name: `anju writer${SUPERSEDED}`, id: 'old', body: {} }
  expect(planned([old, ...everything])).toMatchObject({ left: [old] })
  expect(notKept([old, ...everything])).toEqual([])
})

function withItem(list: Json | undefined, index: number, more: Body): Json {
  return (list as readonly Body[]).map((one, at) => (at === index ? { ...one, ...more } : one))
}
