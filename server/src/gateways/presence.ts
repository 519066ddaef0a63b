import {
  type Clock,
  elapsed,
  type GatewayId,
  type HealthMessage,
  type LastWill,
  type Monotonic,
  seconds,
} from '@anju/contract'
import type { Database, LiveLog, Transaction } from '../ports.ts'
import type { Log, Presence } from '../uplink-ports.ts'
import { lostGrace, silentAfter } from './deadlines.ts'
import { restartDevices } from './device-time.ts'
import { appendStatuses } from './live-status.ts'
import { type GatewayRow, STATUS_COLUMNS } from './status.ts'
import { WrittenLater } from './written-later.ts'

/** A gateway that talks all the time is written down this often, not for every word. */
const noteEvery = seconds(15)
const notYet = Number.NEGATIVE_INFINITY as Monotonic

interface Note {
  readonly gateway: GatewayId
  readonly heard: boolean
  readonly health: HealthMessage | null
  /** Of which of its connections this is; null: it was heard, and did not say. */
  readonly of: Connection | null
  /** What a console shows of its health is another than before: worth a live item. */
  readonly changed: boolean
}
type Connection = Pick<LastWill, 'boot' | 'session'>
interface Known {
  notedAt: Monotonic
  /** What of its health a console shows. */
  summary: string | undefined
}

/** What the gateways last said. Whether one is silent is decided by the row's deadline, not here. */
export class GatewayPresence implements Presence {
  readonly #live: LiveLog
  readonly #clock: Clock
  readonly #known = new Map<GatewayId, Known>()
  readonly #notes: WrittenLater<Note>

  constructor(database: Database, live: LiveLog, clock: Clock, log: Log) {
    this.#live = live
    this.#clock = clock
    this.#notes = new WrittenLater({
      database,
      clock,
      log,
      what: 'what gateways said of themselves',
      perWriteMax: 500,
      write: (tx, notes) => this.#save(tx, notes),
      merge: bothOf,
    })
  }

  heard(gateway: GatewayId): void {
    const known = this.#known.get(gateway)
    if (known && elapsed(known.notedAt, this.#clock.monotonic()) < noteEvery) return
    this.#note({ gateway, heard: true, health: null, of: null, changed: false })
  }

  health(gateway: GatewayId, message: HealthMessage): void {
    const summary = summaryOf(message)
    const before = this.#known.get(gateway)?.summary
    const changed = before !== undefined && before !== summary
    this.#note({ gateway, heard: true, health: message, of: message, changed }).summary = summary
  }

  lost(gateway: GatewayId, will: LastWill): void {
    this.#notes.set(gateway, { gateway, heard: false, health: null, of: will, changed: false })
    // Its next word counts at once.
    const known = this.#known.get(gateway)
    if (known) known.notedAt = notYet
  }

  /** Never rejects. */
  flush(): Promise<void> {
    return this.#notes.flush()
  }

  close(): Promise<void> {
    return this.#notes.close()
  }

  #note(note: Note): Known {
    this.#notes.set(note.gateway, note)
    const known = this.#known.get(note.gateway) ?? { notedAt: notYet, summary: undefined }
    known.notedAt = this.#clock.monotonic()
    this.#known.set(note.gateway, known)
    return known
  }

  async #save(tx: Transaction, notes: readonly Note[]): Promise<void> {
    // Locked in one order, so that two servers cannot wait for each other.
    const before = await tx.query<Before>(
      `select id, state, boot, case when session_boot = boot then session else 0 end as session, silent_since from gateway
       where id = any($1) order by id for update`,
      [notes.map(({ gateway }) => gateway)],
      'presence-lock',
    )
    const known = new Map(before.map((row) => [row.id, row]))
    const valid = notes.filter(({ gateway, heard, of }) => {
      const last = known.get(gateway)
      return heard || !of || !last || !isBefore(of, last)
    })
    const changed = new Set(valid.flatMap((note) => (note.changed ? [note.gateway] : [])))
    const rows = await tx.query<GatewayRow & { centre: string }>(
      SAVE,
      [
        valid.map(({ gateway }) => gateway),
        valid.map(({ heard }) => heard),
        valid.map(({ of }) => of?.boot ?? null),
        valid.map(({ of }) => of?.session ?? null),
        valid.map(({ health }) => (health ? JSON.stringify(health) : null)),
      ],
      'presence-save',
    )
    const returned = valid.filter(({ gateway, heard }) => heard && known.get(gateway)?.silent_since != null)
    await restartDevices(
      tx,
      returned.map(({ gateway }) => gateway),
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

/** Of two words that wait together; the will of an earlier connection is none. */
function bothOf(before: Note, after: Note): Note {
  if (!after.heard && after.of && before.of && isBefore(after.of, before.of)) return before
  return {
    ...after,
    health: after.health ?? before.health,
    of: after.of ?? before.of,
    changed: before.changed || after.changed,
  }
}

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
