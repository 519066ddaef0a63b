import { formatInstant, type GatewayId, integerBetween, type Random, seededRandom } from '@anju/contract'
import { ulid } from 'ulid'
import type { HeardEvent } from '../../server/src/ports.ts'
import { PLACES } from './centre.ts'
import { type Act, oneOf, type Weighted, weighted } from './draw.ts'
import { Fates } from './fates.ts'
import { persisting } from './passing.ts'
import { People } from './people.ts'
import { Telephones } from './telephones.ts'
import type { World } from './world.ts'

type Draw = () => Promise<Act | undefined> | Act | undefined

const KINDS = [
  { type: 'sos-pressed', class: 'life' },
  { type: 'sos-pressed', class: 'life' },
  { type: 'fall-detected', class: 'life' },
  { type: 'smoke', class: 'hazard' },
  { type: 'battery-low', class: 'technical' },
] as const

/** Draws what happens next, and lets it happen. Every draw comes from the seed alone and from what is there to be drawn from. */
export class Play {
  readonly people: People
  readonly telephones: Telephones
  /** Every press, and whether the centre has said that it has it. */
  readonly presses = new Map<string, { readonly event: HeardEvent; committed: boolean }>()
  /** What happened, to be read when something is wrong. */
  readonly said: string[] = []
  readonly counts: Record<string, number> = {}
  readonly #world: World
  readonly #random: Random
  readonly #fates: Fates
  #seq = 0

  constructor(world: World, seed: number) {
    this.#world = world
    this.#random = seededRandom(seed ^ 0x5eed)
    this.people = new People(world, this.#random)
    this.telephones = new Telephones(world, this.#random)
    this.#fates = new Fates(world, this.#random)
  }

  async step(): Promise<void> {
    const chance = this.#random.uniform()
    if (chance < 0.3) return this.#timePasses()
    if (chance < 0.42) return this.#batch()
    const draw = this.#weighted<Draw>([
      [5, () => this.#press()],
      [9, () => this.people.anyCommand()],
      [1, () => this.people.anyGoing()],
      [6, () => this.telephones.anyAnswer()],
      [5, () => this.telephones.anyCallback()],
      [5, () => this.#fates.ofCentre()],
      [3, () => this.#fates.ofServers()],
    ])
    const act = await draw()
    if (!act) return
    this.#says(act.said)
    await act.start()
    await this.#world.settles()
  }

  /** Whatever was wrong stops being so. */
  async calms(): Promise<void> {
    const { weather, recorder } = this.#world
    weather.away.clear()
    weather.answersLost = 0
    weather.refusals = 0
    this.#world.losesAnswers(0)
    await recorder.calm()
    for (const { hold } of this.#world.servers) hold.goesOn()
    for (const press of this.presses.values()) if (!press.committed) await this.#send(press)
    await this.#world.settles()
  }

  async #timePasses(): Promise<void> {
    const { now } = this.#world
    const due = await this.#world.data.sql<{ at: Date }>(DEADLINES)
    const chance = this.#random.uniform()
    const nth = due[this.#between(0, Math.min(3, due.length - 1))]
    const passed =
      chance < 0.55 && nth
        ? Math.max(1, nth.at.getTime() - now + this.#one([-1, 0, 0, 1]))
        : this.#one([100, 1_000, 5_000, 20_000, 45_000, 61_000, 180_000, 400_000])
    this.#says(`${passed} ms pass`)
    await this.#world.passes(Math.min(passed, 400_000))
  }

  /** Several things at once, while every server works. */
  async #batch(): Promise<void> {
    const draws: Weighted<Draw> = [
      [2, () => this.#press()],
      [5, () => this.people.anyCommand()],
      [1, () => this.people.anyGoing()],
      [4, () => this.telephones.anyAnswer()],
      [4, () => this.telephones.anyCallback()],
    ]
    const acts: Act[] = []
    for (let n = this.#between(2, 5); n > 0; n--) acts.push(...(await this.#drawn(draws)))
    // Most of it happens at the very moment at which something is due.
    const [next] = await this.#world.data.sql<{ at: Date }>(DEADLINES)
    const ms = next ? next.at.getTime() - this.#world.now : 0
    const { recorder } = this.#world
    if (ms > 0 && ms < 120_000 && this.#random.uniform() < 0.7)
      await this.#world.becomes((this.#world.now + ms) as World['now'])
    this.#says(`at once: ${acts.map(({ said }) => said).join('; ')}`)
    await recorder.pauses(this.#one([0, 4, 12]))
    const servers = this.#world.working.map((server) => server.turn())
    await Promise.all([...acts.map(({ start }) => start()), ...servers])
    await recorder.pauses(0)
    await this.#world.settles()
  }
  async #drawn(draws: Weighted<Draw>): Promise<Act[]> {
    const act = await this.#weighted(draws)()
    return act ? [act] : []
  }

  #press(): Act {
    const again = this.#random.uniform() < 0.1 ? this.#one([...this.presses.values()]) : undefined
    if (again) return { said: `${again.event.message.type} is sent once more`, start: () => this.#send(again) }
    const kind = this.#one(KINDS)
    const press = { event: this.#event(kind), committed: false }
    this.presses.set(press.event.message.id, press)
    const { data, type, subject } = press.event.message
    const said = `${data.test ? 'test of ' : ''}${type} ${data.phase} at ${subject} by ${press.event.gateway}`
    return { said, start: () => this.#send(press) }
  }

  #event({ type, class: eventClass }: (typeof KINDS)[number]): HeardEvent {
    const time = formatInstant(this.#world.now)
    const gateway = this.#one(this.#one(this.#world.facts.homes).gateways) as GatewayId
    // A gateway's newer rules may call the same thing graver: then it is handled so from there on.
    const graver = eventClass === 'technical' && this.#random.uniform() < 0.3
    const placement = this.#one(PLACES)
    const seq = ++this.#seq
    return {
      gateway,
      message: {
        specversion: '1.0',
        id: ulid(this.#world.now, () => this.#random.uniform()),
        type: `anju.${type}`,
        source: `/gateways/${gateway}`,
        subject: placement,
        time,
        data: {
          boot: 1,
          lane: eventClass === 'technical' ? 'technical' : 'life',
          seq,
          pendingFrom: 1,
          sentAt: time,
          class: graver ? 'life' : eventClass,
          device: placement,
          phase: type !== 'sos-pressed' && this.#random.uniform() < 0.25 ? 'returned' : 'raised',
          heardAt: time,
          storedAt: time,
          elapsedMs: this.#one([5, 5, 5, 90_000]),
          test: this.#random.uniform() < 0.2,
        },
      },
    }
  }

  /** As a gateway does: until it is receipted. */
  async #send(press: { readonly event: HeardEvent; committed: boolean }): Promise<void> {
    const [outcome] = await persisting(() => this.#world.anyServer().intake.commit([press.event]))
    if (outcome?.outcome === 'refused') throw new Error(`a press was refused: ${outcome.code}`)
    press.committed = true
  }

  #says(what: string): void {
    this.said.push(`+${this.#world.now - Date.parse('2026-02-28T18:10:00Z')} ms: ${what}`)
    const kind = what.replace(/ .*/, '')
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }
  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one = <T>(of: readonly T[]): T => oneOf(this.#random, of)
  #weighted = <T>(of: Weighted<T>): T => weighted(this.#random, of)
}

const DEADLINES = `
  select due as at from (
    select due_at as due from escalation union all select due_at from notification union all
    select until from alarm where handling in ('claimed', 'in-progress', 'parked') union all
    select closed_at + interval '60 seconds' from alarm union all
    select mode_until from home
  ) as given where due > app_now() order by due limit 6`
