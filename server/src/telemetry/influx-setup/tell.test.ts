import { expect, test } from 'vitest'
import { plan, SUPERSEDED } from './plan.ts'
import { linesOfPlan } from './tell.ts'
import type { Found } from './thing.ts'
import { DEFAULTS, wanted } from './wanted.ts'

const things = wanted({ org: 'anju', bucket: 'anju', ...DEFAULTS }, [])
const everything = things.map((thing): Found => ({ ...thing, id: `id-${thing.kind}` }))
const told = (found: readonly Found[], fresh = false) =>
  linesOfPlan(plan(things, found, { shorten: false }), fresh).join('\n')
const but = (name: string, body: Found['body']) =>
  everything.map((one) => (one.name === name ? { ...one, body: { ...one.body, ...body } } : one))

test('the plan for a new InfluxDB says what each thing is for, and what becomes of INFLUX_TOKEN', () => {
  const text = told([], true)
  expect(text).toContain('+ organisation anju, and with it the first user; INFLUX_TOKEN becomes the token')
  expect(text).toContain('+ bucket anju, kept for 90 days')
  expect(text).toContain('+ bucket anju-1d, kept for ever')
  expect(text).toContain('+ token anju reader (read buckets anju, read buckets anju-1d, read buckets anju-5m)')
  expect(text).toContain(`= 0 of ${things.length} are as they should be`)
})

test('nothing to do is one line', () => {
  expect(told(everything)).toBe(`  = all of ${things.length} are as they should be`)
})

test('a change says from what to what, in days; a script is cut', () => {
  expect(told(but('anju', { everySeconds: 30 * 86_400 }))).toContain(
    '~ bucket anju\n      kept for 30 days → kept for 90 days',
  )
  expect(told(but('anju-1d', { shardGroupDurationSeconds: 7 * 86_400 }))).toContain(
    '~ bucket anju-1d\n      new shards of 7 days → of 364 days (what is there stays as it lies)',
  )
  expect(told(but('anju days', { flux: 'x'.repeat(500) }))).toMatch(
    /~ task anju days\n {6}flux: "x{59}… \(502 characters\) → "import .{40,60}… \(\d+ characters\)/,
  )
})

test('what would delete data is said to be left alone, and how to have it', () => {
  expect(told(but('anju', { everySeconds: 0 }))).toMatch(
    /! bucket anju: left as it is, because what is older would be deleted; say --shorten/,
  )
})

test('a token that is made anew says what becomes of the old one, and where a superseded one waits to be revoked', () => {
  expect(told(but('anju writer', { status: 'inactive' }))).toMatch(
    /~ token anju writer: a new one; the old one goes on/,
  )
  const old: Found = { kind: 'token', name: `anju writer${SUPERSEDED}`, id: 'id-7', body: {} }
  expect(told([...everything, old])).toContain(
    '? token anju writer (superseded) (id id-7): revoke it once nobody uses it',
  )
})
