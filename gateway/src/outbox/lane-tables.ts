import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EventId, Instant, Lane, Monotonic } from '@anju/contract'
import type { Entry, EntryKey, EventBody, EventEntry, EventLane, TelemetryEntry } from '../ports.ts'
import { DEVICE_OF } from './schema.ts'

interface EventRow {
  boot: number
  seq: number
  id: string
  heard_at: number
  heard_mono: number
  stored_at: number
  minimal: number
  body: string
}

const EVENT_COLUMNS = 'boot, seq, id, heard_at, heard_mono, stored_at, minimal, body'

const eventLanes = <T>(of: (lane: EventLane) => T) => ({ life: of('life'), technical: of('technical') })
const lanes = <T>(of: (lane: Lane) => T) => ({ ...eventLanes(of), telemetry: of('telemetry') })

/** Of the newest life events those whose device has no older one waiting: found by index, however deep the lane is. */
const NEWCOMERS = `
  SELECT * FROM (SELECT * FROM life ORDER BY boot DESC, seq DESC LIMIT 64) AS newest
  WHERE NOT EXISTS (
    SELECT 1 FROM life WHERE ${DEVICE_OF} = json_extract(newest.body, '$.device')
      AND (boot, seq) < (newest.boot, newest.seq))
  LIMIT ?`

/** The SQL of the lanes, prepared once. Runs inside the caller's transaction and knows nothing of groups or limits. */
export class LaneTables {
  readonly #insert: Record<EventLane, StatementSync>
  readonly #insertTelemetry: StatementSync
  readonly #head: Record<Lane, StatementSync>
  readonly #first: Record<Lane, StatementSync>
  readonly #newcomers: StatementSync
  readonly #one: Record<Lane, StatementSync>
  readonly #count: Record<Lane, StatementSync>
  readonly #range: Record<Lane, StatementSync>
  readonly #delete: Record<Lane, StatementSync>
  readonly #keep: Record<EventLane, StatementSync>
  readonly #refill: Record<EventLane, StatementSync>
  readonly #unsettle: StatementSync
  readonly #minimal: Record<EventLane, StatementSync>
  readonly #bury: Record<Lane, StatementSync>
  readonly #newestWaiting: StatementSync
  readonly #newestSettled: StatementSync

  constructor(db: DatabaseSync) {
    const newest = 'ORDER BY boot DESC, seq DESC LIMIT ?'
    this.#newestWaiting = db.prepare(`SELECT * FROM life ${newest}`)
    this.#newestSettled = db.prepare(`SELECT * FROM settled WHERE lane = 'life' ${newest}`)
    this.#insert = eventLanes((lane) =>
      db.prepare(`INSERT INTO ${lane} (${EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, 0, ?)`),
    )
    this.#insertTelemetry = db.prepare('INSERT INTO telemetry (boot, seq, id, series) VALUES (?, ?, ?, ?)')
    this.#head = lanes((lane) => db.prepare(`SELECT * FROM ${lane} ORDER BY boot, seq LIMIT ?`))
    this.#first = lanes((lane) => db.prepare(`SELECT min(seq) AS seq FROM ${lane} WHERE boot = ?`))
    this.#newcomers = db.prepare(NEWCOMERS)
    this.#one = lanes((lane) => db.prepare(`SELECT * FROM ${lane} WHERE boot = ? AND seq = ?`))
    this.#count = lanes((lane) => db.prepare(`SELECT count(*) AS n FROM ${lane}`))
    this.#range = lanes((lane) =>
      db.prepare(`SELECT count(*) AS n FROM ${lane} WHERE boot = ? AND seq BETWEEN ? AND ?`),
    )
    this.#delete = lanes((lane) => db.prepare(`DELETE FROM ${lane} WHERE boot = ? AND seq = ?`))
    this.#keep = eventLanes((lane) =>
      db.prepare(
        `INSERT OR REPLACE INTO settled (lane, ${EVENT_COLUMNS}, settled_at)
         SELECT '${lane}', ${EVENT_COLUMNS}, ? FROM ${lane} WHERE boot = ? AND seq = ?`,
      ),
    )
    this.#refill = eventLanes((lane) =>
      db.prepare(
        `INSERT OR IGNORE INTO ${lane} (${EVENT_COLUMNS})
         SELECT ${EVENT_COLUMNS} FROM settled WHERE lane = '${lane}' AND boot = ? AND seq BETWEEN ? AND ?`,
      ),
    )
    this.#unsettle = db.prepare('DELETE FROM settled WHERE lane = ? AND boot = ? AND seq BETWEEN ? AND ?')
    this.#minimal = eventLanes((lane) => db.prepare(`UPDATE ${lane} SET minimal = 1 WHERE boot = ? AND seq = ?`))
    this.#bury = lanes((lane) =>
      db.prepare(
        `INSERT INTO dead_letter (lane, boot, seq, id, body, code, at)
         SELECT '${lane}', boot, seq, id, ${lane === 'telemetry' ? 'series' : 'body'}, ?, ? FROM ${lane} WHERE boot = ? AND seq = ?`,
      ),
    )
  }

  insertEvent(lane: EventLane, entry: Omit<EventEntry, 'lane' | 'minimal'>): void {
    const { boot, seq, id, heardAt, heardMono, storedAt, body } = entry
    this.#insert[lane].run(boot, seq, id, heardAt, heardMono, storedAt, JSON.stringify(body))
  }

  insertTelemetry({ boot, seq, id, series }: TelemetryEntry): void {
    this.#insertTelemetry.run(boot, seq, id, series)
  }

  events(lane: EventLane, limit: number): EventEntry[] {
    return (this.#head[lane].all(limit) as unknown as EventRow[]).map((row) => entryOf(lane, row))
  }

  telemetry(limit: number): TelemetryEntry[] {
    return (this.#head.telemetry.all(limit) as unknown as TelemetryEntry[]).map(telemetryOf)
  }

  /** The newest life events of devices that have no older one waiting, newest first. */
  newcomers(limit: number): EventEntry[] {
    return (this.#newcomers.all(limit) as unknown as EventRow[]).map((row) => entryOf('life', row))
  }

  one(lane: Lane, { boot, seq }: EntryKey): Entry | undefined {
    const row: unknown = this.#one[lane].get(boot, seq)
    if (row === undefined) return undefined
    return lane === 'telemetry' ? telemetryOf(row as TelemetryEntry) : entryOf(lane, row as EventRow)
  }

  /** The lowest unsettled sequence number of one boot, or undefined when all of it is settled. */
  firstSeq(lane: Lane, boot: number): number | undefined {
    return (this.#first[lane].get(boot) as { seq: number | null }).seq ?? undefined
  }

  count(lane: Lane): number {
    return (this.#count[lane].get() as { n: number }).n
  }

  /** How many entries of a range still wait. */
  pendingIn(lane: Lane, boot: number, from: number, to: number): number {
    return (this.#range[lane].get(boot, from, to) as { n: number }).n
  }

  /** Returns whether there was such an entry. */
  settle(lane: Lane, boot: number, seq: number, at: Instant): boolean {
    if (lane !== 'telemetry') this.#keep[lane].run(at, boot, seq)
    return this.#delete[lane].run(boot, seq).changes > 0
  }

  /** The newest life events, settled or not. */
  recentLife(limit: number): { readonly entry: EventEntry; readonly settled: boolean }[] {
    const of = (rows: StatementSync, settled: boolean) =>
      (rows.all(limit) as unknown as EventRow[]).map((row) => ({ entry: entryOf('life', row), settled }))
    return [...of(this.#newestWaiting, false), ...of(this.#newestSettled, true)]
      .sort((a, b) => b.entry.boot - a.entry.boot || b.entry.seq - a.entry.seq)
      .slice(0, limit)
  }

  /** Puts settled events of a range back into their lane; returns how many. */
  unsettle(lane: EventLane, boot: number, from: number, to: number): number {
    const put = Number(this.#refill[lane].run(boot, from, to).changes)
    this.#unsettle.run(lane, boot, from, to)
    return put
  }

  markMinimal(lane: EventLane, boot: number, seq: number): void {
    this.#minimal[lane].run(boot, seq)
  }

  /** Copies an entry to the dead letters; it stays in its lane until it is deleted. */
  bury(lane: Lane, boot: number, seq: number, code: string, at: Instant): void {
    this.#bury[lane].run(code, at, boot, seq)
  }

  delete(lane: Lane, boot: number, seq: number): boolean {
    return this.#delete[lane].run(boot, seq).changes > 0
  }
}

const telemetryOf = (row: TelemetryEntry): TelemetryEntry => ({ ...row, lane: 'telemetry' })

const entryOf = (lane: EventLane, row: EventRow): EventEntry => ({
  lane,
  boot: row.boot,
  seq: row.seq,
  id: row.id as EventId,
  heardAt: row.heard_at as Instant,
  heardMono: row.heard_mono as Monotonic,
  storedAt: row.stored_at as Instant,
  minimal: row.minimal === 1,
  body: JSON.parse(row.body) as EventBody,
})
