import { type AlarmId, DomainError, integerBetween, minutes, type PersonId, type Random } from '@anju/contract'
import type { Command } from '../../server/src/alarms/service.ts'
import type { Identity, PersonActor } from '../../server/src/people/people.ts'
import { identityOf } from '../harness/alarms.ts'
import { actorOf, HOME } from '../harness/story/people.ts'
import { STAFF } from './centre.ts'
import { persisting } from './passing.ts'
import type { World } from './world.ts'

/** What a person was told had been done. */
export interface Done {
  readonly alarm: AlarmId
  readonly session: string
  readonly command: Command
  /** The alarm's, by the answer. */
  readonly version: number
  readonly token: string | null
}
interface OpenAlarm {
  readonly id: AlarmId
  readonly home: string
  readonly handling: string
  readonly session: string | null
  readonly fence: number
  /** To whom its holder offers it. */
  readonly offered: string | null
}

const REFUSALS = new Set([
  'claimed-by-other',
  'lease-stale',
  'alarm-closed',
  'alarm-not-closed',
  'undo-expired',
  'forbidden',
  'transition-refused',
  'alarm-unknown',
])
const COLLEAGUES = ['li', 'chen', 'zhou'].map((name) => name as PersonId)
const CLOSED = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const

const seatOf = (name: string, session?: string): PersonActor =>
  actorOf(STAFF.find((one) => one.name === name) ?? { name, role: 'operator' }, session)

/** Who sits at consoles: they mostly do what makes sense, with the token they have; sometimes not. */
export class People {
  readonly done: Done[] = []
  readonly refused: Record<string, number> = {}
  readonly #world: World
  readonly #random: Random
  readonly #seats: readonly PersonActor[]
  readonly #tokens = new Map<string, number[]>()
  #commands = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
    this.#seats = [seatOf('li'), seatOf('li', 'another-seat-of-li'), seatOf('chen'), seatOf('zhou'), seatOf('wu')]
  }

  /** Drawn now, done when it is called: what is drawn does not depend on what happens meanwhile. */
  async anyCommand(): Promise<{ readonly said: string; readonly start: () => Promise<void> } | undefined> {
    const alarms = await this.#world.data.sql<OpenAlarm>(
      `select id, home, handling, person_session as session, fence::integer, offer::jsonb -> 'to' ->> 'person' as offered from alarm
       order by handling = 'closed', received_at desc, home, placement, type limit 5`,
    )
    const alarm = this.#one(alarms)
    if (!alarm) return undefined
    const { seat, command } = this.#sensible(alarm)
    return this.#act(seat, alarm.id, command)
  }

  /** Takes what is open over and closes it, whoever has it: an end for everything that is still going on. */
  async closeAll(): Promise<void> {
    const zhou = this.#seats[3] as PersonActor
    const open = await this.#world.data.sql<{ id: AlarmId }>(
      `select id from alarm where handling <> 'closed' order by id`,
    )
    for (const { id } of open) {
      await this.#act(zhou, id, { type: 'takeover', reason: 'the shift ends' }).start()
      const lease = this.#tokens.get(`${zhou.session} ${id}`)?.at(-1) ?? -1
      await this.#act(zhou, id, { type: 'close', disposition: CLOSED, note: null, lease }).start()
    }
  }

  /** A relative who is signed in says that they go, by an alarm that was shown to them; of another home none was, and they are refused. */
  async anyGoing(): Promise<{ readonly said: string; readonly start: () => Promise<void> } | undefined> {
    const alarms = await this.#world.data.sql<{ id: AlarmId; home: string }>(
      `select id, home from alarm where handling <> 'closed' order by received_at desc, home, placement, type limit 3`,
    )
    const alarm = this.#one(alarms)
    if (!alarm) return undefined
    const eta = this.#one([undefined, 1, 5])
    const who = identityOf({ ...actorOf({ name: 'mei', role: 'operator' }), role: 'family' }, HOME)
    return {
      said: `mei goes, by her app, to ${alarm.id.slice(-4)}`,
      start: () => this.#goes(who, alarm, eta),
    }
  }

  async #goes(who: Identity, { id, home }: Pick<OpenAlarm, 'id' | 'home'>, eta: number | undefined): Promise<void> {
    try {
      await persisting(() => this.#world.anyServer().answers.going(who, id, eta))
    } catch (error) {
      if (home === HOME || !(error instanceof DomainError) || error.code !== 'alarm-unknown') throw error
      this.refused[error.code] = (this.refused[error.code] ?? 0) + 1
      return
    }
    if (home !== HOME) throw new Error(`a relative of ${HOME} goes to an alarm of ${home}`)
  }

  #sensible(alarm: OpenAlarm): { seat: PersonActor; command: Command } {
    const anybody = this.#one(this.#seats)
    const [li, , , zhou] = this.#seats
    const chance = this.#random.uniform()
    if (chance < 0.1 && zhou) return { seat: zhou, command: { type: 'takeover', reason: 'somebody must' } }
    if (alarm.handling === 'closed')
      return { seat: chance < 0.7 ? this.#closer(alarm, anybody) : anybody, command: { type: 'undo-close' } }
    const holder = this.#seats.find(({ session }) => session === alarm.session)
    if (!holder || alarm.handling === 'new' || alarm.handling === 'parked')
      return chance < 0.85
        ? { seat: anybody, command: { type: 'claim' } }
        : { seat: li ?? anybody, command: this.#held(alarm, anybody, li) }
    const receiver = this.#seats.find(({ person }) => person === alarm.offered)
    if (receiver && chance < 0.5)
      return { seat: receiver, command: { type: chance < 0.42 ? 'claim' : 'decline-offer' } }
    return chance < 0.85
      ? { seat: holder, command: this.#held(alarm, holder) }
      : { seat: anybody, command: this.#held(alarm, anybody) }
  }
  #closer = ({ session }: OpenAlarm, otherwise: PersonActor): PersonActor =>
    this.#seats.find((seat) => seat.session === session) ?? otherwise

  /** With the token one was given last, mostly; now and then with one from before. `by`: who comes with it, if it is not them. */
  #held({ id, home }: OpenAlarm, { session, person }: PersonActor, by?: PersonActor): Command {
    const tokens = this.#tokens.get(`${session} ${id}`) ?? []
    const lease = this.#random.uniform() < 0.8 ? (tokens.at(-1) ?? -1) : (tokens.at(-2) ?? tokens.at(-1) ?? -1)
    const others = COLLEAGUES.filter((name) => name !== (by ?? { person }).person)
    const offer = { type: 'offer', lease, to: this.#one(others), note: 'the son comes' } as const
    return this.#one<Command>([
      { type: 'renew', lease },
      { type: 'renew', lease },
      { type: 'release', lease },
      { type: 'start', lease },
      offer,
      offer,
      { type: 'withdraw-offer', lease },
      { type: 'note', lease, text: 'spoke to her' },
      { type: 'park', lease, for: minutes(this.#between(1, 4)), note: 'the neighbour looks' },
      {
        type: 'contact',
        lease,
        contact: this.#world.facts.homes.find((one) => one.id === home)?.contacts[0] ?? '',
        reached: this.#random.uniform() < 0.5,
        outcome: 'reached',
      },
      { type: 'close', lease, disposition: CLOSED, note: null },
      { type: 'close', lease, disposition: CLOSED, note: null },
    ])
  }

  #act(seat: PersonActor, alarm: AlarmId, command: Command) {
    const nth = ++this.#commands
    const key = { centre: seat.centre, person: seat.person, key: `${nth}`, fingerprint: command.type }
    return {
      said: `${seat.session} ${command.type} ${alarm.slice(-4)}`,
      start: async () => {
        try {
          const answer = await persisting(() => this.#world.anyServer().alarms.command(seat, alarm, command, key))
          const { lease } = answer
          const own = `${seat.session} ${alarm}`
          if (lease && this.#tokens.get(own)?.at(-1) !== Number(lease.token))
            this.#tokens.set(own, [...(this.#tokens.get(own) ?? []), Number(lease.token)])
          this.done.push({
            alarm,
            session: seat.session,
            command,
            version: answer.alarm.version,
            token: lease?.token ?? null,
          })
        } catch (error) {
          if (!(error instanceof DomainError)) throw error
          // Of those here, nobody is a colleague of hers.
          const offersToStrangers = command.type === 'offer' && seat.person === 'wu'
          if (!REFUSALS.has(error.code) && !(offersToStrangers && error.code === 'person-unknown')) throw error
          this.refused[error.code] = (this.refused[error.code] ?? 0) + 1
        }
      },
    }
  }

  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one<T>(of: readonly T[]): T {
    return of[this.#between(0, of.length - 1)] as T
  }
}
