import type { Channel, Target } from '@anju/contract/api'
import type { Facts, Span } from './centre.ts'
import type { Recorded } from './recorded.ts'

interface WayThen {
  readonly owner: string
  readonly channel: Channel
  readonly address: string
  /** Each time at which it came, died or came back to life, in their order. */
  readonly turns: readonly { readonly at: number; readonly alive: boolean }[]
}
export interface Reached {
  readonly recipient: string
  readonly channel: Channel
  readonly address: string
}
/** Ways that certainly lived at a moment, and since when it had been these and no other ones. */
export interface LivingThen {
  readonly ways: readonly Reached[]
  /** So many others did not live. */
  readonly dead: number
  readonly since: number
}
/** For so long a centre's queue is looked at because a server has said so. */
const watchedForMs = 20_000
/** So many of those who can go there are asked at once; the others the next time. */
export const respondersAtOnceMax = 10

/** Whom a target would certainly have reached at a moment, by the rows and the plan of the shifts alone. */
export class Reach {
  readonly #facts: Facts
  readonly #ways = new Map<string, WayThen>()
  /** By server and centre: when it was written last, and since when without a gap. */
  readonly #watched = new Map<string, { readonly centre: string; readonly at: number; readonly since: number }>()
  #now = Number.NEGATIVE_INFINITY
  #next: { readonly centre: unknown; readonly since: number } = { centre: null, since: 0 }

  constructor(facts: Facts) {
    this.#facts = facts
  }

  /** What was written before is known: a row that nobody has renewed until now has grown old. */
  passes(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  learn({ what, said, at }: Recorded): void {
    this.passes(at)
    if (what === 'way') {
      const [id, alive] = [String(said['id']), said['dead_since'] === null]
      const before = this.#ways.get(id)?.turns ?? []
      if (before.at(-1)?.alive !== alive)
        this.#ways.set(id, {
          owner: `${String(said['owner_kind'])} ${String(said['owner'])}`,
          channel: said['channel'] as Channel,
          address: String(said['address']),
          turns: [...before, { at, alive }],
        })
    }
    if (what === 'console_presence') this.#looksAt(String(said['server']), String(said['centre']), Number(said['at']))
    if (what === 'centre' && said['id'] === 'east') this.#next = { centre: said['next_centre'], since: at }
  }

  /**
   * Whether these are somebody, on one of these channels, for certain: what changed at that very moment counts for nobody. `but`: who
   * is not asked any more. Of more than are asked at once nobody knows here whose turn it is: then somebody is only if there are so
   * many of them that whoever has it, one of them is among those.
   */
  finds(
    home: string,
    targets: readonly Target[],
    channels: readonly Channel[],
    at: number,
    but: ReadonlySet<string>,
  ): boolean {
    return targets.some((target) => {
      const found = this.#of(home, target, at).filter(
        ({ recipient, channel }) => channels.includes(channel) && !but.has(recipient),
      )
      const passedOver = target.to === 'responders' ? this.#facts.responders.length - respondersAtOnceMax : 0
      return new Set(found.map(({ recipient }) => recipient)).size > Math.max(0, passedOver)
    })
  }

  #of(home: string, target: Target, at: number): Reached[] {
    const console = this.#isWatched('east', at)
    switch (target.to) {
      case 'queue':
        return console ? [{ recipient: 'queue east', ...atConsole }] : []
      case 'supervisors': {
        const { supervisors, supervisorShift } = this.#facts
        const there = supervisorShift ? (during(supervisorShift.span, at) ? [supervisorShift.who] : []) : supervisors
        return there.flatMap((who) => [
          ...(console ? [{ recipient: `person ${who}`, ...atConsole }] : []),
          ...this.waysOf(`person ${who}`, at),
        ])
      }
      case 'shift': {
        const { who, span } = this.#facts.onCall
        return during(span, at) ? this.waysOf(`person ${who}`, at) : []
      }
      case 'contact':
        return this.waysOf(`contact ${this.#contactsOf(home)[target.position - 1]}`, at)
      case 'responders':
        return this.#facts.responders.flatMap((who) => this.waysOf(`responder ${who}`, at))
      case 'next-centre': {
        const { centre, since } = this.#next
        return typeof centre === 'string' && since < at && this.#isWatched(centre, at)
          ? [{ recipient: `centre ${centre}`, ...atConsole }]
          : []
      }
      default:
        return []
    }
  }

  /** Whoever could stand in at the centre, on duty or not, on any of their ways. */
  offDuty(at: number): Reached[] {
    const { supervisors, onCall } = this.#facts
    return [...supervisors, onCall.who].flatMap((who) => this.waysOf(`person ${who}`, at))
  }

  #looksAt(server: string, centre: string, at: number): void {
    const before = this.#watched.get(`${server} ${centre}`)
    const since = before && at < before.at + watchedForMs ? before.since : at
    this.#watched.set(`${server} ${centre}`, { centre, at, since })
  }
  /** For certain. Of what is to come it is only known how it stands now. */
  #isWatched(centre: string, at: number): boolean {
    return this.#lookingAt(centre, Math.min(at, this.#now)).some(({ since }) => since < at)
  }
  /** Somebody may be looking at this queue now; else certainly nobody is. */
  mayBeWatched = (centre: string, now: number): boolean => this.#lookingAt(centre, now).length > 0
  #lookingAt = (centre: string, at: number) =>
    [...this.#watched.values()].filter((one) => one.centre === centre && at < one.at + watchedForMs)
  /** The ways of one, by kind and id, that were certainly alive at a moment. */
  waysOf(owner: string, at: number): Reached[] {
    return [...this.#ways.values()].filter((way) => way.owner === owner && isAlive(way.turns.at(-1), at)).map(reachedBy)
  }

  /** Looked at from afterwards: undefined where any of them changed at that very moment. */
  livingThen(owner: string, channel: string, at: number): LivingThen | undefined {
    return this.#then((way) => way.owner === owner && way.channel === channel, at)
  }
  respondersThen(at: number): LivingThen | undefined {
    return this.#then((way) => way.owner.startsWith('responder '), at)
  }
  isDead(owner: string, channel: string, address: string, at: number): boolean {
    const then = this.#then((way) => way.owner === owner && way.channel === channel && way.address === address, at)
    return then !== undefined && then.dead > 0
  }
  #then(suits: (way: WayThen) => boolean, at: number): LivingThen | undefined {
    const all = [...this.#ways.values()].filter(suits)
    if (all.some(({ turns }) => turns.some((turn) => turn.at === at))) return undefined
    const then = all.flatMap((way) => {
      const last = way.turns.findLast((turn) => turn.at < at)
      return last ? [{ ...last, way }] : []
    })
    const living = then.filter(({ alive }) => alive)
    return {
      ways: living.map(({ way }) => reachedBy(way)),
      dead: then.length - living.length,
      since: Math.max(Number.NEGATIVE_INFINITY, ...then.map((one) => one.at)),
    }
  }
  /** Whether there may be more responders than are asked at once. */
  get isCrowd(): boolean {
    return this.#facts.responders.length > respondersAtOnceMax
  }
  isTheirs = (who: string, channel: string, address: string): boolean =>
    [...this.#ways.values()].some((way) => way.owner === who && way.channel === channel && way.address === address)
  /** Whoever is asked for this home and for no other one. */
  isOfAnotherHome = (who: string, home: string): boolean =>
    this.#facts.homes.some(
      ({ id, contacts, accounts }) =>
        id !== home &&
        [...contacts.map((name) => `contact ${name}`), ...accounts.map((name) => `person ${name}`)].includes(who),
    )
  #contactsOf = (home: string): readonly string[] => this.#facts.homes.find(({ id }) => id === home)?.contacts ?? []
}

const atConsole = { channel: 'console', address: '' } as const
const reachedBy = ({ owner, channel, address }: WayThen): Reached => ({ recipient: owner, channel, address })
const isAlive = (last: WayThen['turns'][number] | undefined, at: number): boolean =>
  last !== undefined && last.alive && last.at < at
const during = ({ from, to }: Span, at: number): boolean => from < at && at < to
