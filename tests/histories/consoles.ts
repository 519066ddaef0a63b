import { type CentreId, integerBetween, type PersonId, type SessionId, seededRandom } from '@anju/contract'
import type { Watching } from '../../server/src/live/hub.ts'
import type { TestDatabase } from '../harness/postgres.ts'
import { type Act, oneOf } from './draw.ts'
import type { WorkingServer } from './working-server.ts'

const SEATS = [
  { person: 'li', centre: 'east' },
  { person: 'chen', centre: 'east' },
  { person: 'zhou', centre: 'east' },
  { person: 'wu', centre: 'west' },
].map(
  ({ person, centre }): Watching => ({
    centre: centre as CentreId,
    person: person as PersonId,
    session: `console-of-${person}` as SessionId,
  }),
)

/**
 * The consoles that are open, each at one server. A server that works writes every few seconds who looks at a queue there, and a
 * centre whose row grows old is looked at by nobody: so each written moment begins with what was written just before it.
 */
export class Consoles {
  /** How many were opened, died, and went on at another server because theirs was gone. */
  readonly counts = { consolesOpened: 0, consolesDied: 0, consolesMoved: 0 }
  readonly #working: () => readonly WorkingServer[]
  readonly #isThere: (server: WorkingServer) => boolean
  readonly #random
  readonly #open = new Map<Watching, WorkingServer>()
  /** Whose last console has gone since they wrote: they write that once more. */
  readonly #wrote = new Set<WorkingServer>()

  constructor(working: () => readonly WorkingServer[], isThere: (server: WorkingServer) => boolean, seed: number) {
    this.#working = working
    this.#isThere = isThere
    this.#random = seededRandom(seed ^ 0xc0)
  }

  /** At every third centre none is open at first. */
  async begin(): Promise<void> {
    for (const centre of ['east', 'west']) {
      const there = SEATS.filter((seat) => seat.centre === centre)
      if (this.#random.uniform() < 0.65)
        for (const seat of there.slice(0, integerBetween(this.#random, 1, there.length))) this.#opens(seat)
    }
    await this.renew()
  }

  /** Somebody opens theirs, or it dies; or nobody of a centre has one any more. What is drawn depends on the seed alone. */
  anyChange(): Act {
    const seat = oneOf(this.#random, SEATS)
    const dies = this.#random.uniform() < 0.3
    if (dies)
      return {
        said: `all consoles of ${seat.centre} die`,
        start: async () => this.#die([...this.#open.keys()].filter(({ centre }) => centre === seat.centre)),
      }
    return {
      said: `the console of ${seat.person} opens, or dies if it is open`,
      start: async () => {
        if (this.#open.has(seat)) return this.#die([seat])
        this.#opens(seat)
        // The first one of a centre is written down at once.
        await this.renew()
      },
    }
  }

  /** Called whenever time has passed: whoever works has renewed by then. Whose server is gone looks for another one. */
  async renew(): Promise<void> {
    for (const [seat, server] of this.#open) if (!this.#isThere(server)) this.#moves(seat)
    const all = Map.groupBy(this.#open, ([, server]) => server)
    const writing = this.#working().filter((server) => all.has(server) || this.#wrote.delete(server))
    await Promise.all(
      writing.map(async (server) => {
        const there = all.get(server) ?? []
        if (there.length > 0) this.#wrote.add(server)
        await server.watches(there.map(([seat]) => seat))
      }),
    )
  }

  /** To be asked when nothing stands still: who is there is who has a console open, and nobody is taken for there who has not. */
  async wrong(data: TestDatabase): Promise<string[]> {
    const rows = await data.sql<{ session: string }>(THERE)
    const [found, open] = [rows.map(({ session }) => session), [...this.#open.keys()].map(({ session }) => session)]
    return [
      ...found.filter((session) => !open.includes(session as SessionId)).map((one) => `${one} is there and not open`),
      ...open.filter((session) => !found.includes(session)).map((one) => `${one} is open and not there`),
    ]
  }

  #opens(seat: Watching): void {
    const working = this.#working()
    if (working.length === 0) return
    this.#open.set(seat, oneOf(this.#random, working))
    this.counts.consolesOpened += 1
  }
  #moves(seat: Watching): void {
    const working = this.#working()
    if (working.length === 0) return
    this.#open.set(seat, oneOf(this.#random, working))
    this.counts.consolesMoved += 1
  }
  #die(seats: readonly Watching[]): void {
    for (const seat of seats) this.#open.delete(seat)
    this.counts.consolesDied += seats.length
  }
}

const THERE = `select session from console_person join console_presence using (server, centre)
  where console_presence.at > app_now() - interval '20 seconds'`
