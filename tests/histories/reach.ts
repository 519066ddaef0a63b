import type { Channel, Target } from '@anju/contract/api'
import type { Facts, Span } from './centre.ts'
import type { Recorded } from './recorded.ts'

interface WayThen {
  readonly owner: string
  readonly channel: string
  readonly address: string
  readonly alive: boolean
  readonly since: number
}
export interface Reached {
  readonly recipient: string
  readonly channel: Channel
}

/** Whom a target would certainly have reached at a moment, by the rows and the plan of the shifts alone. */
export class Reach {
  readonly #facts: Facts
  readonly #ways = new Map<string, WayThen>()
  readonly #watched = new Map<string, { readonly is: boolean; readonly since: number }>()
  #next: { readonly centre: unknown; readonly since: number } = { centre: null, since: 0 }

  constructor(facts: Facts) {
    this.#facts = facts
  }

  learn({ what, said, at }: Recorded): void {
    if (what === 'way') {
      const [id, alive] = [String(said['id']), said['dead_since'] === null]
      const before = this.#ways.get(id)
      const { owner, channel, address } = said as Record<string, string>
      if (before?.alive !== alive)
        this.#ways.set(id, {
          owner: `${String(said['owner_kind'])} ${owner}`,
          channel: channel ?? '',
          address: address ?? '',
          alive,
          since: at,
        })
    }
    if (what === 'console_presence')
      this.#watched.set(String(said['centre']), { is: Number(said['at']) > at, since: at })
    if (what === 'centre' && said['id'] === 'east') this.#next = { centre: said['next_centre'], since: at }
  }

  /** Somebody of these, on one of these channels, for certain: what changed at that very moment counts for nobody. */
  surely(targets: readonly Target[], channels: readonly Channel[], at: number): Reached[] {
    return targets.flatMap((target) => this.#of(target, at)).filter(({ channel }) => channels.includes(channel))
  }

  #of(target: Target, at: number): Reached[] {
    const console = this.#isWatched('east', at)
    switch (target.to) {
      case 'queue':
        return console ? [{ recipient: 'queue east', channel: 'console' }] : []
      case 'supervisors': {
        const { supervisors, supervisorShift } = this.#facts
        const there = supervisorShift ? (during(supervisorShift.span, at) ? [supervisorShift.who] : []) : supervisors
        return there.flatMap((who) => [
          ...(console ? [{ recipient: `person ${who}`, channel: 'console' as const }] : []),
          ...this.waysOf(`person ${who}`, at),
        ])
      }
      case 'shift': {
        const { who, span } = this.#facts.onCall
        return during(span, at) ? this.waysOf(`person ${who}`, at) : []
      }
      case 'contact':
        return this.waysOf(`contact ${this.#facts.contacts[target.position - 1]}`, at)
      case 'responders':
        return this.#facts.responders.flatMap((who) => this.waysOf(`responder ${who}`, at))
      case 'next-centre': {
        const { centre, since } = this.#next
        return typeof centre === 'string' && since < at && this.#isWatched(centre, at)
          ? [{ recipient: `centre ${centre}`, channel: 'console' }]
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

  #isWatched(centre: string, at: number): boolean {
    const seen = this.#watched.get(centre)
    return seen !== undefined && seen.is && seen.since < at
  }
  /** The ways of one, by kind and id, that were certainly alive at a moment. */
  waysOf(owner: string, at: number): Reached[] {
    return [...this.#ways.values()]
      .filter((way) => way.owner === owner && way.alive && way.since < at)
      .map(({ channel }) => ({ recipient: owner, channel: channel as Channel }))
  }
}

const during = ({ from, to }: Span, at: number): boolean => from < at && at < to
