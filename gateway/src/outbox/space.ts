import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { type Clock, errorMessage } from '@anju/contract'
import type { Log } from '../ports.ts'

export interface SpaceLimits {
  /** The whole database. Telemetry may fill it up to this less `lifeReserveBytes`. */
  readonly bytesMax: number
  /** Room that only events may use. */
  readonly lifeReserveBytes: number
}

/** How much is dropped at once when telemetry has to go: small enough to keep most, large enough not to do it every second. */
const droppedShare = 0.1
/** Room for the largest message there is. */
const pagesFreedMin = 64

/**
 * Who gives way when room runs out: the oldest telemetry, recorded as a gap; when there is none, what the server has already
 * committed, and then the oldest technical events, as a gap too. Life never. Events keep a reserve inside the file's limit, and
 * a ballast file on the disk itself that is given up when the disk is filled by others.
 */
export class Space {
  readonly #db: DatabaseSync
  readonly #limits: SpaceLimits
  readonly #clock: Clock
  readonly #log: Log
  readonly #dir: string
  readonly #ballast: string
  readonly #pageSize: number
  full = false

  constructor(db: DatabaseSync, dir: string, limits: SpaceLimits, clock: Clock, log: Log) {
    this.#db = db
    this.#limits = limits
    this.#clock = clock
    this.#log = log
    this.#dir = dir
    this.#ballast = join(dir, 'ballast')
    this.#pageSize = this.#pragma('page_size')
    this.restoreBallast()
  }

  get bytesUsed(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * this.#pageSize
  }

  /** Called inside a transaction before telemetry is added; returns how many messages had to go. */
  keepReserve(): number {
    let dropped = 0
    while (this.bytesUsed > this.#limits.bytesMax - this.#limits.lifeReserveBytes) {
      this.full = true
      const gone = this.dropOldest('store-limit')
      if (gone === 0) break
      dropped += gone
    }
    return dropped
  }

  /** Called outside a transaction after the disk said it is full. */
  makeRoom(): boolean {
    this.full = true
    const gaveUpBallast = existsSync(this.#ballast)
    rmSync(this.#ballast, { force: true })
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      this.#db.exec('BEGIN IMMEDIATE')
      const dropped = this.#dropLeast()
      this.#db.exec('COMMIT')
      this.#log.error(
        { dropped, gaveUpBallast },
        'the store is full; what matters least was dropped to keep room for events',
      )
      return dropped > 0 || gaveUpBallast
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#log.error({ why: errorMessage(error), gaveUpBallast }, 'the disk is full and nothing could be dropped')
      return gaveUpBallast
    }
  }

  /** Takes the ballast back once the disk has room for it four times over. */
  restoreBallast(): void {
    const { lifeReserveBytes } = this.#limits
    try {
      const { bavail, bsize } = statfsSync(this.#dir)
      const roomy = bavail * bsize > 4 * lifeReserveBytes
      if (roomy && !existsSync(this.#ballast)) writeFileSync(this.#ballast, new Uint8Array(lifeReserveBytes))
      if (roomy && this.bytesUsed < (this.#limits.bytesMax - lifeReserveBytes) * 0.95) this.full = false
    } catch (error) {
      this.#log.warn({ why: errorMessage(error) }, 'no room for the ballast file')
    }
  }

  /** Until there are pages to write on: the last share of a nearly empty table may free none. */
  #dropLeast(): number {
    let dropped = 0
    const enough = this.#pragma('freelist_count') + pagesFreedMin
    do {
      const gone = this.dropOldest('disk-full') || this.#dropSettled() || this.#dropFrom('technical', 'disk-full')
      if (gone === 0) break
      dropped += gone
    } while (this.#pragma('freelist_count') < enough)
    return dropped
  }

  /** Removes a share of the oldest telemetry and writes down what is missing now; returns how many messages went. */
  dropOldest(why: string): number {
    return this.#dropFrom('telemetry', why)
  }

  /** A refill after a restore will find less; that is told then. */
  #dropSettled(): number {
    const share = this.#shareOf('settled')
    const drop = this.#db.prepare(
      'DELETE FROM settled WHERE (lane, boot, seq) IN (SELECT lane, boot, seq FROM settled ORDER BY settled_at LIMIT ?)',
    )
    return Number(drop.run(share).changes)
  }

  #dropFrom(lane: 'technical' | 'telemetry', why: string): number {
    const rows = this.#db
      .prepare(`SELECT boot, seq FROM ${lane} ORDER BY boot, seq LIMIT ?`)
      .all(this.#shareOf(lane)) as { boot: number; seq: number }[]
    const remove = this.#db.prepare(`DELETE FROM ${lane} WHERE boot = ? AND seq = ?`)
    for (const { boot, seq } of rows) {
      remove.run(boot, seq)
      this.recordGap(lane, boot, seq, why)
    }
    return rows.length
  }

  #shareOf(table: string): number {
    const { n } = this.#db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }
    return Math.max(1, Math.ceil(n * droppedShare))
  }

  recordGap(lane: string, boot: number, seq: number, why: string): void {
    const grown = this.#db
      .prepare('UPDATE gap SET to_seq = ?, at = ? WHERE lane = ? AND boot = ? AND why = ? AND to_seq = ?')
      .run(seq, this.#clock.now(), lane, boot, why, seq - 1).changes
    if (grown === 0)
      this.#db
        .prepare('INSERT INTO gap (lane, boot, from_seq, to_seq, why, at) VALUES (?, ?, ?, ?, ?, ?)')
        .run(lane, boot, seq, seq, why, this.#clock.now())
  }

  #pragma(name: string): number {
    const row = this.#db.prepare(`PRAGMA ${name}`).get() as Record<string, number>
    return row[name] ?? 0
  }
}
