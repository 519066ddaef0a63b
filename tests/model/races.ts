import {
  type AlarmId,
  type Clock,
  DomainError,
  integerBetween,
  type Monotonic,
  minutes,
  type PersonId,
  type Random,
  seededRandom,
} from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import type { Command } from '../../server/src/alarms/service.ts'
import type { PersonActor } from '../../server/src/people/people.ts'
import type { HeardEvent } from '../../server/src/ports.ts'
import { type AlarmCentre, anAlarmCentre, type PressOptions } from '../harness/alarms.ts'
import { aDatabaseLine } from '../harness/database-line.ts'
import type { ServerUrls } from '../harness/postgres.ts'
import { aRecorder } from './committed.ts'
import { judged } from './judge.ts'

/** What a person was told had been done. */
export interface Answered {
  readonly nth: number
  readonly batch: number
  readonly alarm: AlarmId
  readonly session: string
  readonly command: Command
  readonly version: number
  readonly token: string | null
}
export interface Raced {
  readonly commands: number
  readonly answered: number
  readonly refused: Readonly<Record<string, number>>
  readonly presses: number
  readonly versions: number
  /** Connections that died in the middle of a transaction, and answers that were lost on the way. */
  readonly crashed: number
  readonly lost: number
  readonly wrong: readonly string[]
}

const REFUSALS = new Set([
  'claimed-by-other',
  'lease-stale',
  'alarm-closed',
  'alarm-not-closed',
  'undo-expired',
  'forbidden',
  'transition-refused',
])
const KINDS: readonly PressOptions[] = [
  { home: 1, type: 'sos-pressed', class: 'life' },
  { home: 2, type: 'smoke', class: 'hazard' },
  { home: 3, type: 'mains-lost', class: 'technical' },
]
const triesMax = 12

/** Two servers on one database, each with its deadlines; people, gateways, crashes and time all at once, in batches. */
export async function race(batches: number, seed: number, urls?: ServerUrls): Promise<Raced> {
  const random = seededRandom(seed)
  // The servers' own clock passes with the database's: a time they reckoned stays right, and what they watch for a while ends.
  let passed = 0
  const clock: Clock = { ...systemClock, monotonic: () => (systemClock.monotonic() + passed) as Monotonic }
  const one = await anAlarmCentre({ clock, ...(urls ? { urls } : {}) })
  // Whom something is offered to must be somebody.
  await one.store.sql(
    `insert into person (id, centre, username, name, role, password) select name, 'east', name, name,
       case name when 'zhou' then 'supervisor' else 'operator' end, 'x' from unnest(array['li', 'chen', 'zhou']) as name`,
  )
  const recorder = await aRecorder(one.store)
  const line = await aDatabaseLine(one.store.url, random)
  const other = await anAlarmCentre({ store: one.store, url: line.url, clock })
  try {
    const play = new Play([one, other], random)
    for (let batch = 0; batch < batches; batch++) {
      // At first nothing is sent twice: then the intake does not look for repetitions, and writes in line.
      const calm = batch < batches / 3
      await recorder.crashes(calm ? 0 : 0.02)
      line.loses(calm ? 0 : 0.08)
      passed += await play.batch(!calm)
    }
    await recorder.crashes(0)
    line.loses(0)
    await play.settle()
    return { ...play.figures, lost: line.lost, ...(await judged(play, recorder, one)) }
  } finally {
    await other.close()
    await line.end()
    await one.close()
  }
}

export class Play {
  readonly answered: Answered[] = []
  readonly refused: Record<string, number> = {}
  /** The commands that were refused, by their number. */
  readonly notDone = new Set<number>()
  readonly wrong: string[] = []
  /** Every press ever made, and whether the centre has said it has it. */
  readonly presses = new Map<string, { readonly event: HeardEvent; committed: boolean }>()
  readonly #servers: readonly [AlarmCentre, AlarmCentre]
  readonly #random: Random
  readonly #seats: readonly PersonActor[]
  readonly #tokens = new Map<string, string>()
  #alarms: readonly { readonly id: AlarmId; readonly fence: number }[] = []
  #batch = 0
  #commands = 0

  constructor(servers: readonly [AlarmCentre, AlarmCentre], random: Random) {
    this.#servers = servers
    this.#random = random
    const [server] = servers
    this.#seats = [
      server.person('li', 'operator', 'seat-1'),
      server.person('li', 'operator', 'seat-2'),
      server.person('chen', 'operator', 'seat-3'),
      server.person('zhou', 'supervisor', 'seat-4'),
    ]
  }

  get figures() {
    const { refused, answered, presses } = this
    return { commands: this.#commands, answered: answered.length, refused, presses: presses.size }
  }

  async batch(repeats: boolean): Promise<number> {
    this.#batch += 1
    const [{ store }] = this.#servers
    this.#alarms = await store.sql<{ id: AlarmId; fence: number }>(
      // Mostly those that are open.
      `select id, fence::integer from alarm order by handling = 'closed', id desc limit 6`,
    )
    const all: (() => Promise<unknown>)[] = [
      ...this.#times(2, 9, () => () => this.#command()),
      ...this.#times(0, 4, () => () => this.#press()),
      ...this.#times(0, repeats ? 1 : 0, () => () => this.#again()),
      ...this.#servers.map((server) => () => server.deadlines.runOnce().catch(ifAway)),
    ]
    await Promise.all(this.#shuffled(all).map((start) => start()))
    const chance = this.#random.uniform()
    // To just about a lease's end, to a park's, or a little on.
    const passes = chance < 0.2 ? this.#between(58_000, 62_000) : chance < 0.45 ? 10_100 : chance < 0.5 ? 300_000 : 0
    if (passes > 0) await store.passes(passes)
    return passes
  }

  /** The gateways resend what was not receipted until it is. */
  async settle(): Promise<void> {
    for (const press of this.presses.values()) if (!press.committed) await this.#send(press)
  }

  async #press(): Promise<void> {
    const [server] = this.#servers
    const kind = this.#one(KINDS)
    const count = this.#random.uniform() < 0.1 ? 24 : this.#between(1, 2)
    for (let n = 0; n < count; n++) {
      const event = server.press({
        ...kind,
        phase: kind.class !== 'life' && this.#random.uniform() < 0.3 ? 'returned' : 'raised',
        test: this.#random.uniform() < 0.2,
        // Mostly fresh; else from before whatever anybody did with it, or from between.
        elapsedMs: this.#one([5, 5, 5, 5, 61_000, 3_600_000]),
      })
      this.presses.set(event.message.id, { event, committed: false })
    }
    const made = [...this.presses.values()].slice(-count)
    await Promise.all(made.map((one) => this.#send(one)))
  }

  /** Sent once more although it is committed: by another way, or because a receipt was lost. */
  async #again(): Promise<void> {
    const any = this.#one([...this.presses.values()])
    if (any) await this.#send(any)
  }

  async #send(press: { readonly event: HeardEvent; committed: boolean }): Promise<void> {
    for (let tries = 0; tries < triesMax; tries++) {
      try {
        const [outcome] = await this.#one(this.#servers).intake.commit([press.event])
        if (outcome?.outcome === 'refused') this.wrong.push(`a press was refused: ${outcome.code}`)
        press.committed = true
        return
      } catch (error) {
        ifAway(error)
      }
    }
  }

  async #command(): Promise<void> {
    const alarm = this.#one(this.#alarms)
    if (!alarm) return
    this.#commands += 1
    const seat = this.#one(this.#seats)
    const batch = this.#batch
    const command = this.#anyCommand(alarm, seat)
    const nth = this.#commands
    const key = { centre: seat.centre, person: seat.person, key: `${nth}`, fingerprint: command.type }
    for (let tries = 0; tries < triesMax; tries++) {
      try {
        // A person whose answer was lost asks again, with the same key, whichever server is there.
        const { alarm: after, lease } = await this.#one(this.#servers).alarms.command(seat, alarm.id, command, key)
        if (lease) this.#tokens.set(`${seat.session} ${alarm.id}`, lease.token)
        const token = lease?.token ?? null
        this.answered.push({
          nth,
          batch,
          alarm: alarm.id,
          session: seat.session,
          command,
          version: after.version,
          token,
        })
        return
      } catch (error) {
        if (error instanceof DomainError && REFUSALS.has(error.code)) {
          this.refused[error.code] = (this.refused[error.code] ?? 0) + 1
          this.notDone.add(nth)
          return
        }
        ifAway(error)
      }
    }
    this.wrong.push(`${command.type} was never answered`)
  }

  #anyCommand({ id, fence }: { id: AlarmId; fence: number }, seat: PersonActor): Command {
    const text = `said by ${this.#commands}`
    const others = ['li', 'chen', 'zhou'].filter((person) => person !== seat.person)
    const own = this.#tokens.get(`${seat.session} ${id}`)
    const chance = this.#random.uniform()
    if (seat.role === 'supervisor' && chance < 0.3) return { type: 'takeover', reason: text }
    if (chance < 0.1) return { type: 'undo-close' }
    if (chance < 0.13) return { type: 'decline-offer' }
    if (chance < (own === undefined ? 0.9 : 0.3)) return { type: 'claim' }
    // Mostly the token one was given; sometimes one that was seen elsewhere, or that is long gone.
    const lease = this.#random.uniform() < 0.85 ? Number(own ?? fence) : fence - this.#between(-1, 2)
    const disposition = { code: 'genuine', cause: 'other', outcome: 'helped-at-home' } as const
    return this.#one<Command>([
      { type: 'renew', lease },
      { type: 'release', lease },
      { type: 'start', lease },
      { type: 'offer', lease, to: this.#one(others) as PersonId, note: text },
      { type: 'offer', lease, to: this.#one(others) as PersonId, note: text },
      { type: 'withdraw-offer', lease },
      { type: 'note', lease, text },
      { type: 'park', lease, for: minutes(this.#between(1, 5)), note: text },
      { type: 'dispatch', lease, responder: 'n1' },
      { type: 'close', lease, disposition, note: text },
      { type: 'close', lease, disposition, note: text },
    ])
  }

  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one<T>(of: readonly T[]): T {
    return of[this.#between(0, of.length - 1)] as T
  }
  #times<T>(low: number, high: number, make: () => T): T[] {
    return Array.from({ length: this.#between(low, high) }, make)
  }
  #shuffled = <T>(given: readonly T[]): T[] =>
    given
      .map((one) => ({ one, place: this.#random.uniform() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ one }) => one)
}

/** The store was away for a moment, or too much wanted the same row: that is what is being tried. Anything else is a fault. */
function ifAway(error: unknown): void {
  if (!(error instanceof DomainError) || !['store-unavailable', 'overloaded'].includes(error.code)) throw error
}
