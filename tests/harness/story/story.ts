import {
  type AlarmId,
  type CentreId,
  formatInstant,
  type GatewayId,
  type HealthMessage,
  type Instant,
  type Millis,
  plus,
  seconds,
} from '@anju/contract'
import type { Alarm, AlarmDetail, AnswerView, EscalationPolicy, PolicyScope } from '@anju/contract/api'
import { ulid } from 'ulid'
import { identityOf } from '../alarms.ts'
import { freshDatabase, type TestDatabase } from '../postgres.ts'
import type { PickedUpBy } from '../providers/twilio.ts'
import { type Happening, heardOf } from './happening.ts'
import { STAFF, type StoryOptions } from './options.ts'
import { Addresses, actorOf, addContacts, addResponders, addStaff, HOME, type StoryStaff } from './people.ts'
import { type Arrived, phones as openPhones, type Phones, storyUrl } from './phones.ts'
import { addGateway, addHome, addStreet, writePolicy } from './places.ts'
import { Seat } from './seat.ts'
import { nextDeadline, type ServerInHand, startServer } from './server-in-hand.ts'

export { STAFF, type StoryOptions } from './options.ts'
export { refusalOf } from './seat.ts'

/** Well within a lease of 60 s; a browser does it every 15 s. */
const renewEvery = seconds(30)

/**
 * A home, its people and a centre, on a real PostgreSQL whose clock the test holds, with telephones behind real adapters. Every
 * expectation takes what it expected; what is left at the end was unexpected, and fails.
 */
export async function aStory(options: StoryOptions): Promise<Story> {
  const data = await freshDatabase()
  await data.standsAt(options.at)
  const phones = await openPhones(options)
  const staff = options.staff ?? STAFF
  const story = new Story(data, phones, { ...options, staff })
  await data.sql(`insert into centre (id, name) values ('east', 'East'), ('west', 'West'), ('north', 'North')`)
  if (options.nextCentre) await data.sql(`update centre set next_centre = 'west' where id = 'east'`)
  // Somebody sits at a console in both, all night.
  await data.sql(`insert into console_presence select 'consoles', id, '9999-01-01' from centre`)
  await addHome(data, options.timeZone ?? 'Asia/Shanghai')
  if (options.homes) await addStreet(data, options.homes)
  for (const gateway of options.gateways ?? []) await addGateway(data, gateway)
  await addStaff(data, staff, story.addresses)
  await addContacts(data, HOME, options.contacts ?? [], story.addresses)
  await addResponders(data, options.responders ?? [])
  if (options.policy) await story.policy({}, options.policy)
  return story
}

export class Story {
  readonly data: TestDatabase
  readonly phones: Phones
  readonly addresses: Addresses
  #server: ServerInHand
  readonly #seats = new Map<string, Seat>()
  readonly #staff: readonly StoryStaff[]
  readonly #hasGateways: boolean
  #seq = 0
  #passedMs = 0
  #pieces = 0
  #diesAfter = 0

  constructor(
    data: TestDatabase,
    phones: Phones,
    { gateways = [], staff = [] }: Pick<StoryOptions, 'gateways' | 'staff'>,
  ) {
    this.data = data
    this.phones = phones
    this.#staff = staff
    this.addresses = new Addresses(phones)
    this.#hasGateways = gateways.length > 0
    this.#server = this.#startServer()
  }

  // ── what happens ──

  /** A gateway's event of this moment, committed. Answers with the alarm it belongs to; undefined for a mere record. */
  async press(given: Happening = {}): Promise<AlarmId> {
    const [alarm] = await this.brings([given])
    return alarm as AlarmId
  }
  /** The same, by its name. */
  happens(type: string, given: Happening = {}): Promise<AlarmId> {
    return this.press({ placement: 'kitchen', ...given, type })
  }
  returns(type: string, given: Happening = {}): Promise<AlarmId> {
    return this.happens(type, { ...given, phase: 'returned' })
  }
  /** Several, committed in one batch, in this order. */
  async brings(given: readonly Happening[]): Promise<AlarmId[]> {
    const now = await this.now()
    const ids = given.map(({ id }) => id ?? ulid())
    const batch = given.map((one, index) => heardOf({ ...one, id: ids[index] ?? '' }, now, ++this.#seq))
    await this.#server.intake.commit(batch)
    await this.settle()
    const rows = await this.data.sql<{ id: string; alarm: AlarmId }>('select id, alarm from event where id = any($1)', [
      ids,
    ])
    return ids.map((id) => rows.find((row) => row.id === id)?.alarm as AlarmId)
  }

  /** The heartbeat of a gateway, and which of its devices it hears. */
  async hears(gateway: string, devices: readonly string[] = []): Promise<void> {
    const now = formatInstant(await this.now())
    const message: HealthMessage = {
      id: ulid(),
      boot: 1,
      seq: 1,
      sentAt: now,
      uptimeS: 60 + this.#passedMs / 1_000,
      queue: { life: 0, technical: 0, telemetry: 0 },
      clock: { synced: true, offsetMs: 0 },
      power: 'unknown',
      links: [],
      devices: devices.map((id) => ({ placement: id, id, profile: 'acme/button', state: 'heard', lastHeardAt: now })),
    }
    await this.#server.hears(gateway as GatewayId, message)
    await this.settle()
  }

  /** So long, and everything that was due meanwhile, each at its own time. Living browsers renew what they hold. */
  async passes(length: Millis): Promise<void> {
    let now = await this.now()
    const end = plus(now, length)
    for (;;) {
      await this.settle()
      const holding = [...this.#seats.values()].filter(({ renews }) => renews)
      for (const seat of holding) await seat.renew()
      if (now === end) return
      const due = (await nextDeadline(this.data)) ?? end
      const next = Math.min(due, end, holding.length > 0 ? now + renewEvery : end) as Instant
      this.#passedMs += next - now
      await this.data.standsAt(formatInstant(next))
      now = next
    }
  }

  /** The server dies and another one starts: nothing lives but the rows. */
  async restart(): Promise<void> {
    await this.#server.kill()
    this.#server = this.#startServer()
    await this.settle()
  }
  /** No server is there for so long: what is due meanwhile is found due when one is there again. */
  async isDownFor(length: Millis): Promise<void> {
    await this.#server.kill()
    await this.data.standsAt(formatInstant(plus(await this.now(), length)))
    this.#server = this.#startServer()
    await this.settle()
  }
  /** It will, once so many pieces of work are done from now on, wherever that is. */
  diesAfter(pieces: number): void {
    this.#diesAfter = this.#pieces + pieces
  }
  /** How many were done: what somebody did, and what the server made of it. */
  get pieces(): number {
    return this.#pieces
  }

  /** It dies as soon as the provider has what `doing` brings about, before the answer is heard; another one starts. */
  async diesDuring(doing: () => Promise<unknown>): Promise<void> {
    this.phones.next('silent')
    const reached = this.phones.arrival()
    const done = doing().catch(() => undefined)
    await reached
    await this.#server.crash()
    await done
    this.#server = this.#startServer()
    await this.settle()
  }

  /** Works off what is due at this very moment, until nothing is. */
  async settle(): Promise<void> {
    // What somebody did is committed; what follows from it is not yet.
    if (++this.#pieces === this.#diesAfter) return this.restart()
    for await (const _ of this.#server.work()) if (++this.#pieces === this.#diesAfter) return this.restart()
    void this.phones.arrived
  }

  async now(): Promise<Instant> {
    const [row] = await this.data.sql<{ now: Date }>('select app_now() as now')
    return (row?.now.getTime() ?? 0) as Instant
  }

  /** Writes a policy of `east`, or changes the one of this scope. */
  policy(scope: PolicyScope, tracks: EscalationPolicy): Promise<void> {
    return writePolicy(this.data, scope, tracks)
  }

  // ── what people do ──

  /** Somebody at a seat. `session` is another browser of the same person. */
  at(name: string, session?: string): Seat {
    const key = `${name} ${session ?? ''}`
    const staff = this.#staff.find((one) => one.name === name) ?? { name, role: 'operator' as const }
    const seat = this.#seats.get(key) ?? new Seat(this, actorOf(staff, session))
    this.#seats.set(key, seat)
    return seat
  }

  /** What the page behind a message's link says. */
  pageOf(message: Arrived): Promise<AnswerView> {
    return this.#server.answers.view(secretOf(message))
  }
  /** "I'm going", or that one cannot, by the link of a message. */
  async answers(message: Arrived, answer: 'going' | 'cannot' | 'seen', etaMinutes?: number): Promise<void> {
    await this.#server.answers.give(secretOf(message), { answer, ...(etaMinutes ? { etaMinutes } : {}) }, undefined)
    await this.settle()
  }

  /** The same by a relative who is signed in, asked or not. */
  async goes(name: string, alarm: AlarmId, etaMinutes: number): Promise<void> {
    const actor = { ...actorOf({ name, role: 'operator' }), role: 'family' as const }
    await this.#server.answers.going(identityOf(actor, HOME), alarm, etaMinutes)
    await this.settle()
  }

  /** Somebody, or something, picks up and listens to the end. */
  async picksUp(call: Arrived, by: PickedUpBy): Promise<void> {
    for (const reports of this.phones.pickUps(call, by)) {
      await this.#server.reports.apply(reports)
      await this.settle()
    }
  }
  /** A key pressed during a call: 1 goes, 2 cannot. */
  async presses(call: Arrived, digit: '1' | '2'): Promise<void> {
    await this.#server.reports.apply(this.phones.presses(call, digit))
    await this.settle()
  }

  /** A message in answer to one: its provider knows the number it comes from, and nothing else. */
  async writesBack(to: Arrived, body: string): Promise<void> {
    await this.#server.reports.apply(this.phones.reports(to, { Body: body, From: to.to }))
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

  /** Everything that has arrived and was not looked at yet, taken: `sms for daughter`. */
  takeAll(): string[] {
    return this.phones.arrived.splice(0).map((one) => `${one.channel} for ${this.addresses.whose(one)}`)
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
    return (await this.queue(centre)).map(({ id }) => id)
  }
  /** As its consoles show it, top first. */
  async queue(centre = 'east'): Promise<Alarm[]> {
    const reader = identityOf(actorOf({ name: 'reader', role: 'supervisor', centre }))
    return (await this.#server.queries.list(reader, {})).items
  }
  async modeOf(home: string = HOME): Promise<string> {
    const [row] = await this.data.sql<{ mode: string }>('select mode from home where id = $1', [home])
    return row?.mode ?? ''
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

  /** For those at the seats. */
  get server(): ServerInHand {
    return this.#server
  }

  #startServer(): ServerInHand {
    const outside = { passedMs: () => this.#passedMs, gateways: () => this.#hasGateways }
    return startServer(this.data.url, this.phones.adapters, outside)
  }
  #left(): string {
    const left = this.phones.arrived.map(
      (one) => `${one.channel} for ${this.addresses.whose(one)} (${one.says.slice(0, 60)})`,
    )
    return left.join('; ') || 'nothing'
  }
}

function secretOf({ answerUrl, channel }: Arrived): string {
  const secret = answerUrl?.slice(`${storyUrl}/a/`.length)
  if (!secret) throw new Error(`a ${channel} without a link cannot be answered by it`)
  return secret
}
