import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCommand, startCommand } from '../../../tests/harness/command.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'

let store: TestDatabase
let folder: string
beforeAll(async () => {
  store = await freshDatabase()
  folder = temporaryFolder('anju-cli')
  await store.sql(`insert into centre values ('east', 'East')`)
  await store.sql(`insert into home (id, centre, name) values ('home-1', 'east', '1'), ('home-2', 'east', '2')`)
  for (const role of ['admin', 'operator'])
    await store.sql(
      `insert into person (id, centre, username, name, role, password) values ($1, 'east', $1, $1, $1, 'x')`,
      [role],
    )
  await store.sql(`insert into series (centre, home, placement, point, unit)
                   values ('east', 'home-1', 'meter', 'power', 'W'), ('east', 'home-2', 'meter', 'power', 'W')`)
  await store.sql('insert into measurement (series, at, value) select id, 1772352000000, id from series')
})
afterAll(async () => {
  await store.drop()
  rmSync(folder, { recursive: true, force: true })
})

const started = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startCommand(serverCommand(['telemetry', ...args]), {
    ANJU_DATA_DIR: join(folder, 'data'),
    DATABASE_URL: store.url,
    ...env,
  })
const run = (...args: readonly string[]) => started(args).done
const wish = ['--requested-by', 'resident', '--reason', 'asked', '--as', 'admin']
const exporting = (out: string, ...more: readonly string[]) =>
  run('export', 'home-1', '--format', 'csv', '--out', join(folder, out), '--as', 'admin', ...more)
const erasing = (...more: readonly string[]) => run('erase', 'home-1', ...wish, ...more)

test.for([
  [['expire'], 2, /"expire" is none of export, erase/],
  [['export'], 2, /exactly one home/],
  [['export', 'home-1', '--format', 'xml', '--out', 'x', '--as', 'admin'], 2, /--format: "xml"/],
  [['export', 'home-1', '--format', 'csv', '--as', 'admin'], 2, /--out FILE/],
  [['export', 'home-1', '--format', 'csv', '--out', 'x'], 2, /--as ACCOUNT/],
  [['erase', 'home-1', '--reason', 'x', '--as', 'admin'], 2, /--requested-by/],
  [['erase', 'home-1', '--requested-by', 'resident', '--as', 'admin'], 2, /--reason/],
  [
    ['erase', 'home-1', '--requested-by', 'resident', '--reason', 'x', '--as', 'nobody'],
    1,
    /there is no account nobody/,
  ],
  [['erase', 'home-1', '--requested-by', 'resident', '--reason', 'x', '--as', 'operator'], 1, /may not do this/],
  [['erase', 'home-9', '--requested-by', 'resident', '--reason', 'x', '--as', 'admin'], 1, /no such home/],
] as const)('%j is %i', async ([args, code, why]) => {
  const done = await run(...args)
  expect(done.err).toMatch(why)
  expect(done.code).toBe(code)
  expect(await store.sql('select from measurement')).toHaveLength(2)
})

test('a home is written into a file that only its owner can read, and the audit knows', async () => {
  expect(await exporting('home.csv')).toMatchObject({ code: 0, out: '' })
  const path = join(folder, 'home.csv')
  expect(readFileSync(path, 'utf8').split('\r\n')).toEqual([
    'home,placement,point,unit,time_utc,time_local,value,absent',
    'home-1,meter,power,W,2026-03-01T08:00:00.000Z,2026-03-01T16:00:00.000+08:00,1,',
    '',
  ])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await store.sql('select person, action, subjects, purpose, agent from audit')).toEqual([
    { person: 'admin', action: 'telemetry export', subjects: ['home-1'], purpose: 'export csv', agent: 'command line' },
  ])
})

test('what is in the way is named, and left as it is', async () => {
  writeFileSync(join(folder, 'other.csv.part'), 'mine')
  expect(await exporting('other.csv')).toMatchObject({ code: 1, err: expect.stringContaining('is there already') })
  expect(readFileSync(join(folder, 'other.csv.part'), 'utf8')).toBe('mine')
  expect(existsSync(join(folder, 'other.csv'))).toBe(false)
  expect(await exporting('no-folder/home.csv')).toMatchObject({ code: 1, err: expect.stringContaining('--out:') })
})

test('who does not want to wait leaves it to the servers', async () => {
  // An InfluxDB that takes the question and never answers.
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  const env = { INFLUX_URL: `http://127.0.0.1:${port}`, INFLUX_TOKEN: 't', INFLUX_ORG: 'o', INFLUX_BUCKET: 'b' }
  const asked = once(silent, 'connection')
  const { child, done } = started(['erase', 'home-1', ...wish], env)
  await asked
  child.kill('SIGINT')
  const { code, out } = await done
  silent.close()
  expect(code).toBe(130)
  expect(out).toMatch(/not waited for; a server goes on with it\n$/)
  expect(await store.sql('select state from telemetry_erasure')).toEqual([{ state: 'begun' }])
  // As if its turn were over: another process goes on with the same one.
  await store.sql('update telemetry_erasure set turn_until = null, due_at = app_now()')
})

test('a home is erased when the command ends, and nothing else is: neither its neighbour nor what others asked for', async () => {
  await store.sql(
    `insert into telemetry_erasure (id, centre, home, requested_by, reason, person, person_name, until, state, due_at)
     values ('other', 'east', 'home-2', 'resident', 'asked', 'admin', 'admin', app_now(), 'begun', 'epoch')`,
  )
  const { code, out } = await erasing()
  expect(code).toBe(0)
  expect(out.replaceAll(/erasure \w+ of/g, 'erasure of')).toBe(
    [
      'erasure of home-1: begun',
      'erasure of home-1: it is gone from postgresql, quarantine',
      'erasure of home-1: INFLUX_URL is not set here: a server that knows an InfluxDB erases there, too, when it looks again',
      'erasure of home-1: the certificate is written when a server has looked for it again',
      '',
    ].join('\n'),
  )
  expect(await store.sql('select home from measurement join series on series.id = series')).toEqual([
    { home: 'home-2' },
  ])
  expect(await store.sql('select home, state, person, requested_by from telemetry_erasure order by home')).toEqual([
    { home: 'home-1', state: 'erased', person: 'admin', requested_by: 'resident' },
    { home: 'home-2', state: 'begun', person: 'admin', requested_by: 'resident' },
  ])
})
