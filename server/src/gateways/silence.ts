import { type Clock, type GatewayId, type Instant, seconds, type Timer } from '@anju/contract'
import type { Actor, Database, EventIntake, HeardEvent, LiveLog } from '../ports.ts'
import type { Log } from '../uplink-ports.ts'
import { silentAfter } from './deadlines.ts'
import { appendStatuses } from './live-status.ts'
import { silenceEvent } from './silence-event.ts'
import { type GatewayRow, STATUS_COLUMNS } from './status.ts'

const actor: Actor = { kind: 'system', part: 'deadlines' }
const lookEvery = seconds(1)
const gatewaysPerTurnMax = 200

interface Untold {
  id: GatewayId
  boot: number
  silent_since: Instant | null
  told_since: Instant | null
}

/**
 * Calls gateways silent when their deadline has passed, by the database's clock, and makes an event of it. Any number of
 * servers may run it. It works from what the rows say, not from what it did before: after a crash it goes on.
 */
export class SilenceWatch {
  readonly #database: Database
  readonly #intake: EventIntake
  readonly #live: LiveLog
  readonly #log: Log
  readonly #timer: Timer
  #turn: Promise<void> | undefined
  readonly #hears: () => boolean
  /** We, PostgreSQL or the broker were away: nobody could be heard, so nobody was silent. */
  #wasDeaf = true

  /** `hears`: whether a gateway that speaks can reach this server now. */
  constructor(
    database: Database,
    intake: EventIntake,
    live: LiveLog,
    clock: Clock,
    log: Log,
    hears: () => boolean = () => true,
  ) {
    this.#database = database
    this.#intake = intake
    this.#live = live
    this.#log = log
    this.#hears = hears
    this.#timer = clock.every(lookEvery, () => void this.look())
    database.onHealth((healthy) => {
      if (!healthy) this.#wasDeaf = true
    })
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#turn
  }

  /** One turn; a turn that is under way is joined. Never rejects. */
  async look(): Promise<void> {
    this.#turn ??= this.#look()
      .catch((error: unknown) => this.#log.warn({ err: error }, 'silent gateways are looked for again in a second'))
      .finally(() => {
        this.#turn = undefined
      })
    await this.#turn
  }

  async #look(): Promise<void> {
    if (!this.#hears()) {
      this.#wasDeaf = true
      return
    }
    if (this.#wasDeaf) {
      await this.#database.transaction(actor, (tx) => tx.query(GRACE))
      this.#wasDeaf = false
    }
    const untold = await this.#database.transaction(actor, async (tx) => {
      const rows = await tx.query<GatewayRow & { centre: string }>(SILENCE, [gatewaysPerTurnMax], 'silence')
      await appendStatuses(tx, this.#live, rows)
      return tx.query<Untold>(UNTOLD, [gatewaysPerTurnMax], 'untold')
    })
    if (untold.length === 0) return
    // First the event, then the note that it was said: an event said twice is one, a forgotten one is none.
    await this.#intake.commit(untold.map(eventOf))
    await this.#database.transaction(actor, (tx) =>
      tx.query(TOLD, [
        untold.map(({ id }) => id),
        untold.map(({ told_since, silent_since }) => toldNext(told_since, silent_since)),
      ]),
    )
  }
}

/** A silence that was told is first taken back; a new one is told at the next turn. */
const toldNext = (told: Instant | null, since: Instant | null): string | null =>
  told === null && since !== null ? new Date(since).toISOString() : null

function eventOf({ id, boot, silent_since, told_since }: Untold): HeardEvent {
  if (told_since !== null) return silenceEvent(id, boot, 'returned', told_since)
  return silenceEvent(id, boot, 'raised', silent_since as Instant)
}

const GRACE = `
  update gateway set silent_due_at = now + interval '${silentAfter} ms' from app_now() as now
  where state = 'online' and silent_due_at < now + interval '${silentAfter} ms'`
const SILENCE = `
  update gateway set silent_due_at = null, silent_since = silent_due_at,
    state = case when state = 'online' then 'silent' else state end
  where id in (select id from gateway where silent_due_at <= (select app_now())
               order by silent_due_at limit $1 for update skip locked)
  returning ${STATUS_COLUMNS}, centre`
const UNTOLD = `
  select id, boot, silent_since, told_since from gateway where silent_since is distinct from told_since order by id limit $1`
const TOLD = `
  update gateway set told_since = note.since from unnest($1::text[], $2::timestamptz[]) as note(id, since)
  where gateway.id = note.id`
