import { between, type Clock, formatInstant, type Instant, seconds, type Timer } from '@anju/contract'
import type { Actor, Database, EventIntake, HeardEvent, Hearing, LiveLog } from '../ports.ts'
import type { Log } from '../uplink-ports.ts'
import { deviceSilence } from './device-silence.ts'
import { faults } from './faults.ts'
import { gatewaySilence } from './gateway-silence.ts'
import { heardMeanwhile, sayHears, sayNoMore } from './hearers.ts'
import { ownEvent } from './own-word.ts'
import type { Untold, Watched } from './watched.ts'

const actor: Actor = { kind: 'system', part: 'deadlines' }
const lookEvery = seconds(1)
/** Longer than this without its clock striking a process stood still (a laptop that slept), and heard nobody meanwhile. */
const stoodStillAfter = seconds(10)
const rowsPerTurnMax = 200
/** Gateways first: what is behind a silent one is not silent itself. */
const WATCHED: readonly Watched[] = [gatewaySilence, deviceSilence, faults]

export interface SilenceParts {
  readonly database: Database
  readonly intake: EventIntake
  readonly hearing: Hearing
  readonly live: LiveLog
  /** The name of this process, and of no other. */
  readonly server: string
  readonly clock: Clock
  readonly log: Log
  /** Whether a gateway that speaks can reach this server now. */
  readonly hears?: () => boolean
}

/** Begins anew each time, so that what was found out of an earlier one does not end a later one. */
interface Deafness {
  /** By the database's clock: when it was first asked whether another server heard. */
  hearsSince?: Instant
}

/**
 * Calls gateways and devices silent when their deadline has passed, by the database's clock, and makes an event of it. Any
 * number of servers may run it. It works from what the rows say, not from what it did before: after a crash it goes on.
 */
export class SilenceWatch {
  readonly #parts: SilenceParts
  readonly #timer: Timer
  #turn: Promise<void> | undefined
  /** We, PostgreSQL or the broker were away. Where no other server heard, either, nobody could be heard, so nobody was silent. */
  #deaf: Deafness | undefined = {}
  #saying: Promise<void> | undefined
  /** By the machine's own clock, which goes on while a process is stopped or all of the machine sleeps. */
  #struckAt: Instant | undefined

  constructor(parts: SilenceParts) {
    this.#parts = parts
    this.#timer = parts.clock.every(lookEvery, () => {
      if (this.#stoodStill()) this.#deaf = {}
      this.#struckAt = parts.clock.now()
      // A turn may be a long one on a bad day, and the others rely on our word.
      if (this.#turn) this.#say().catch(() => undefined) // the turn, or the next one, meets the same trouble and tells it
      void this.look()
    })
    parts.database.onHealth((healthy) => {
      if (!healthy) this.#deaf = {}
    })
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#turn
    await this.#saying?.catch(() => undefined)
    const { database, server } = this.#parts
    // Without it whoever begins next waits until it is stale.
    await database.transaction(actor, (tx) => sayNoMore(tx, server)).catch(() => undefined)
  }

  /** One turn; a turn that is under way is joined. Never rejects. */
  async look(): Promise<void> {
    this.#turn ??= this.#look()
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'silences are looked for again in a second'))
      .finally(() => {
        this.#turn = undefined
      })
    await this.#turn
  }

  async #look(): Promise<void> {
    const { database, live, hears } = this.#parts
    if (hears?.() === false) {
      this.#deaf = {}
      return
    }
    if (!(await this.#hearsAgain())) return
    await this.#say()
    for (const watched of WATCHED) {
      // In the middle of a turn; the next strike finds it, too.
      if (this.#stoodStill()) return
      await database.transaction(actor, (tx) => watched.judge(tx, live))
      await this.#tell(watched)
    }
  }

  /** False while it is not known whether anybody else heard: then they judge, if they live, and we do not. */
  async #hearsAgain(): Promise<boolean> {
    const { database, server } = this.#parts
    const deaf = this.#deaf
    if (!deaf) return true
    const { since, meanwhile } = await database.transaction(actor, (tx) => heardMeanwhile(tx, server, deaf.hearsSince))
    deaf.hearsSince = since
    if (meanwhile === 'undecided') return false
    if (meanwhile === 'nobody-heard')
      for (const watched of WATCHED) await database.transaction(actor, (tx) => watched.grace(tx, since))
    // Unless it went deaf once more meanwhile.
    if (this.#deaf === deaf) this.#deaf = undefined
    return this.#deaf === undefined
  }

  async #say(): Promise<void> {
    const { database, server, hears } = this.#parts
    if (this.#deaf || hears?.() === false) return
    this.#saying ??= database
      .transaction(actor, (tx) => sayHears(tx, server))
      .finally(() => {
        this.#saying = undefined
      })
    await this.#saying
  }

  #stoodStill(): boolean {
    return this.#struckAt !== undefined && between(this.#struckAt, this.#parts.clock.now()) > stoodStillAfter
  }

  /** First the event, then the note that it was said: an event said twice is one, a forgotten one is none. */
  async #tell(watched: Watched): Promise<void> {
    const { database, intake, hearing } = this.#parts
    const untold = await database.transaction(actor, (tx) => watched.untold(tx, rowsPerTurnMax))
    if (untold.length === 0) return
    const events = untold.filter(({ told, known }) => told !== null || !known).map(eventOf)
    if (events.length > 0) await intake.commit(events)
    const gateways = untold.filter(({ type }) => type === 'gateway-silent')
    await hearing.unheard(gateways.filter(({ told }) => told === null).flatMap(({ gateway }) => gateway ?? []))
    await hearing.heard(gateways.filter(({ told }) => told !== null).flatMap(({ gateway }) => gateway ?? []))
    await database.transaction(actor, (tx) =>
      watched.told(
        tx,
        untold.map(({ one }) => one),
        untold.map(({ two }) => two),
        untold.map(({ told, since }) => toldNext(told, since)),
      ),
    )
  }
}

/** What was told is first taken back; what is new is told at the next turn. */
const toldNext = (told: Instant | null, since: Instant | null): string | null =>
  told === null && since !== null ? formatInstant(since) : null

function eventOf(untold: Untold): HeardEvent {
  const { told, since } = untold
  return told !== null
    ? ownEvent({ ...untold, phase: 'returned', at: told })
    : ownEvent({ ...untold, phase: 'raised', at: since as Instant })
}
