import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Clock, DomainError, errorMessage } from '@anju/contract'
import type { Log } from '../ports.ts'
import { SALVAGED, SCHEMA, SCHEMA_VERSION } from './schema.ts'

export interface StoreFile {
  readonly db: DatabaseSync
  /** This start's number: persisted, one more than any before. */
  readonly boot: number
  /** Set when the file was damaged: where it was moved, and what could be carried over. */
  readonly salvage?: { readonly movedTo: string; readonly rows: number }
}

export interface StoreLimits {
  /** The whole file. */
  readonly bytesMax: number
}

const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/**
 * Opens the gateway's one database, proves it sound and takes the next boot number. A damaged file is moved aside and what
 * can be read of it carried over: a gateway that refuses to start hears nobody.
 * @throws DomainError `store-unavailable` when another process holds it or the folder cannot be written.
 */
export function openStoreFile(dir: string, limits: StoreLimits, clock: Clock, log: Log): StoreFile {
  const file = join(dir, 'gateway.db')
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const db = existsSync(markOf(dir)) ? undefined : open(file, limits)
    if (db) return { db, boot: nextBoot(dir, db, false, clock) }
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new DomainError('store-unavailable', `${file}: ${errorMessage(error)}`, {}, { cause: error })
  }
  const movedTo = `${file}.corrupt-${clock.now()}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, movedTo + suffix)
  const db = open(file, limits)
  if (!db)
    throw new DomainError('store-unavailable', `${file}: a fresh database is damaged at once; the disk is failing`)
  const rows = salvage(movedTo, db, log)
  rmSync(markOf(dir), { force: true })
  log.error({ movedTo, rows }, 'the outbox was damaged; moved aside, what could be read was carried over')
  return { db, boot: nextBoot(dir, db, true, clock), salvage: { movedTo, rows } }
}

/** Damage that was met under way and that the check at the start may not find again: the next start must not trust the file. */
export const markDamaged = (dir: string, why: string): void => writeFileSync(markOf(dir), `${why}\n`)
const markOf = (dir: string) => join(dir, 'damaged')

/** Undefined when the file is damaged. */
function open(file: string, { bytesMax }: StoreLimits): DatabaseSync | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file)
    // Exclusive: a second gateway on the same folder would hand out the same sequence numbers.
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    db.exec('PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096')
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version > SCHEMA_VERSION)
      throw new DomainError('store-unavailable', `${file} was written by a newer gateway (schema ${version})`)
    const check = db.prepare('PRAGMA quick_check(1)').get() as { quick_check: string }
    if (check.quick_check !== 'ok') {
      db.close()
      return undefined
    }
    const { page_size: pageSize } = db.prepare('PRAGMA page_size').get() as { page_size: number }
    db.exec(`PRAGMA max_page_count = ${Math.ceil(bytesMax / pageSize)}`)
    db.exec(SCHEMA)
    return db
  } catch (error) {
    db?.close()
    const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff
    if (code === SQLITE_BUSY)
      throw new DomainError('store-unavailable', `${file} is held by another gateway process`, {}, { cause: error })
    if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return undefined
    throw error
  }
}

/** Row by row from the front until the damage, then from the back until the damage: what lies between is lost. */
function salvage(damaged: string, into: DatabaseSync, log: Log): number {
  let from: DatabaseSync
  try {
    from = new DatabaseSync(damaged)
  } catch (error) {
    log.error({ damaged, why: errorMessage(error) }, 'the damaged file cannot even be opened')
    return 0
  }
  let rows = 0
  into.exec('BEGIN IMMEDIATE')
  for (const { table, key } of SALVAGED)
    for (const direction of ['ASC', 'DESC']) {
      const order = key
        .split(', ')
        .map((column) => `${column} ${direction}`)
        .join(', ')
      try {
        for (const row of from.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).iterate()) {
          const columns = Object.keys(row)
          const marks = columns.map(() => '?').join(',')
          rows += Number(
            into
              .prepare(`INSERT OR IGNORE INTO ${table} (${columns.join(',')}) VALUES (${marks})`)
              .run(...(Object.values(row) as SQLInputValue[])).changes,
          )
        }
        break
      } catch (error) {
        log.warn({ table, direction, why: errorMessage(error) }, 'salvage stopped at damage')
      }
    }
  into.exec('COMMIT')
  from.close()
  return rows
}

/** The number lives in the database and in a file beside it: a lost database must not bring an old number back. */
function nextBoot(dir: string, db: DatabaseSync, salvaged: boolean, clock: Clock): number {
  const stored = db.prepare(`SELECT body FROM state WHERE key = 'boot'`).get() as { body: string } | undefined
  const path = join(dir, 'boot')
  const beside = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const known = Math.max(
    ...[stored?.body, beside].map((text) => (/^\d{1,10}$/.test(text?.trim() ?? '') ? Number(text) : 0)),
  )
  // Both copies lost: minutes since 2020 are beyond any count of starts, so the server cannot mistake this boot for an old one.
  const boot = known === 0 && salvaged ? Math.max(1, Math.floor((clock.now() - 1_577_836_800_000) / 60_000)) : known + 1
  const handle = openSync(`${path}.new`, 'w', 0o600)
  writeSync(handle, `${boot}\n`)
  fsyncSync(handle)
  closeSync(handle)
  renameSync(`${path}.new`, path)
  db.prepare(
    `INSERT INTO state (key, body) VALUES ('boot', ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body`,
  ).run(String(boot))
  return boot
}
