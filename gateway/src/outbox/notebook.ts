import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { days, type HandlingMessage, type Instant, type Measurement } from '@anju/contract'
import type { Quarantined } from '../ports.ts'

/** Settled events stay so long for a refill after the server was restored from a backup. */
const settledKept = days(7)
const settledRowsMax = 100_000
const deadLettersMax = 1_000
const gapsMax = 1_000
const handlingRowsMax = 2_000
const quarantineRowsMax = 1_000
const quarantinedBytesMax = 1_024

/** The smaller books beside the lanes: memory, staged samples, who is answering, what could not be understood. All bounded. */
export class Notebook {
  readonly #db: DatabaseSync
  readonly #state: StatementSync
  readonly #sample: StatementSync
  readonly #handling: StatementSync
  readonly #quarantine: StatementSync
  readonly #quarantineTrim: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#state = db.prepare(
      'INSERT INTO state (key, body) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body',
    )
    this.#sample = db.prepare('INSERT INTO sample (body) VALUES (?)')
    this.#handling = db.prepare('INSERT OR REPLACE INTO handling (event, rung, by, at) VALUES (?, ?, ?, ?)')
    this.#quarantine = db.prepare('INSERT INTO quarantine (source, code, why, at, bytes) VALUES (?, ?, ?, ?, ?)')
    this.#quarantineTrim = db.prepare('DELETE FROM quarantine WHERE n <= ?')
  }

  states(): Map<string, string> {
    const rows = this.#db.prepare('SELECT key, body FROM state').all() as { key: string; body: string }[]
    return new Map(rows.map(({ key, body }) => [key, body]))
  }

  /** Samples that wait to be sealed into a message, oldest first. */
  staged(): Measurement[] {
    const rows = this.#db.prepare('SELECT body FROM sample ORDER BY n').all() as { body: string }[]
    return rows.map(({ body }) => JSON.parse(body) as Measurement)
  }

  saveState(key: string, body: string): void {
    this.#state.run(key, body)
  }

  stage(sample: Measurement): void {
    this.#sample.run(JSON.stringify(sample))
  }

  noteHandling({ event, rung, by, at }: HandlingMessage): void {
    this.#handling.run(event, rung, by ?? null, at)
  }

  handlingOf(event: string): { rung: string; by: string | null; at: string }[] {
    return this.#db.prepare('SELECT rung, by, at FROM handling WHERE event = ? ORDER BY rung').all(event) as never[]
  }

  quarantine({ source, code, why, at, bytes }: Quarantined): void {
    const kept = bytes.subarray(0, quarantinedBytesMax)
    const { lastInsertRowid } = this.#quarantine.run(source.slice(0, 200), code, why.slice(0, 300), at, kept)
    this.#quarantineTrim.run(Number(lastInsertRowid) - quarantineRowsMax)
  }

  quarantined(limit: number): { source: string; code: string; why: string; at: number }[] {
    return this.#db
      .prepare('SELECT source, code, why, at FROM quarantine ORDER BY n DESC LIMIT ?')
      .all(limit) as never[]
  }

  deadLetters(): { lane: string; id: string; code: string }[] {
    return this.#db.prepare('SELECT lane, id, code FROM dead_letter ORDER BY n').all() as never[]
  }

  gaps(): { lane: string; boot: number; from: number; to: number; why: string }[] {
    return this.#db
      .prepare('SELECT lane, boot, from_seq AS "from", to_seq AS "to", why FROM gap ORDER BY n')
      .all() as never[]
  }

  /** Old settled events, and the oldest of every book that grew beyond its bound. */
  prune(now: Instant): void {
    this.#db.prepare('DELETE FROM settled WHERE settled_at < ?').run(now - settledKept)
    this.#db
      .prepare(
        `DELETE FROM settled WHERE (lane, boot, seq) IN
           (SELECT lane, boot, seq FROM settled ORDER BY settled_at DESC LIMIT -1 OFFSET ?)`,
      )
      .run(settledRowsMax)
    for (const [table, rowsMax] of [
      ['dead_letter', deadLettersMax],
      ['gap', gapsMax],
    ] as const)
      this.#db.prepare(`DELETE FROM ${table} WHERE n <= (SELECT max(n) FROM ${table}) - ?`).run(rowsMax)
    this.#db
      .prepare(
        'DELETE FROM handling WHERE (event, rung) IN (SELECT event, rung FROM handling ORDER BY at DESC LIMIT -1 OFFSET ?)',
      )
      .run(handlingRowsMax)
  }
}
