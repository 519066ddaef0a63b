import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { DomainError } from '@anju/contract'
import { Client, escapeIdentifier, type QueryConfig } from 'pg'
import { serverFolder } from '../folder.ts'

const folder = new URL('src/database/migrations/', serverFolder)
/** Of every statement but a migration's own. */
const answerWithinMs = 60_000
const connectWaitMs = 10_000
/** On a slow disk, or with millions of rows, a migration takes long; one that is broken off begins anew at the next try. */
const migrationMs = 3_600_000
/**
 * Whoever comes for a table while a migration waits for it waits behind that: no press may wait longer than this because a dump or
 * a report reads. Then the migration lets them pass, and tries again.
 */
const tableWaitMs = 2_000
const pauseMs = 1_000
const triesMax = 15
/** Any number will do as long as it is ours: one migrating server at a time. */
const ADVISORY_LOCK = 4_711_2026

interface Migration {
  readonly id: string
  readonly sql: string
  readonly digest: string
}

/**
 * Brings the database to what this code expects, as the owner role: applies, in order of their numbers, the migrations it has not seen, each in a
 * transaction, then gives the application role what it needs and no more.
 * @throws DomainError `config-malformed` when an applied migration is not the one in this code, `overloaded` when somebody held a
 * table at each of so many tries, or another server migrates.
 */
export async function migrate(
  ownerUrl: string,
  appRole: string,
  tries = triesMax,
  answerMs = answerWithinMs,
): Promise<readonly string[]> {
  const client = new Client({
    connectionString: ownerUrl,
    application_name: 'anju-migrate',
    connectionTimeoutMillis: connectWaitMs,
    query_timeout: answerMs,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await alone(client, tries)
    await client.query(
      'create table if not exists migration (id text primary key, digest text not null, at timestamptz not null default clock_timestamp())',
    )
    await client.query(grantsToCome(appRole))
    const applied = await appliedBy(client)
    const fresh: string[] = []
    for (const migration of await migrations()) {
      const before = applied.get(migration.id)
      if (before === migration.digest) continue
      if (before !== undefined)
        throw new DomainError('config-malformed', `the database was made by another ${migration.id} than this code's`)
      await apply(client, migration, tries)
      fresh.push(migration.id)
    }
    if (!(await isGranted(client, appRole))) await client.query(grants(appRole))
    return fresh
  } finally {
    await client.end()
  }
}

/** Asked again and again: who waits for a lock goes on waiting for it at the database when we have long gone. */
async function alone(client: Client, tries: number): Promise<void> {
  for (let left = tries; ; left--) {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_lock($1) as ours', [ADVISORY_LOCK])
    if (rows[0]?.ours) return
    if (left <= 1) throw new DomainError('overloaded', 'another server migrates this database', { tries })
    await rests(client)
  }
}

/** The database's clock will do: nobody else needs the connection. */
const rests = (client: Client) => client.query('select pg_sleep($1)', [pauseMs / 1_000])

async function appliedBy(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; digest: string }>('select id, digest from migration')
  return new Map(rows.map(({ id, digest }) => [id, digest]))
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { id: name.replace(/\.sql$/, ''), sql, digest: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function apply(client: Client, migration: Migration, tries: number): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      return await applyOnce(client, migration)
    } catch (error) {
      const failed = `migration ${migration.id}`
      if (!HELD.has((error as { code?: string }).code ?? ''))
        throw new Error(`${failed}: ${(error as Error).message}`, { cause: error })
      if (left <= 1)
        throw new DomainError('overloaded', `${failed}: somebody holds a table it changes (a dump?)`, { tries })
      await rests(client)
    }
  }
}

/** SQLSTATE `lock_not_available`, and `deadlock_detected`: a transaction that runs takes its rows in another order. */
const HELD = new Set(['55P03', '40P01'])

async function applyOnce(client: Client, { id, sql, digest }: Migration): Promise<void> {
  await client.query(`begin; set local lock_timeout = ${tableWaitMs}`)
  try {
    await client.query({ text: sql, query_timeout: migrationMs } as QueryConfig)
    await client.query('insert into migration (id, digest) values ($1, $2)', [id, digest])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/**
 * What a migration makes may be read with its commit: a server that runs beside it calls functions that do so, and the next migration
 * may have to wait for hours.
 */
function grantsToCome(appRole: string): string {
  const role = escapeIdentifier(appRole)
  return `
    alter default privileges in schema public grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema public grant usage, select on sequences to ${role};`
}

/** What it may not do with some tables: no time it could move, no audit row it could change. */
const NEVER = {
  migration: ['insert', 'update', 'delete'],
  clock_offset: ['insert', 'update', 'delete'],
  clock_kept: ['insert', 'update', 'delete'],
  audit: ['update', 'delete', 'truncate'],
} as const
const EVERYWHERE = ['select', 'insert', 'update', 'delete'] as const

/** Nothing it could own. */
function grants(appRole: string): string {
  const role = escapeIdentifier(appRole)
  const never = Object.entries(NEVER).map(([table, what]) => `revoke ${what.join(', ')} on ${table} from ${role};`)
  return `
    grant usage on schema public to ${role};
    grant ${EVERYWHERE.join(', ')} on all tables in schema public to ${role};
    grant usage, select on all sequences in schema public to ${role};
    ${never.join('\n')}`
}

/**
 * Whether everything stands as `grants` would leave it. A grant that changes nothing has every connection of every server plan all of
 * its statements anew all the same: a server that comes back would cost the others seconds of a processor.
 */
async function isGranted(client: Client, appRole: string): Promise<boolean> {
  const never = Object.entries(NEVER).flatMap(([table, what]) => what.map((privilege) => ({ table, privilege })))
  const { rows } = await client.query<{ granted: boolean }>(
    `with never as (select * from jsonb_to_recordset($3) as one ("table" name, privilege text))
     select has_schema_privilege($1, 'public', 'usage') and not exists (
       select from pg_class as one, unnest($2::text[]) as due
       where ${OURS} and one.relkind in ('r', 'p', 'v', 'm') and not has_table_privilege($1, one.oid, due)
         and not exists (select from never where never."table" = one.relname and never.privilege = due)
     ) and not exists (
       select from pg_class as one join never on never."table" = one.relname
       where ${OURS} and (has_table_privilege($1, one.oid, privilege)
         or privilege in ('insert', 'update') and has_any_column_privilege($1, one.oid, privilege))
     ) and not exists (
       select from pg_class as one, unnest(array['usage', 'select']) as due
       where ${OURS} and one.relkind = 'S' and not has_sequence_privilege($1, one.oid, due)
     ) as granted`,
    [appRole, EVERYWHERE, JSON.stringify(never)],
  )
  return rows[0]?.granted ?? false
}

/** An extension may have put something of its own there, of which nobody is given anything. */
const OURS = `one.relnamespace = 'public'::regnamespace and pg_has_role(one.relowner, 'usage')`

/**
 * What the application role must not be, asked of the database itself.
 * @throws DomainError `config-malformed` when row-level security would not hold for it, or the database was never migrated.
 */
export async function inspect(appUrl: string): Promise<void> {
  const client = new Client({
    connectionString: appUrl,
    application_name: 'anju-inspect',
    connectionTimeoutMillis: connectWaitMs,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ exempt: boolean; missing: boolean }>(
      `select (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as exempt,
              to_regclass('public.migration') is null as missing`,
    )
    if (rows[0]?.exempt)
      throw new DomainError(
        'config-malformed',
        'DATABASE_URL: this role bypasses row-level security; use an ordinary role, and its owner in DATABASE_OWNER_URL',
      )
    if (rows[0]?.missing)
      throw new DomainError('config-malformed', 'DATABASE_OWNER_URL: needed once, to make the tables of this database')
    const applied = await appliedBy(client)
    for (const { id, digest } of await migrations())
      if (applied.get(id) !== digest)
        throw new DomainError('config-malformed', `DATABASE_OWNER_URL: needed to bring the database to ${id}`)
  } finally {
    await client.end()
  }
}
