import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock, Monotonic } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { within } from '../../../tests/harness/wait.ts'
import { postgresAccount } from './account.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { alive } from './postmaster.ts'

/** A server that has only its PostgreSQL, and says that one's pid. */
const SERVER = `
  import { systemClock } from ${JSON.stringify(import.meta.resolve('@anju/contract/system-clock'))}
  import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)}
  const log = { info() {}, warn() {} }
  const { pid } = await startEmbeddedPostgres({ dataDir: process.argv[1], clock: systemClock, log })
  process.stdout.write(String(pid))
  setInterval(() => {}, 1_000)`

let dataDir: string
const said: string[] = []
const note = (_detail: object, message: string) => void said.push(message)
const start = (clock: Clock = systemClock) => startEmbeddedPostgres({ dataDir, clock, log: { info: note, warn: note } })
/** Whose limits are over so many times sooner. */
const hurried = (times: number): Clock => ({
  ...systemClock,
  monotonic: () => (systemClock.monotonic() * times) as Monotonic,
})
const startedAgain = (postgres: EmbeddedPostgres) =>
  within('another PostgreSQL', 50_000, new Promise<number>((resolve) => postgres.onRestart(resolve)))

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'anju-embedded-'))
  await chmod(dataDir, 0o755)
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function ask<Row>(url: string, text: string): Promise<Row | undefined> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows[0] as Row | undefined
  } finally {
    await client.end()
  }
}
const answers = (postgres: EmbeddedPostgres) =>
  ask<{ n: number }>(postgres.url, 'select 1 as n').then(
    (row) => row?.n === 1,
    () => false,
  )

test('UTF-8, checksums, every commit on disk, no network; the roles own and bypass nothing', async () => {
  const postgres = await start()
  const settings = await ask<Record<string, string>>(
    postgres.url,
    `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
       current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync,
       current_setting('listen_addresses') as network, current_setting('timezone') as zone`,
  )
  expect(settings).toEqual({ encoding: 'UTF8', checksums: 'on', commit: 'on', fsync: 'on', network: '', zone: 'UTC' })
  const role = await ask(
    postgres.url,
    'select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user',
  )
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreatedb: false })
  await expect(ask(postgres.url.replace(/:[0-9a-f]{48}@/, ':wrong@'), 'select 1')).rejects.toThrow(
    /password authentication failed/,
  )
  await postgres.stop()
  expect(await answers(postgres)).toBe(false)
})

test('one that dies is started again, and what was committed is there', async () => {
  const postgres = await start()
  await ask(postgres.ownerUrl, 'create table kept as select 7 as n')
  const restarted = new Promise<number>((resolve) => postgres.onRestart(resolve))
  const before = postgres.pid
  process.kill(before, 'SIGKILL')
  expect(await restarted).not.toBe(before)
  expect(await ask(postgres.ownerUrl, 'select n from kept')).toEqual({ n: 7 })
  await postgres.stop()
})

test('one that a killed server left behind is stopped by the next start, which takes its data over', async () => {
  const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const orphan = await new Promise<number>((resolve) => {
    server.stdout.on('data', (text: Buffer) => resolve(Number(text.toString())))
  })
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await gone
  const next = await start()
  expect(said).toContain('stopped the PostgreSQL that a killed server had left behind')
  expect(next.pid).not.toBe(orphan)
  expect(await ask(next.ownerUrl, 'select n from kept')).toEqual({ n: 7 })
  expect(Number((await readFile(join(next.cluster, 'postmaster.pid'), 'utf8')).split('\n')[0])).toBe(next.pid)
  await next.stop()
})

test('stopped while it is being started again after its death, it leaves no process behind', async () => {
  for (let times = 0; times < 5; times++) {
    said.length = 0
    const postgres = await start()
    process.kill(postgres.pid, 'SIGKILL')
    await expect.poll(() => said.join(), { interval: 1 }).toContain('PostgreSQL died')
    await postgres.stop()
    const lock = await readFile(join(postgres.cluster, 'postmaster.pid'), 'utf8').catch(() => undefined)
    const pid = Number(lock?.split('\n')[0])
    expect(Number.isInteger(pid) && alive(pid)).toBe(false)
  }
})

test('a child that misses the death of its postmaster and hangs does not keep the next one from starting', async () => {
  const postgres = await start(hurried(10))
  const client = new Client({ connectionString: postgres.url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const child = Number(rows[0]?.pid)
  process.kill(child, 'SIGSTOP')
  const again = startedAgain(postgres)
  process.kill(postgres.pid, 'SIGKILL')
  expect(await again).toBe(postgres.pid)
  expect(await ask(postgres.ownerUrl, 'select n from kept')).toEqual({ n: 7 })
  await postgres.stop()
})

test('a lock that names a pid which is somebody else’s by now does not keep it from starting', async () => {
  const postgres = await start()
  // Of the same account: it is these that PostgreSQL takes for another postmaster.
  const other = spawn('sleep', ['600'], { ...(await postgresAccount()) })
  const lock = join(postgres.cluster, 'postmaster.pid')
  const text = await readFile(lock, 'utf8')
  const again = startedAgain(postgres)
  process.kill(postgres.pid, 'SIGKILL')
  // Before anybody here has heard of the death.
  writeFileSync(lock, text.replace(/^\d+/, String(other.pid)))
  try {
    expect(await again).toBe(postgres.pid)
  } finally {
    other.kill()
    await postgres.stop()
  }
})

test('a recovery that takes longer than an answer may is waited for, not begun anew', async () => {
  // Nothing may be silent for longer than two seconds; each file it looks for costs it three.
  const postgres = await start(hurried(30))
  const { cluster } = postgres
  await appendFile(join(cluster, 'postgresql.conf'), `restore_command = 'sleep 3; exit 1'\n`)
  await writeFile(join(cluster, 'recovery.signal'), '')
  const again = startedAgain(postgres)
  process.kill(postgres.pid, 'SIGKILL')
  expect(await again).toBe(postgres.pid)
  expect(await ask(postgres.ownerUrl, 'select n from kept')).toEqual({ n: 7 })
  await postgres.stop()
})

test('a data directory without its secret is refused rather than guessed at', async () => {
  await rm(join(dataDir, 'postgres.secret'))
  await expect(start()).rejects.toThrow(/postgres.secret/)
})
