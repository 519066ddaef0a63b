import { type Instant, integerBetween, type Random, seededRandom } from '@anju/contract'
import { aDatabaseLine, type DatabaseLine } from '../harness/database-line.ts'
import { freshDatabase, type ServerUrls, type TestDatabase } from '../harness/postgres.ts'
import { Addresses } from '../harness/story/people.ts'
import { type Arrived, phones as openPhones, type Phones } from '../harness/story/phones.ts'
import { nextDeadline } from '../harness/story/server-in-hand.ts'
import { type Facts, furnish, instantText, START } from './centre.ts'
import { Consoles } from './consoles.ts'
import { aRecorder, type Recorder } from './recorded.ts'
import { Weather } from './weather.ts'
import { startServer, type WorkingServer } from './working-server.ts'

const turnsMax = 300
/** What is being sent and in nobody's hands after so many turns was lost with an answer; its lease will end. */
const turnsUntilLost = 6

/** One history's own database, telephones and servers. Its time moves only by `passes`. */
export class World {
  readonly data: TestDatabase
  readonly phones: Phones
  readonly addresses: Addresses
  readonly recorder: Recorder
  readonly facts: Facts
  readonly weather: Weather
  readonly servers: WorkingServer[] = []
  readonly consoles: Consoles
  /** What arrived anywhere, and when; never taken away. */
  readonly arrivals: { readonly message: Arrived; readonly at: Instant }[] = []
  now: Instant = START
  readonly #line: DatabaseLine
  readonly #random: Random
  readonly #caught: Set<string>[] = []
  #started = 0

  private constructor(
    given: Pick<World, 'data' | 'phones' | 'addresses' | 'recorder' | 'facts'>,
    line: DatabaseLine,
    random: Random,
    seed: number,
  ) {
    this.data = given.data
    this.phones = given.phones
    this.addresses = given.addresses
    this.recorder = given.recorder
    this.facts = given.facts
    this.#line = line
    this.#random = random
    this.weather = new Weather(() => this.now)
    this.consoles = new Consoles(
      () => this.working,
      (server) => this.servers.includes(server),
      seed,
    )
  }

  static async open(seed: number, urls?: ServerUrls): Promise<World> {
    const random = seededRandom(seed)
    const data = await freshDatabase(urls)
    await data.standsAt(instantText(START))
    const phones = await openPhones()
    const addresses = new Addresses(phones)
    const recorder = await aRecorder(data)
    const facts = await furnish(data, addresses, random)
    const world = new World(
      { data, phones, addresses, recorder, facts },
      await aDatabaseLine(data.url, random),
      random,
      seed,
    )
    world.starts()
    await world.consoles.begin()
    return world
  }

  /** One more server; `badly` connected: then answers of its database are lost now and then. */
  starts(badly = false): WorkingServer {
    const server = startServer({
      name: `server-${++this.#started}`,
      url: badly ? this.#line.url : this.data.url,
      adapters: (hold) => this.#adapters().map((adapter) => this.weather.over(adapter, hold)),
      now: () => this.now,
      random: this.#random,
    })
    this.#caught.push(server.hold.caught)
    this.servers.push(server)
    return server
  }
  /** Of the channels for which the centre has a provider. */
  #adapters = () => this.phones.adapters.filter(({ channel }) => this.facts.channels.has(channel))
  async dies(server: WorkingServer): Promise<void> {
    this.servers.splice(this.servers.indexOf(server), 1)
    await server.die()
  }
  losesAnswers(chance: number): void {
    this.#line.loses(chance)
  }
  get lost(): number {
    return this.#line.lost
  }
  get working(): WorkingServer[] {
    return this.servers.filter(({ hold }) => !hold.standing)
  }

  /** Whichever the network leads to; drawn apart from what happens, so that a retry changes nothing else. */
  anyServer(): WorkingServer {
    return this.working[integerBetween(this.#random, 0, this.working.length - 1)] as WorkingServer
  }

  /** Works off what is due at this very moment, on every server at once, until nothing is. */
  async settles(): Promise<void> {
    const lost = new Set<string>()
    for (let turn = 0, alone = 0; turn < turnsMax; turn++) {
      // What stood still and goes on has something in its hands that no row tells of.
      await Promise.all(this.working.map((server) => server.idle()))
      const { due, sending } = await this.#due()
      const caught = new Set(this.#caught.flatMap((ids) => [...ids]))
      const underWay = sending.filter((id) => !caught.has(id) && !lost.has(id))
      if (!due && underWay.length === 0) return this.#settled()
      alone = due ? 0 : alone + 1
      if (alone > turnsUntilLost) for (const id of underWay) lost.add(id)
      await Promise.all(this.working.map((server) => server.turn()))
    }
    throw new Error(`what is due does not come to an end: ${JSON.stringify(await this.#due())}`)
  }
  async #settled(): Promise<void> {
    this.looksAtPhones()
    await this.recorder.mark('settled')
  }
  looksAtPhones(): void {
    for (const message of this.phones.arrived.slice(this.arrivals.length)) this.arrivals.push({ message, at: this.now })
  }

  async #due(): Promise<{ due: boolean; sending: string[] }> {
    const [row] = await this.data.sql<{ due: boolean; sending: string[] }>(DUE)
    return row ?? { due: false, sending: [] }
  }

  /** So long, and everything that was due meanwhile, each at its own time. */
  async passes(ms: number): Promise<void> {
    const end = (this.now + ms) as Instant
    for (;;) {
      await this.settles()
      const due = await nextDeadline(this.data)
      if (due === null || due > end) break
      await this.becomes(due)
    }
    await this.becomes(end)
    await this.settles()
  }
  /** No server is there for so long: nothing is done, and nothing may be lost. */
  async passesUnattended(ms: number): Promise<void> {
    await this.recorder.mark('down')
    await this.becomes((this.now + ms) as Instant)
    await this.recorder.mark('up')
  }
  async becomes(now: Instant): Promise<void> {
    this.now = now
    await this.data.standsAt(instantText(now))
    await this.consoles.renew()
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map((server) => server.die()))
    await this.#line.end()
    await this.phones.close()
    await this.data.drop()
  }
}

/** A stand-down waits, due, for an asking of the same person that is on its way. */
const DUE = `select
    exists (select from escalation where due_at <= now)
      or exists (select from alarm where handling in ('claimed', 'in-progress', 'parked') and until <= now)
      or exists (select from home where mode_until <= now)
      or exists (select from notification as one where due_at <= now and not (purpose = 'stand-down' and exists (
        select from notification as asked where asked.alarm = one.alarm and asked.track = one.track and asked.purpose = 'alarm'
          and asked.recipient_kind = one.recipient_kind and asked.recipient = one.recipient and asked.sending))) as due,
    array(select id from notification where sending and due_at > now) as sending
  from (select app_now() as now) as clock`
