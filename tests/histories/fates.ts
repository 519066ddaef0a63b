import { integerBetween, type Random } from '@anju/contract'
import { nextDeadline } from '../harness/story/server-in-hand.ts'
import { type Act, oneOf, type Weighted, weighted } from './draw.ts'
import { anyPolicy, POLICY, SCOPES } from './policies.ts'
import type { WorkingServer } from './working-server.ts'
import type { World } from './world.ts'

const serversMax = 3
/** How long a try is its server's alone. */
const leaseMs = 30_000

/** What befalls a centre, its providers, its servers and their database. */
export class Fates {
  readonly #world: World
  readonly #random: Random
  #policies = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** What changes about the centre, its providers and its people. */
  ofCentre(): Act {
    const { data, weather, phones, facts } = this.#world
    const sql =
      (text: string, ...values: unknown[]) =>
      async () =>
        void (await data.sql(text, values))
    return this.#weighted<() => Act>([
      [
        2,
        () => {
          const channel = this.#one(['sms', 'voice', 'push'] as const)
          const away = !weather.away.has(channel)
          return {
            said: `${channel} is ${away ? 'away' : 'back'}`,
            start: async () => void (away ? weather.away.add(channel) : weather.away.delete(channel)),
          }
        },
      ],
      [
        1,
        () => ({
          said: 'a provider’s answers are lost',
          start: async () => void (weather.answersLost += this.#between(1, 2)),
        }),
      ],
      [
        1,
        () => {
          const who = this.#one([...facts.numbers.keys()])
          const number = this.#one(facts.numbers.get(who) ?? [])
          return { said: `a number of ${who} dies: ${number}`, start: async () => phones.kill(number) }
        },
      ],
      [
        2,
        () => {
          const scope: { readonly type?: string; readonly class?: string; readonly home?: string } = this.#one([
            ...SCOPES,
            ...facts.homes.map(({ id }) => ({ home: id })),
          ])
          const policy = JSON.stringify(anyPolicy(this.#random))
          return {
            said: `a policy for ${JSON.stringify(scope)}: ${policy}`,
            start: sql(
              POLICY,
              `policy-${++this.#policies}`,
              scope.home ?? null,
              scope.type ?? null,
              scope.class ?? null,
              policy,
            ),
          }
        },
      ],
      [
        1,
        () => {
          const mode = this.#one(['away', 'hospital', 'test'])
          const { id } = this.#one(facts.homes)
          return { said: `${id} is ${mode}`, start: sql(MODE, mode, this.#between(1, 8), id) }
        },
      ],
      [3, () => this.#world.consoles.anyChange()],
    ])()
  }

  ofServers(): Act {
    const fates: Weighted<readonly [string, () => Promise<void>]> = [
      [3, ['a statement will be the last one of its connection', () => this.#breaks()]],
      [2, ['a server dies and another one starts', () => this.#diesAndIsReplaced()]],
      [2, ['a server dies in the middle of sending', () => this.#diesSending()]],
      [3, ['a server stands still', () => this.#oneStandsStill()]],
      [2, ['two servers stand still, one after the other, over the same attempts', () => this.#twoStandStill()]],
      [2, ['what stood still goes on', async () => this.#allGoOn()]],
      [1, ['all servers are down for a while', () => this.#allAreDown()]],
      [2, ['one more server, by a bad line', async () => this.#oneMore()]],
    ]
    const [said, start] = this.#weighted(fates)
    return { said, start }
  }

  async #breaks(): Promise<void> {
    await this.#world.recorder.crashAfter(this.#between(1, 40))
  }
  async #diesAndIsReplaced(): Promise<void> {
    await this.#world.dies(this.#one(this.#world.servers))
    this.#world.starts()
    this.#allGoOn()
  }
  async #diesSending(): Promise<void> {
    const one = this.#one(this.#world.working)
    await this.#atNextDeadline()
    await this.#standsStill(one)
    this.#world.starts()
    await this.#world.dies(one)
  }
  async #oneStandsStill(): Promise<void> {
    if (this.#world.servers.length < serversMax) this.#world.starts()
    else this.#allGoOn()
    await this.#atNextDeadline()
    await this.#standsStill(this.#one(this.#world.working))
  }
  /** What the first one hears at last is not true any more. */
  async #twoStandStill(): Promise<void> {
    this.#allGoOn()
    while (this.#world.servers.length < 2) this.#world.starts()
    const [one, other] = this.#world.servers as [WorkingServer, WorkingServer]
    this.#world.weather.refusals = this.#one([0, 1])
    await this.#atNextDeadline()
    await this.#standsStill(one)
    // So long that its leases are over, and nobody else has looked yet.
    await this.#world.passesUnattended(leaseMs + 1)
    await this.#standsStill(other)
    one.hold.goesOn()
    await one.turn()
    other.hold.goesOn()
  }
  async #allAreDown(): Promise<void> {
    const { servers } = this.#world
    while (servers[0]) await this.#world.dies(servers[0])
    await this.#world.passesUnattended(this.#one([2_000, leaseMs + 1, 70_000]))
    this.#world.starts()
  }
  #oneMore(): void {
    if (this.#world.servers.length < serversMax) this.#world.starts(true)
    this.#world.losesAnswers(this.#one([0, 0.03]))
  }

  /** When there is something to be sent. */
  async #atNextDeadline(): Promise<void> {
    const due = await nextDeadline(this.#world.data)
    if (due !== null && due - this.#world.now < 300_000) await this.#world.becomes(due)
  }
  /** In the middle of what it is sending: before it has asked the provider, or after. */
  async #standsStill(server: WorkingServer): Promise<void> {
    this.#world.weather.standsAfter = this.#random.uniform() < 0.6
    server.hold.stands()
    await server.take()
  }
  #allGoOn(): void {
    for (const { hold } of this.#world.servers) hold.goesOn()
  }

  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one = <T>(of: readonly T[]): T => oneOf(this.#random, of)
  #weighted = <T>(of: Weighted<T>): T => weighted(this.#random, of)
}

const MODE = `update home set mode = $1, mode_until = app_now() + $2 * interval '1 minute' where id = $3`
