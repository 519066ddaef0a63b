import { integerBetween, type Random } from '@anju/contract'
import { type Act, oneOf, type Weighted, weighted } from './draw.ts'
import { anyPolicy, SCOPES } from './policies.ts'
import type { World } from './world.ts'

const serversMax = 3

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
    const { data, weather, phones, addresses, facts } = this.#world
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
          const who = this.#one([...facts.contacts, ...facts.responders, 'zhou', 'han'])
          return { said: `the number of ${who} dies`, start: async () => phones.kill(addresses.of(who, 'sms')) }
        },
      ],
      [
        2,
        () => {
          const scope: { readonly type?: string; readonly class?: string; readonly home?: string } = this.#one(SCOPES)
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
          return { said: `the home is ${mode}`, start: sql(MODE, mode, this.#between(1, 8)) }
        },
      ],
      [
        1,
        () => {
          const watched = this.#random.uniform() < 0.6
          return {
            said: `the consoles are ${watched ? 'there' : 'gone'}`,
            start: sql(
              `update console_presence set at = $1 where centre = 'east'`,
              watched ? '9999-01-01' : '2000-01-01',
            ),
          }
        },
      ],
    ])()
  }

  ofServers(): Act {
    const { servers, working, weather, recorder } = this.#world
    const world = this.#world
    return this.#weighted<() => Act>([
      [
        3,
        () => ({
          said: 'a statement will be the last one of its connection',
          start: () => recorder.crashAfter(this.#between(1, 40)).then(() => undefined),
        }),
      ],
      [
        2,
        () => ({
          said: 'a server dies and another one starts',
          start: async () => {
            await world.dies(this.#one(servers))
            world.starts()
            for (const server of world.servers) server.hold.goesOn()
          },
        }),
      ],
      [
        2,
        () => ({
          said: 'a server dies in the middle of sending',
          start: async () => {
            const one = this.#one(working)
            weather.standsAfter = this.#random.uniform() < 0.5
            one.hold.stands()
            await one.take()
            world.starts()
            await world.dies(one)
          },
        }),
      ],
      [
        3,
        () => ({
          said: 'a server stands still',
          start: async () => {
            if (servers.length < 2) world.starts()
            const one = this.#one(world.working)
            weather.standsAfter = this.#random.uniform() < 0.5
            if (world.working.length < 2) for (const { hold } of servers) hold.goesOn()
            one.hold.stands()
            await one.take()
          },
        }),
      ],
      [
        2,
        () => ({ said: 'what stood still goes on', start: async () => servers.forEach(({ hold }) => hold.goesOn()) }),
      ],
      [
        1,
        () => ({
          said: 'all servers are down for a while',
          start: async () => {
            while (servers[0]) await world.dies(servers[0])
            await world.passesUnattended(this.#one([2_000, 31_000, 70_000]))
            world.starts()
          },
        }),
      ],
      [
        2,
        () => ({
          said: 'one more server, by a bad line',
          start: async () => {
            if (servers.length < serversMax) world.starts(true)
            world.losesAnswers(this.#one([0, 0.03]))
          },
        }),
      ],
    ])()
  }

  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one = <T>(of: readonly T[]): T => oneOf(this.#random, of)
  #weighted = <T>(of: Weighted<T>): T => weighted(this.#random, of)
}

const POLICY = `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at) values ($1, 'east', $2, $3, $4, $5, app_now())
  on conflict on constraint escalation_policy_once do update
    set tracks = excluded.tracks, version = escalation_policy.version + 1, changed_at = excluded.changed_at`
const MODE = `update home set mode = $1, mode_until = app_now() + $2 * interval '1 minute'`
