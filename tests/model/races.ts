import { type AlarmId, DomainError, integerBetween, minutes, type Random, seededRandom } from '@anju/contract'
import type { Command } from '../../server/src/alarms/service.ts'
import type { PersonActor } from '../../server/src/people/people.ts'
import type { HeardEvent } from '../../server/src/ports.ts'
import { type AlarmCentre, anAlarmCentre, type PressOptions } from '../harness/alarms.ts'
import { aDatabaseLine } from '../harness/database-line.ts'
import type { ServerUrls } from '../harness/postgres.ts'
import { aRecorder, type Recorder, type Written } from './committed.ts'
import { replay } from './replay.ts'

/** What a person was told had been done. */
interface Answered {
  readonly batch: number
  readonly alarm: AlarmId
  readonly session: string
  readonly command: Command
  readonly version: number
  readonly token: string | null
}
export interface Raced {
  readonly commands: number
  readonly answered: number
  readonly refused: Readonly<Record<string, number>>
  readonly presses: number
  readonly versions: number
  /** Connections that died in the middle of a transaction, and answers that were lost on the way. */
  readonly crashed: number
  readonly lost: number
  readonly wrong: readonly string[]
}

const REFUSALS = new Set([
  'claimed-by-other',
  'lease-stale',
  'alarm-closed',
  'alarm-not-closed',
  'undo-expired',
  'forbidden',
  'transition-refused',
  'overloaded',
])
const KINDS: readonly PressOptions[] = [
  { home: 1, type: 'sos-pressed', class: 'life' },
  { home: 2, type: 'smoke', class: 'hazard' },
  { home: 3, type: 'mains-lost', class: 'technical' },
]
const triesMax = 12

/** Two servers on one database, each with its deadlines; people, gateways, crashes and time all at once, in batches. */
export async function race(batches: number, seed: number, urls?: ServerUrls): Promise<Raced> {
  const random = seededRandom(seed)
  const one = await anAlarmCentre(urls ? { urls } : {})
  const recorder = await aRecorder(one.store)
  const line = await aDatabaseLine(one.store.url, random)
  const other = await anAlarmCentre({ store: one.store, url: line.url })
  try {
    const play = new Play([one, other], random)
    for (let batch = 0; batch < batches; batch++) {
      const calm = batch % 4 === 0 // without it a run could be all crashes
      await recorder.crashes(calm ? 0 : 0.02)
      line.loses(calm ? 0 : 0.02)
      await play.batch()
    }
    await recorder.crashes(0)
    line.loses(0)
    await play.settle()
    return { ...play.figures, lost: line.lost, ...(await judged(play, recorder, one)) }
  } finally {
    await other.close()
    await line.end()
    await one.close()
  }
}

class Play {
  readonly answered: Answered[] = []
  readonly refused: Record<string, number> = {}
  readonly wrong: string[] = []
  /** Every press ever made, and whether the centre has said it has it. */
  readonly presses = new Map<string, { readonly event: HeardEvent; committed: boolean }>()
  readonly #servers: readonly [AlarmCentre, AlarmCentre]
  readonly #random: Random
  readonly #seats: readonly PersonActor[]
  readonly #tokens = new Map<string, string>()
  #alarms: readonly { readonly id: AlarmId; readonly fence: number }[] = []
  #batch = 0
  #commands = 0

  constructor(servers: readonly [AlarmCentre, AlarmCentre], random: Random) {
    this.#servers = servers
    this.#random = random
    const [{ person }] = servers
    this.#seats = [
      person('li', 'operator', 'seat-1'),
      person('li', 'operator', 'seat-2'),
      person('chen', 'operator', 'seat-3'),
      person('zhou', 'supervisor', 'seat-4'),
    ]
  }

  get figures() {
    const { refused, answered, presses } = this
    return { commands: this.#commands, answered: answered.length, refused, presses: presses.size }
  }

  async batch(): Promise<void> {
    this.#batch += 1
    const [{ store }] = this.#servers
    this.#alarms = await store.sql<{ id: AlarmId; fence: number }>(
      // Mostly those that are open.
      `select id, fence::integer from alarm order by handling = 'closed', id desc limit 4`,
    )
    const all: (() => Promise<unknown>)[] = [
      ...this.#times(2, 9, () => () => this.#command()),
      ...this.#times(0, 4, () => () => this.#press()),
      ...this.#times(0, 1, () => () => this.#again()),
      ...this.#servers.map((server) => () => server.deadlines.runOnce().catch(ifAway)),
    ]
    await Promise.all(this.#shuffled(all).map((start) => start()))
    const chance = this.#random.uniform()
    // To just about a lease's end, to a park's, or a little on.
    const passes = chance < 0.25 ? this.#between(58_000, 62_000) : chance < 0.35 ? 10_100 : chance < 0.4 ? 300_000 : 0
    if (passes > 0) await store.passes(passes)
  }

  /** The gateways resend what was not receipted until it is. */
  async settle(): Promise<void> {
    for (const press of this.presses.values()) if (!press.committed) await this.#send(press)
  }

  async #press(): Promise<void> {
    const [{ press }] = this.#servers
    const kind = this.#one(KINDS)
    const count = this.#random.uniform() < 0.1 ? 24 : this.#between(1, 2)
    for (let n = 0; n < count; n++) {
      const event = press({
        ...kind,
        phase: kind.class !== 'life' && this.#random.uniform() < 0.3 ? 'returned' : 'raised',
        test: this.#random.uniform() < 0.2,
      })
      this.presses.set(event.message.id, { event, committed: false })
    }
    const made = [...this.presses.values()].slice(-count)
    await Promise.all(made.map((one) => this.#send(one)))
  }

  /** Sent once more although it is committed: by another way, or because a receipt was lost. */
  async #again(): Promise<void> {
    const any = this.#one([...this.presses.values()])
    if (any) await this.#send(any)
  }

  async #send(press: { readonly event: HeardEvent; committed: boolean }): Promise<void> {
    for (let tries = 0; tries < triesMax; tries++) {
      try {
        const [outcome] = await this.#one(this.#servers).intake.commit([press.event])
        if (outcome?.outcome === 'refused') this.wrong.push(`a press was refused: ${outcome.code}`)
        press.committed = true
        return
      } catch (error) {
        ifAway(error)
      }
    }
  }

  async #command(): Promise<void> {
    const alarm = this.#one(this.#alarms)
    if (!alarm) return
    this.#commands += 1
    const seat = this.#one(this.#seats)
    const batch = this.#batch
    const command = this.#anyCommand(alarm, seat, this.#commands)
    const key = { centre: seat.centre, person: seat.person, key: `${this.#commands}`, fingerprint: command.type }
    for (let tries = 0; tries < triesMax; tries++) {
      try {
        // A person whose answer was lost asks again, with the same key, whichever server is there.
        const { alarm: after, lease } = await this.#one(this.#servers).alarms.command(seat, alarm.id, command, key)
        if (lease) this.#tokens.set(`${seat.session} ${alarm.id}`, lease.token)
        const token = lease?.token ?? null
        this.answered.push({ batch, alarm: alarm.id, session: seat.session, command, version: after.version, token })
        return
      } catch (error) {
        if (error instanceof DomainError && REFUSALS.has(error.code)) {
          this.refused[error.code] = (this.refused[error.code] ?? 0) + 1
          return
        }
        ifAway(error)
      }
    }
  }

  #anyCommand({ id, fence }: { id: AlarmId; fence: number }, seat: PersonActor, nth: number): Command {
    const own = this.#tokens.get(`${seat.session} ${id}`)
    const chance = this.#random.uniform()
    if (seat.role === 'supervisor' && chance < 0.3) return { type: 'takeover', reason: 'shift ends' }
    if (chance < 0.1) return { type: 'undo-close' }
    if (chance < (own === undefined ? 0.9 : 0.3)) return { type: 'claim' }
    // Mostly the token one was given; sometimes one that was seen elsewhere, or that is long gone.
    const lease = this.#random.uniform() < 0.85 ? Number(own ?? fence) : fence - this.#between(-1, 2)
    const disposition = { code: 'genuine', cause: 'other', outcome: 'helped-at-home' } as const
    return this.#one<Command>([
      { type: 'renew', lease },
      { type: 'release', lease },
      { type: 'start', lease },
      { type: 'note', lease, text: `note ${nth}` },
      { type: 'park', lease, for: minutes(this.#between(1, 5)), note: 'neighbour looks' },
      { type: 'dispatch', lease, responder: 'n1' },
      { type: 'close', lease, disposition, note: null },
      { type: 'close', lease, disposition, note: 'all well' },
    ])
  }

  #between = (low: number, high: number): number => integerBetween(this.#random, low, high)
  #one<T>(of: readonly T[]): T {
    return of[this.#between(0, of.length - 1)] as T
  }
  #times<T>(low: number, high: number, make: () => T): T[] {
    return Array.from({ length: this.#between(low, high) }, make)
  }
  #shuffled = <T>(given: readonly T[]): T[] =>
    given
      .map((one) => ({ one, place: this.#random.uniform() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ one }) => one)
}

/** The store was away for a moment: that is what is being tried. Anything else is a fault. */
function ifAway(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== 'store-unavailable') throw error
}

/** Whether what was promised holds, by what the database has. */
async function judged(play: Play, recorder: Recorder, { store }: AlarmCentre) {
  const written = await recorder.written()
  const wrong = [...play.wrong, ...replay(written), ...versions(written), ...answers(play, written)]
  const stored = await store.sql<{ id: string; alarm: string | null; phase: string; class: string }>(
    'select event.id, alarm.id as alarm, phase, event.class from event left join alarm on alarm.id = event.alarm',
  )
  const events = new Map(stored.map((event) => [event.id, event]))
  // A return of what is not open belongs to no alarm; a press always does.
  for (const [id, { committed }] of play.presses) {
    const event = events.get(id)
    if (!committed || !event)
      wrong.push(`I1: press ${id} was ${committed ? 'receipted and is gone' : 'never taken in'}`)
    else if (event.phase === 'raised' && event.alarm === null) wrong.push(`I1: press ${id} is in no alarm`)
  }
  if (stored.length !== play.presses.size) wrong.push(`I1: ${stored.length} events of ${play.presses.size} presses`)
  const counted = await store.sql(
    `select id from alarm where type <> 'button-stuck'
       and occurrences <> (select count(*) from event where event.alarm = alarm.id and phase = 'raised')`,
  )
  if (counted.length > 0) wrong.push(`I1: ${counted.length} alarms have other occurrences than events`)
  const open = await store.sql(`select id from alarm where handling = 'closed' and (disposition is null or l6 is null)`)
  if (open.length > 0) wrong.push(`I6: ${open.length} closed alarms have no disposition`)
  const [last] = await store.sql<{ n: number }>(
    `select count(*)::integer as n from alarm join (
       select distinct on (alarm) alarm, (said->>'version')::bigint as version from committed where what = 'alarm' order by alarm, seq desc
     ) as latest on latest.alarm = alarm.id and latest.version = alarm.version`,
  )
  const [all] = await store.sql<{ n: number }>('select count(*)::integer as n from alarm')
  if (last?.n !== all?.n) wrong.push(`the record misses something: ${last?.n} of ${all?.n} alarms are as it says`)
  return { versions: written.filter(({ what }) => what === 'alarm').length, crashed: await recorder.crashed(), wrong }
}

/** I7: a version only grows. I2: a fence only grows, and belongs to one seat. */
function versions(written: readonly Written[]): string[] {
  const wrong: string[] = []
  const rows = written.filter(({ what }) => what === 'alarm')
  for (const [alarm, own] of Map.groupBy(rows, (row) => row.alarm)) {
    const owners = new Map<number, unknown>()
    let before = { version: 0, fence: 0, session: null as unknown }
    for (const { said } of own) {
      const [version, fence, session] = [Number(said['version']), Number(said['fence']), said['person_session']]
      const held = said['handling'] === 'claimed' || said['handling'] === 'in-progress'
      if (version <= before.version) wrong.push(`I7: alarm ${alarm} went from version ${before.version} to ${version}`)
      if (fence < before.fence) wrong.push(`I2: alarm ${alarm} went from fence ${before.fence} to ${fence}`)
      if (held && (owners.get(fence) ?? session) !== session)
        wrong.push(`I2: fence ${fence} of ${alarm} has two owners`)
      if (held) owners.set(fence, session)
      before = { version, fence, session }
    }
  }
  return wrong
}

/** What somebody was told had been done was done once, by them, with the token that held then, and after what was answered before. */
function answers({ answered }: Play, written: readonly Written[]): string[] {
  const wrong: string[] = []
  const rows = written.filter(({ what }) => what === 'alarm')
  const latest = new Map<string, { version: number; batch: number }>()
  const taken = new Set<string>()
  for (const { batch, alarm, session, command, version, token } of answered) {
    const told = `${command.type} by ${session}, version ${version} of ${alarm}`
    const own = rows.filter((row) => row.alarm === alarm)
    const at = own.findIndex(({ said }) => Number(said['version']) === version)
    const [row, before] = [own[at]?.said, own[at - 1]?.said]
    if (!row || !before) wrong.push(`answered and not there: ${told}`)
    else {
      if (row['person_session'] !== session) wrong.push(`somebody else’s: ${told}`)
      if (token !== null && token !== String(row['fence'])) wrong.push(`I2: another token than the row has: ${told}`)
      if ('lease' in command && command.lease !== Number(before['fence']))
        wrong.push(`I2: done with an old token: ${told}`)
    }
    if (taken.has(`${alarm} ${version}`)) wrong.push(`two acts are one version: ${told}`)
    taken.add(`${alarm} ${version}`)
    const last = latest.get(alarm)
    if (last && last.batch < batch && last.version >= version) wrong.push(`answered later and done earlier: ${told}`)
    if (!last || last.version < version) latest.set(alarm, { version, batch })
  }
  const notes = Map.groupBy(
    written.filter(({ what, said }) => what === 'timeline' && said['kind'] === 'noted'),
    ({ said }) => String(said['text']),
  )
  for (const [text, entries] of notes) if (entries.length > 1) wrong.push(`written ${entries.length} times: ${text}`)
  return wrong
}
