import { type AlarmId, type CentreId, formatInstant, type GatewayId, type Instant, type Millis } from '@anju/contract'
import type { AlarmDetail, EscalationPolicy } from '@anju/contract/api'
import { ulid } from 'ulid'
import type { Command } from '../../../server/src/alarms/service.ts'
import type { PersonActor } from '../../../server/src/people/people.ts'
import { identityOf } from '../alarms.ts'
import { freshDatabase, type TestDatabase } from '../postgres.ts'
import { Addresses, actorOf, addContacts, addStaff, HOME, type StoryContact, type StoryStaff } from './people.ts'
import { type Arrived, phones as openPhones, type Phones, storyUrl } from './phones.ts'
import { nextDeadline, type ServerInHand, startServer } from './server-in-hand.ts'

export interface StoryOptions {
  /** When it begins, with its offset: `2026-03-01T02:10:00+08:00`. Time stands still but for `passes`. */
  readonly at: string
  readonly timeZone?: string
  readonly contacts?: readonly StoryContact[]
  readonly staff?: readonly StoryStaff[]
  /** The centre's own; without it the standard one. */
  readonly policy?: EscalationPolicy
  /** Whether `east` has named `west` to stand in for it. */
  readonly nextCentre?: boolean
}
export interface PressOptions {
  readonly id?: string
  readonly type?: string
  readonly class?: 'life' | 'hazard' | 'technical' | 'info'
  readonly phase?: 'raised' | 'returned'
  readonly placement?: string
  readonly elapsedMs?: number
  readonly test?: boolean
  readonly gateway?: string
}

const STAFF: readonly StoryStaff[] = [
  { name: 'li', role: 'operator' },
  { name: 'chen', role: 'operator' },
  { name: 'zhou', role: 'supervisor' },
  { name: 'wu', role: 'operator', centre: 'west' },
]

/**
 * A home, its people and a centre, on a real PostgreSQL whose clock the test holds, with telephones behind real adapters. Every
 * expectation takes what it expected; what is left at the end was unexpected, and fails.
 */
export async function aStory(options: StoryOptions): Promise<Story> {
  const data = await freshDatabase()
  await data.standsAt(options.at)
  const phones = await openPhones()
  const story = new Story(data, phones)
  await data.sql(`insert into centre (id, name) values ('east', 'East'), ('west', 'West')`)
  if (options.nextCentre) await data.sql(`update centre set next_centre = 'west' where id = 'east'`)
  // Somebody sits at a console in both, all night.
  await data.sql(`insert into console_presence select 'consoles', id, '9999-01-01' from centre`)
  await data.sql(
    `insert into home (id, centre, name, address, time_zone) values ('home-1', 'east', 'Home 1', 'Street 1', $1)`,
    [options.timeZone ?? 'Asia/Shanghai'],
  )
  await data.sql(
    `insert into placement (home, id, centre, name) values ('home-1', 'bathroom-sos', 'east', 'Bathroom button')`,
  )
  await data.sql(
    `insert into resident (id, centre, home, name, access) values ('r1', 'east', 'home-1', 'Resident', '4711#')`,
  )
  await addStaff(data, options.staff ?? STAFF, story.addresses)
  await addContacts(data, HOME, options.contacts ?? [], story.addresses)
  if (options.policy)
    await data.sql(
      `insert into escalation_policy (id, centre, tracks, changed_at) values ('policy-1', 'east', $1, app_now())`,
      [JSON.stringify(options.policy)],
    )
  return story
}

export class Story {
  readonly data: TestDatabase
  readonly phones: Phones
  readonly addresses: Addresses
  #server: ServerInHand
  readonly #seats = new Map<string, Seat>()
  #seq = 0

  constructor(data: TestDatabase, phones: Phones) {
    this.data = data
    this.phones = phones
    this.addresses = new Addresses(phones)
    this.#server = startServer(data.url, phones.adapters)
  }

  // ── what happens ──

  /** A gateway's event of this moment, committed. Answers with the alarm it belongs to; undefined for a mere record. */
  async press(options: PressOptions = {}): Promise<AlarmId> {
    const id = options.id ?? ulid()
    const now = formatInstant(await this.now())
    const eventClass = options.class ?? 'life'
    const gateway = (options.gateway ?? 'gw-1') as GatewayId
    await this.#server.intake.commit([
      {
        gateway,
        message: {
          specversion: '1.0',
          id,
          type: `anju.${options.type ?? 'sos-pressed'}`,
          source: `/gateways/${gateway}`,
          subject: options.placement ?? 'bathroom-sos',
          time: now,
          data: {
            boot: 1,
            lane: eventClass === 'life' || eventClass === 'hazard' ? 'life' : 'technical',
            seq: ++this.#seq,
            pendingFrom: 1,
            sentAt: now,
            class: eventClass,
            device: options.placement ?? 'bathroom-sos',
            phase: options.phase ?? 'raised',
            heardAt: now,
            storedAt: now,
            elapsedMs: options.elapsedMs ?? 5,
            ...(options.test ? { test: true } : {}),
          },
        },
      },
    ])
    await this.settle()
    const [row] = await this.data.sql<{ alarm: AlarmId }>('select alarm from event where id = $1', [id])
    return row?.alarm as AlarmId
  }

  /** So long, and everything that was due meanwhile, each at its own time. */
  async passes(length: Millis): Promise<void> {
    const end = ((await this.now()) + length) as Instant
    for (;;) {
      await this.settle()
      const due = await nextDeadline(this.data)
      if (due === null || due > end) break
      await this.data.standsAt(formatInstant(due))
    }
    await this.data.standsAt(formatInstant(end))
    await this.settle()
  }

  /** The server dies and another one starts: nothing lives but the rows. */
  async restart(): Promise<void> {
    await this.#server.kill()
    this.#server = startServer(this.data.url, this.phones.adapters)
    await this.settle()
  }

  /** Works off what is due at this very moment, until nothing is. */
  async settle(): Promise<void> {
    await this.#server.settle()
    void this.phones.arrived
  }

  async now(): Promise<Instant> {
    const [row] = await this.data.sql<{ now: Date }>('select app_now() as now')
    return (row?.now.getTime() ?? 0) as Instant
  }

  // ── what people do ──

  /** Somebody at a seat. `session` is another browser of the same person. */
  at(name: string, session?: string): Seat {
    const key = `${name} ${session ?? ''}`
    const staff = STAFF.find((one) => one.name === name) ?? { name, role: 'operator' as const }
    const seat = this.#seats.get(key) ?? new Seat(this, () => this.#server, actorOf(staff, session))
    this.#seats.set(key, seat)
    return seat
  }

  /** "I'm going", or that one cannot, by the link of a message. */
  async answers(message: Arrived, answer: 'going' | 'cannot' | 'seen', etaMinutes?: number): Promise<void> {
    const secret = message.answerUrl?.slice(`${storyUrl}/a/`.length)
    if (!secret) throw new Error(`a ${message.channel} without a link cannot be answered by it`)
    await this.#server.answers.give(secret, { answer, ...(etaMinutes ? { etaMinutes } : {}) }, undefined)
    await this.settle()
  }

  /** A key pressed during a call: 1 goes, 2 cannot. */
  async presses(call: Arrived, digit: '1' | '2'): Promise<void> {
    await this.#server.reports.apply(this.phones.presses(call, digit))
    await this.settle()
  }

  /** What the provider says of a message or a call later, in its own words. */
  async says(of: Arrived, status: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const field = of.channel === 'sms' ? 'MessageStatus' : 'CallStatus'
    await this.#server.reports.apply(this.phones.reports(of, { [field]: status, ...more }))
    await this.settle()
  }

  // ── what is to be seen ──

  /** What has arrived there, taken; fails when nothing has, or something else was said. */
  async expect(channel: Arrived['channel'], name: string, says: RegExp = /./): Promise<Arrived> {
    const found = this.phones.take(channel, this.addresses.of(name, channel))
    if (!found) throw new Error(`no ${channel} for ${name}; there is ${this.#left()}`)
    if (!says.test(found.says)) throw new Error(`the ${channel} for ${name} says ${found.says}`)
    return found
  }

  /** Nothing has arrived anywhere that was not expected. */
  expectNothingElse(): void {
    if (this.phones.arrived.length > 0) throw new Error(`unexpected: ${this.#left()}`)
  }

  async alarm(id: AlarmId): Promise<AlarmDetail> {
    const reader = identityOf(actorOf({ name: 'reader', role: 'supervisor' }))
    return (await this.#server.queries.detail(reader, id)).detail
  }

  /** The log of an alarm, as words: kind, and who. */
  async log(id: AlarmId): Promise<string[]> {
    const { timeline } = await this.alarm(id)
    return timeline.map(({ kind, by }) => (by ? `${kind} by ${by.name}` : kind))
  }

  async queueOf(centre: string): Promise<string[]> {
    const reader = identityOf(actorOf({ name: 'reader', role: 'supervisor', centre }))
    const { items } = await this.#server.queries.list(reader, {})
    return items.map(({ id }) => id)
  }

  /** What the consoles of a centre were told of an alarm since the last look: the causes, in order. */
  told(centre: string, id: AlarmId): string[] {
    return this.#server.told(centre as CentreId, id)
  }

  /** Ends the story: whatever arrived and was not expected fails it. */
  async end(): Promise<void> {
    const left = this.#left()
    await this.#server.kill()
    await this.phones.close()
    await this.data.drop()
    if (left !== 'nothing') throw new Error(`unexpected: ${left}`)
  }

  #left(): string {
    const left = this.phones.arrived.map(
      (one) => `${one.channel} for ${this.addresses.whose(one)} (${one.says.slice(0, 60)})`,
    )
    return left.join('; ') || 'nothing'
  }
}

/** One person at one browser. */
export class Seat {
  readonly #story: Story
  readonly #server: () => ServerInHand
  readonly actor: PersonActor
  readonly #leases = new Map<AlarmId, number>()

  constructor(story: Story, server: () => ServerInHand, actor: PersonActor) {
    this.#story = story
    this.#server = server
    this.actor = actor
  }

  async claims(id: AlarmId): Promise<void> {
    await this.#does(id, { type: 'claim' })
  }
  async takesOver(id: AlarmId, reason: string): Promise<void> {
    await this.#does(id, { type: 'takeover', reason })
  }
  async undoesClose(id: AlarmId): Promise<void> {
    await this.#does(id, { type: 'undo-close' })
  }
  /** What needs the lease; the seat knows its own. */
  async does(id: AlarmId, command: Leased): Promise<void> {
    await this.#does(id, { ...command, lease: this.#leases.get(id) ?? -1 })
  }
  closes(id: AlarmId): Promise<void> {
    const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
    return this.does(id, { type: 'close', disposition, note: null })
  }

  async #does(id: AlarmId, command: Command): Promise<void> {
    const { lease } = await this.#server().alarms.command(this.actor, id, command)
    if (lease) this.#leases.set(id, Number(lease.token))
    await this.#story.settle()
  }
}
type Leased = Command extends infer One ? (One extends { readonly lease: number } ? Omit<One, 'lease'> : never) : never
