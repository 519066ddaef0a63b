import type { CentreId, PersonId, SessionId } from '@anju/contract'
import type { AreaList } from '@anju/contract/area'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { openDatabase } from '../database/database.ts'
import type { Database, PersonActor } from '../ports.ts'
import { createAreas } from './areas.ts'
import { importChanges } from './changes.ts'
import { importTree } from './tree.ts'

const quiet = { info: () => undefined, warn: () => undefined }
const person = (centre: string): PersonActor => ({
  kind: 'person',
  person: 'boss' as PersonId,
  name: 'boss',
  session: 's' as SessionId,
  role: 'supervisor',
  centre: centre as CentreId,
})

let store: TestDatabase
let database: Database
beforeEach(async () => {
  store = await freshDatabase()
  database = openDatabase({ url: store.url, clock: systemClock, random: systemRandom, log: quiet })
  await store.sql(`insert into centre values ('east', 'East'), ('west', 'West')`)
  await store.sql(`insert into clock_offset (by, at) values (interval '0', '2026-06-15T04:00:00Z')`)
  const { changed } = await importTree(database, bytes(TREE), false)
  if (changed !== 9) throw new Error(`of the tree only ${changed} areas came in`)
})
afterEach(async () => {
  await database.close()
  await store.drop()
})

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
const TREE = `区划代码,名称
330000000000,浙江省
330100000000,杭州市
330106000000,西湖区
330105000000,拱墅区
330106001000,望江街道
330106001012,清江社区
330106001013,近江社区
330106002000,湖滨街道
330105001000,米市街道
`
/** Homes: `code` since `from`. */
async function home(id: string, code: string, from = '2026-01-10', centre = 'east', to: string | null = null) {
  await store.sql(`insert into home (id, centre, name) values ($1, $2, $1) on conflict do nothing`, [id, centre])
  await store.sql(`insert into home_area (home, centre, code, valid_from, valid_to) values ($1, $2, $3, $4, $5)`, [
    id,
    centre,
    code,
    from,
    to,
  ])
}
const areas = () => createAreas(database)
const figures = ({ items, elsewhere }: AreaList) =>
  Object.fromEntries([
    ...items.map(({ name, homes }) => [name, homes]),
    ...(elsewhere > 0 ? [['elsewhere', elsewhere]] : []),
  ])
const below = async (parent: string | undefined, on?: string, centre = 'east') =>
  figures(await areas().children(person(centre), parent, on))
const change = (lines: string, dryRun = false) =>
  importChanges(database, bytes(`on,code,became,name\n${lines}`), dryRun)
const history = (id: string) =>
  store.sql(
    `select code, valid_from::text as from, valid_to::text as to from home_area where home = $1 order by valid_from`,
    [id],
  )

test('the tree, node by node, with the centre’s own homes', async () => {
  await home('a', '330106001012')
  await home('b', '330106001000')
  await home('c', '330105001000')
  await home('theirs', '330106001012', '2026-01-10', 'west')
  expect(await below(undefined)).toEqual({ 浙江省: 3 })
  expect(await below('330100000000')).toEqual({ 西湖区: 2, 拱墅区: 1 })
  expect(await below('330106001000')).toEqual({ 清江社区: 1, 近江社区: 0, elsewhere: 1 })
  expect(await below('330106001000', undefined, 'west')).toEqual({ 清江社区: 1, 近江社区: 0 })
  // Before it was a home of the centre it is counted nowhere.
  expect(await below('330100000000', '2026-01-09')).toEqual({ 西湖区: 0, 拱墅区: 0 })
  expect(await areas().one(person('east'), '330106001012', undefined)).toMatchObject({
    name: '清江社区',
    level: 'community',
    homes: 1,
    on: '2026-06-15',
    ancestors: [{ name: '浙江省' }, { name: '杭州市' }, { name: '西湖区' }, { name: '望江街道' }],
  })
})

test('a street moved to another county: last month’s figures count its homes where they were', async () => {
  await home('a', '330106001012')
  await home('b', '330106001000')
  await home('c', '330106002000')
  await store.sql(
    `insert into responder (id, centre, name, phone, zone) values ('r', 'east', 'Nurse', '1', '330106001')`,
  )
  expect(await change('2026-06-01,330106001000,330105009000,')).toEqual({
    rows: 1,
    changed: 1,
    unchanged: 0,
    homesMoved: 2,
    problems: [],
  })
  expect(await below('330100000000', '2026-05-31')).toEqual({ 西湖区: 3, 拱墅区: 0 })
  expect(await below('330106000000', '2026-05-31')).toEqual({ 望江街道: 2, 湖滨街道: 1 })
  expect(await below('330100000000', '2026-06-01')).toEqual({ 西湖区: 1, 拱墅区: 2 })
  expect(await below('330105000000')).toEqual({ 望江街道: 2, 米市街道: 0 })
  expect(await below('330105009000')).toEqual({ 清江社区: 1, 近江社区: 0, elsewhere: 1 })
  expect(await history('a')).toEqual([
    { code: '330106001012', from: '2026-01-10', to: '2026-06-01' },
    { code: '330105009012', from: '2026-06-01', to: null },
  ])
  await expect(areas().one(person('east'), '330106001000', undefined)).rejects.toThrow(
    /ended on 2026-06-01 and became 330105009000/,
  )
  expect(await areas().one(person('east'), '330106001000', '2026-05-31')).toMatchObject({ name: '望江街道', homes: 2 })
  expect(await store.sql(`select zone from responder`)).toEqual([{ zone: '330105009' }])
  // Again: nothing.
  expect(await change('2026-06-01,330106001000,330105009000,')).toMatchObject({
    changed: 0,
    unchanged: 1,
    homesMoved: 0,
  })
})

test('two streets merged into one: its figure is their sum from that day, and theirs before', async () => {
  await home('a', '330106001012')
  await home('b', '330106002000')
  const lines = [
    '2026-06-01,330106001000,330106002000,',
    '2026-06-01,330106001012,330106002005,清江社区',
    '2026-06-01,330106001013,330106002005,清江社区',
  ].join('\n')
  expect(await change(lines)).toMatchObject({ changed: 3, homesMoved: 1, problems: [] })
  expect(await below('330106000000', '2026-05-31')).toEqual({ 望江街道: 1, 湖滨街道: 1 })
  expect(await below('330106000000')).toEqual({ 湖滨街道: 2 })
  expect(await below('330106002000')).toEqual({ 清江社区: 1, elsewhere: 1 })
})

test('renamed: another name from that day, the same code and the same homes', async () => {
  await home('a', '330106001012')
  expect(await change('2026-06-01,330106001000,330106001000,望湖街道')).toMatchObject({ changed: 1, homesMoved: 0 })
  expect(await below('330106000000', '2026-05-31')).toEqual({ 望江街道: 1, 湖滨街道: 0 })
  expect(await below('330106000000')).toEqual({ 望湖街道: 1, 湖滨街道: 0 })
  expect(await history('a')).toHaveLength(1)
})

test('two that change codes with one another do not run into each other', async () => {
  await home('a', '330106001012')
  await home('b', '330106001013')
  await change('2026-06-01,330106001012,330106001013,清江社区\n2026-06-01,330106001013,330106001012,近江社区')
  expect(await history('a')).toMatchObject([{ code: '330106001012' }, { code: '330106001013', to: null }])
  expect(await history('b')).toMatchObject([{ code: '330106001013' }, { code: '330106001012', to: null }])
})

test('learned of late: homes that came, left or moved meanwhile are right on every day', async () => {
  await home('before', '330106001012', '2026-01-01', 'east', '2026-03-01')
  await home('across', '330106001012', '2026-01-01', 'east', '2026-05-20')
  await home('across', '330106002000', '2026-05-20')
  await home('after', '330106001012', '2026-05-10')
  await change('2026-05-01,330106001000,330105009000,')
  expect(await history('before')).toEqual([{ code: '330106001012', from: '2026-01-01', to: '2026-03-01' }])
  expect(await history('across')).toEqual([
    { code: '330106001012', from: '2026-01-01', to: '2026-05-01' },
    { code: '330105009012', from: '2026-05-01', to: '2026-05-20' },
    { code: '330106002000', from: '2026-05-20', to: null },
  ])
  expect(await history('after')).toEqual([{ code: '330105009012', from: '2026-05-10', to: null }])
})

test('several days in one file, judged one after the other', async () => {
  await home('a', '330106002000')
  const report = await change('2026-06-10,330105009000,330105009000,新湖街道\n2026-06-01,330106002000,330105009000,')
  expect(report).toMatchObject({ changed: 2, problems: [] })
  expect(await below('330105000000', '2026-06-05')).toMatchObject({ 湖滨街道: 1 })
  expect(await below('330105000000')).toMatchObject({ 新湖街道: 1 })
})

test('a dry run says the same and leaves everything', async () => {
  await home('a', '330106001012')
  expect(await change('2026-06-01,330106001000,330105009000,', true)).toMatchObject({ changed: 1, homesMoved: 1 })
  expect(await history('a')).toHaveLength(1)
  expect(await below('330106000000')).toEqual({ 望江街道: 1, 湖滨街道: 0 })
})

test.for([
  ['2026-06-16,330106001000,330105009000,', 'not-yet'],
  ['2026-06-31,330106001000,330105009000,', 'no-day'],
  ['2026-06-01,3301060010,330105009000,', 'no-code'],
  ['2026-06-01,330106003000,330105009000,', 'not-there'],
  ['2026-06-01,330106001000,330105009001,', 'other-level'],
  ['2026-06-01,330106001000,330108009000,', 'no-parent'],
  ['2026-06-01,330106001000,330106001000,', 'name-needed'],
  ['2026-06-01,330106001000,330106001000,望江街道', 'name-needed'],
  ['1949-10-01,330106001000,330105009000,', 'same-day'],
] as const)('%s is refused: %s, and nothing of the file is taken', async ([bad, code]) => {
  const report = await change(`2026-06-01,330106002000,330106002000,新湖街道\n${bad}`)
  expect(report).toMatchObject({ changed: 0, problems: [{ line: 3, code }] })
  expect(await below('330106000000')).toMatchObject({ 湖滨街道: 0 })
})

test('a merger whose communities would take each other’s codes asks for a line each', async () => {
  await importTree(database, bytes('code,name\n330106002012,湖滨社区\n'), false)
  expect(await change('2026-06-01,330106001000,330106002000,')).toMatchObject({
    problems: [{ line: 2, code: 'within-taken', reason: expect.stringMatching(/330106002012/) }],
  })
})

test.for([
  ['330106001012,别名社区', 'named-otherwise'],
  ['330109001000,x', 'no-parent'],
  ['330109000000,', 'no-name'],
  ['33010900000,x', 'no-code'],
  ['330109000000,x\n330109000000,x', 'repeated'],
] as const)('of a tree, %s is refused: %s', async ([line, code]) => {
  const report = await importTree(database, bytes(`code,name\n${line}\n`), false)
  expect(report.problems.map((problem) => problem.code)).toEqual([code])
  expect(await store.sql('select count(*)::int as count from area')).toEqual([{ count: 9 }])
})

test('the tree a second time changes nothing', async () => {
  expect(await importTree(database, bytes(TREE), false)).toMatchObject({ changed: 0, unchanged: 9, problems: [] })
})

test.for([
  ['999900000000', undefined, 'area-unknown'],
  ['12', undefined, 'request-malformed'],
  [undefined, '2026-02-30', 'request-malformed'],
] as const)('asked for what is below %s on %s: %s', async ([parent, on, code]) => {
  await expect(areas().children(person('east'), parent, on)).rejects.toMatchObject({ code })
})
