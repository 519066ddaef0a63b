import {
  type Clock,
  elapsed,
  type GatewayId,
  type HealthMessage,
  type LastWill,
  type Monotonic,
  seconds,
  type Timer,
} from '@anju/contract'
import type { Actor, Database, LiveLog, Transaction } from '../ports.ts'
import type { Log, Presence } from '../uplink-ports.ts'
import { lostGrace, silentAfter } from './deadlines.ts'
import { restartDevices } from './device-time.ts'
import { appendStatuses } from './live-status.ts'
import { type GatewayRow, STATUS_COLUMNS } from './status.ts'

const actor: Actor = { kind: 'system', part: 'gateways' }
const flushEvery = seconds(1)
/** A gateway that talks all the time is written down this often, not for every word. */
const noteEvery = seconds(15)
const rowsPerFlushMax = 500

interface Note {
  readonly heard: boolean
  readonly health: HealthMessage | null
  /** Of which of its connections this is; null: it was heard, and did not say. */
  readonly of: Connection | null
}
type Connection = Pick<LastWill, 'boot' | 'session'>
interface Known {
  notedAt: Monotonic
  /** What of its health a console shows; a change of it is worth a live item. */
  summary: string | undefined
}

/**
 * What the gateways last said, written once a second for all of them together: heartbeats of a city are one statement, not a
 * transaction each. Whether one is silent is decided by the row's deadline, not here.
 */
export class GatewayPresence implements Presence {
  readonly #database: Database
  readonly #live: LiveLog
  readonly #clock: Clock
  readonly #log: Log
  readonly #known = new Map<GatewayId, Known>()
  readonly #timer: Timer
  #notes = new Map<GatewayId, Note>()
  #changed = new Set<GatewayId>()
  #flight: Promise<void> | undefined

  constructor(database: Database, live: LiveLog, clock: Clock, log: Log) {
    this.#database = database
    this.#live = live
    this.#clock = clock
    this.#log = log
    this.#timer = clock.every(flushEvery, () => void this.flush())
  }

  heard(gateway: GatewayId): void {
    const known = this.#known.get(gateway)
    if (known && elapsed(known.notedAt, this.#clock.monotonic()) < noteEvery) return
    const note = this.#notes.get(gateway)
    this.#note(gateway, { heard: true, health: note?.health ?? null, of: note?.of ?? null })
  }

  health(gateway: GatewayId, message: HealthMessage): void {
    this.#note(gateway, { heard: true, health: message, of: message })
    const known = this.#known.get(gateway)
    const summary = summaryOf(message)
    if (known && known.summary !== summary) this.#changed.add(gateway)
    if (known) known.summary = summary
  }

  lost(gateway: GatewayId, will: LastWill): void {
    const note = this.#notes.get(gateway)
    if (note?.of && isBefore(will, note.of)) return
    this.#notes.set(gateway, { heard: false, health: note?.health ?? null, of: will })
    // Its next word counts at once.
    this.#known.delete(gateway)
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#flight
    await this.flush()
  }

  /** Writes what is noted; what could not be written is kept for the next time. Never rejects. */
  async flush(): Promise<void> {
    if (this.#flight || this.#notes.size === 0) return
    this.#flight = this.#write().finally(() => {
      this.#flight = undefined
    })
    await this.#flight
  }

  #note(gateway: GatewayId, note: Note): void {
    this.#notes.set(gateway, note)
    const known = this.#known.get(gateway)
    if (known) known.notedAt = this.#clock.monotonic()
    else this.#known.set(gateway, { notedAt: this.#clock.monotonic(), summary: undefined })
  }

  async #write(): Promise<void> {
    const all = [...this.#notes]
    const changed = this.#changed
    this.#notes = new Map()
    this.#changed = new Set()
    for (let from = 0; from < all.length; from += rowsPerFlushMax) {
      const some = all.slice(from, from + rowsPerFlushMax)
      try {
        await this.#database.transaction(actor, (tx) => this.#save(tx, some, changed))
      } catch (error) {
        this.#log.warn({ err: error, gateways: some.length }, 'what gateways said of themselves is written later')
        for (const [gateway, note] of some) if (!this.#notes.has(gateway)) this.#notes.set(gateway, note)
        for (const gateway of changed) this.#changed.add(gateway)
      }
    }
  }

  async #save(tx: Transaction, notes: readonly (readonly [GatewayId, Note])[], changed: ReadonlySet<GatewayId>) {
    // Locked in one order, so that two servers cannot wait for each other.
    const before = await tx.query<Before>(
      `select id, state, boot, case when session_boot = boot then session else 0 end as session, silent_since from gateway
       where id = any($1) order by id for update`,
      [notes.map(([id]) => id)],
      'presence-lock',
    )
    const known = new Map(before.map((row) => [row.id, row]))
    const valid = notes.filter(([id, { heard, of }]) => {
      const last = known.get(id)
      return heard || !of || !last || !isBefore(of, last)
    })
    const rows = await tx.query<GatewayRow & { centre: string }>(
      SAVE,
      [
        valid.map(([id]) => id),
        valid.map(([, { heard }]) => heard),
        valid.map(([, { of }]) => of?.boot ?? null),
        valid.map(([, { of }]) => of?.session ?? null),
        valid.map(([, { health }]) => (health ? JSON.stringify(health) : null)),
      ],
      'presence-save',
    )
    const returned = valid.filter(([id, { heard }]) => heard && known.get(id)?.silent_since != null)
    await restartDevices(
      tx,
      returned.map(([id]) => id),
    )
    appendStatuses(
      tx,
      this.#live,
      rows.filter(({ id, state }) => known.get(id)?.state !== state || changed.has(id)),
    )
  }
}

interface Before extends Required<Connection> {
  readonly id: GatewayId
  readonly state: string
  readonly silent_since: number | null
}

/**
 * The will of an earlier connection says nothing about this one. It may be handled later all the same: by another server, or by the same
 * one where the broker learns only from the new connection that the old one is gone.
 */
const isBefore = (will: Connection, last: Connection): boolean =>
  will.boot < last.boot || (will.boot === last.boot && (will.session ?? 0) < (last.session ?? 0))

const SAVE = `
  update gateway set
    state = case when note.heard then 'online' else state end,
    last_heard_at = case when note.heard then now else last_heard_at end,
    silent_since = case when note.heard then null else silent_since end,
    -- A lost connection shortens the wait: a link that blinks is not a silence yet.
    silent_due_at = case when note.heard then now + interval '${silentAfter} ms'
                         else least(silent_due_at, now + interval '${lostGrace} ms') end,
    session = case when note.boot < gateway.boot then gateway.session
                   when note.boot = gateway.session_boot then greatest(gateway.session, note.session)
                   when note.boot >= gateway.boot then coalesce(note.session, 0) else gateway.session end,
    session_boot = case when note.boot >= gateway.boot then note.boot else gateway.session_boot end,
    boot = greatest(gateway.boot, note.boot),
    health = coalesce(note.health::jsonb, gateway.health)
  from unnest($1::text[], $2::boolean[], $3::integer[], $4::integer[], $5::text[]) as note(id, heard, boot, session, health), app_now() as now
  where gateway.id = note.id
  returning ${STATUS_COLUMNS.replace('id,', 'gateway.id,').replace('health', 'gateway.health')}, centre`

function summaryOf({ links, devices, power, clock }: HealthMessage): string {
  return JSON.stringify([
    power,
    clock.synced,
    links.map(({ id, state }) => [id, state]),
    devices.map(({ id, state }) => [id, state]),
  ])
}
