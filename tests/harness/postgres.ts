import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@anju/contract/system-clock'
import { Client, Pool } from 'pg'
import { inject } from 'vitest'
import { migrate } from '../../server/src/database/migrate.ts'
import { startEmbeddedPostgres } from '../../server/src/postgres/embedded.ts'
import { quickFolder } from './quick-folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ServerUrls
  }
}

/** A PostgreSQL server to make databases in: URLs that end in a database's name. */
export interface ServerUrls {
  readonly superUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  /** How a database is best copied there. */
  readonly strategy: 'file_copy' | 'wal_log'
}

/** A database of one's own, migrated, empty, and gone after `drop`. */
export interface TestDatabase {
  /** Application role. */
  readonly url: string
  /** Owner role. */
  readonly ownerUrl: string
  /** Runs SQL as a superuser: sees every row, may move time. */
  sql<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** From now on `app_now()` is this, and moves only by `passes`. */
  standsAt(instant: string): Promise<void>
  /** Moves `app_now()` by so many milliseconds from now on (added to what was moved before). */
  passes(ms: number): Promise<void>
  drop(): Promise<void>
}

const TEMPLATE = 'anju_template'

/** One server for a whole run of tests. `DATABASE_OWNER_URL` (a role that may create databases) and `DATABASE_URL` replace ours. */
export async function startTestServer(): Promise<{ urls: ServerUrls; stop(): Promise<void> }> {
  const { DATABASE_URL: appUrl, DATABASE_OWNER_URL: ownerUrl } = process.env
  if (appUrl && ownerUrl) {
    const urls = { superUrl: ownerUrl, ownerUrl, appUrl, strategy: 'wal_log' } as const
    await makeTemplate(urls)
    return { urls, stop: () => remove(urls, TEMPLATE) }
  }
  const quick = await quickFolder()
  const dataDir = await mkdtemp(join(quick.folder, 'anju-test-'))
  await chmod(dataDir, 0o755)
  const postgres = await startEmbeddedPostgres({ dataDir, clock: systemClock, log: { info: () => {}, warn: () => {} } })
  const { superUrl, ownerUrl: owner, url } = postgres
  const urls = { superUrl, ownerUrl: owner, appUrl: url, strategy: quick.strategy }
  await makeTemplate(urls)
  return {
    urls,
    async stop() {
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A fresh database on the run's server (vitest's `real` project starts it), in a few tens of milliseconds. */
export async function freshDatabase(urls: ServerUrls = inject('postgres')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const owner = userOf(urls.ownerUrl)
  await administer(urls, `create database ${name} template ${TEMPLATE} owner ${owner} strategy ${urls.strategy}`)
  const pool = new Pool({ connectionString: on(urls.superUrl, name), max: 2 })
  pool.on('error', () => undefined)
  const sql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await pool.query(text, [...values])).rows as Row[]
  return {
    url: on(urls.appUrl, name),
    ownerUrl: on(urls.ownerUrl, name),
    sql,
    async standsAt(instant) {
      await sql(
        `insert into clock_offset (by, at) values (interval '0', $1)
         on conflict (only_row) do update set by = interval '0', at = excluded.at`,
        [instant],
      )
    },
    async passes(ms) {
      await sql(
        `insert into clock_offset (by) values ($1 * interval '1 ms')
         on conflict (only_row) do update set by = clock_offset.by + excluded.by`,
        [ms],
      )
    },
    async drop() {
      await pool.end()
      await remove(urls, name)
    },
  }
}

async function makeTemplate(urls: ServerUrls): Promise<void> {
  await remove(urls, TEMPLATE)
  await administer(urls, `create database ${TEMPLATE} owner ${userOf(urls.ownerUrl)}`)
  await migrate(on(urls.ownerUrl, TEMPLATE), userOf(urls.appUrl))
}

const remove = (urls: ServerUrls, name: string) => administer(urls, `drop database if exists ${name} with (force)`)

async function administer(urls: ServerUrls, statement: string): Promise<void> {
  const client = new Client({ connectionString: urls.superUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

const on = (url: string, database: string): string => url.replace(/\/[^/?]*(\?.*)?$/, `/${database}$1`)

function userOf(url: string): string {
  const user = /^postgres(?:ql)?:\/\/([^:@/]+)/.exec(url)?.[1]
  if (!user) throw new Error(`names no role: ${url}`)
  return decodeURIComponent(user)
}
