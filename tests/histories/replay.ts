import type { EscalationPolicy, TrackPolicy } from '@anju/contract/api'
import { STANDARD_POLICY, UNTIL_CONTACT } from '../../server/src/domain/escalation/standard.ts'
import type { Around } from './around.ts'
import type { Facts } from './centre.ts'
import { Reach } from './reach.ts'
import type { Recorded } from './recorded.ts'
import { LADDERED, type Row, whoOf } from './rows.ts'
import { Track } from './track.ts'
import { goesToDead, type Taken, turnsOf } from './turns.ts'

const SCOPES = ['home', 'type', 'class']
const breadth = (policy: Row): number => {
  const narrow = SCOPES.findIndex((scope) => policy[scope] !== null)
  return narrow < 0 ? SCOPES.length : narrow
}

interface Untold {
  readonly track: string
  readonly round: number
  readonly recipient: { readonly kind: string; readonly id: string }
}

/**
 * Goes once through everything that was written, in its order: who was asked, when, by which policy, and who was told to stay.
 * Answers with what was wrong, in words.
 */
export class Replay {
  readonly wrong: string[] = []
  /** Of whom the log says that they cannot be told to stay: alarm, track, who, and which of their stand-downs. */
  readonly untold = new Set<string>()
  readonly counts = {
    asked: 0,
    askedInVain: 0,
    stoodDown: 0,
    passedOn: 0,
    passedToOtherNumber: 0,
    untold: 0,
    rounds: 0,
    homesAtOnce: 0,
    otherNumbers: 0,
    nextResponders: 0,
    besideDead: 0,
    atConsoles: 0,
    withoutProvider: 0,
    queuePassedBy: 0,
  }
  readonly #reach: Reach
  readonly #facts: Facts
  readonly #around: Around
  readonly #alarms = new Map<string, Row>()
  readonly #tracks = new Map<string, Track>()
  /** There is one home. */
  readonly #families: Track[] = []
  readonly #policies = new Map<string, Row>()
  readonly #ledger = new Map<string, string>()
  readonly #told = new Set<string>()
  readonly #fences = new Map<string, unknown>()
  readonly #taken: Taken[] = []
  /** What was written of a track before it began, by that track. */
  readonly #early = new Map<string, Map<string, Row>>()
  #down: number | null = null
  readonly #outages: { readonly from: number; readonly to: number }[] = []

  constructor(facts: Facts) {
    this.#reach = new Reach(facts)
    this.#facts = facts
    const outageAt = (at: number) => this.#outages.find(({ from, to }) => from - 1_000 <= at && at < to)
    this.#around = {
      reach: this.#reach,
      servedFrom: (at) => outageAt(at)?.to ?? at,
      families: (home) => this.#families.filter(({ alarm }) => alarm['home'] === home),
      goingUnasked: (home) => this.#goingUnasked(home),
    }
  }

  play(rows: readonly Recorded[]): void {
    for (const one of rows) {
      this.#reach.passes(one.at)
      const own = [...this.#tracks]
        .filter(([key, { name }]) => name === 'family' || key.startsWith(`${one.alarm} `))
        .map(([, track]) => track)
      for (const track of own) track.looks(one.at)
      this.#write(one)
      for (const track of own) track.looks(one.at)
      this.#reach.learn(one)
    }
    for (const [key, track] of this.#tracks) {
      const [alarm = ''] = key.split(' ')
      this.counts.queuePassedBy += track.passedBy
      const { wrong, counts } = turnsOf(track, this.#reach)
      for (const one of wrong) this.#says(alarm, `${track.name}: ${one}`)
      for (const what of ['otherNumbers', 'nextResponders', 'besideDead'] as const) this.counts[what] += counts[what]
    }
    for (const one of this.#taken)
      if (goesToDead(one, this.#reach))
        this.#says(
          String(one.row['alarm']),
          `${whoOf(one.row)} is tried on ${String(one.row['address'])}, which was dead (${when(one.at)})`,
        )
  }
  track = (alarm: string, track: string): Track | undefined => this.#tracks.get(`${alarm} ${track}`)
  get tracks(): readonly (readonly [string, Track])[] {
    return [...this.#tracks]
  }

  #goingUnasked(home: string): Row[] {
    return [...this.#early].flatMap(([key, rows]) => {
      const [alarm = '', track] = key.split(' ')
      const row = this.#alarms.get(alarm)
      const counts = row && row['home'] === home && LADDERED.includes(String(row['class'])) && row['test'] !== true
      if (track !== 'family' || this.#tracks.has(key) || !counts) return []
      return [...rows.values()].filter((one) => one['state'] === 'accepted' && one['stood_down'] !== true)
    })
  }

  #write(one: Recorded): void {
    const { what, said, alarm, at } = one
    if (what === 'down') this.#down = at
    if (what === 'up' && this.#down !== null) this.#outages.push({ from: this.#down, to: at })
    if (what === 'settled') this.#settled(at)
    if (what === 'escalation_policy') this.#policies.set(String(said['id']), said)
    if (what === 'alarm') {
      const others = [...this.#alarms.values()].filter(({ handling }) => handling !== 'closed')
      if (one.fresh && others.some(({ home }) => home !== said['home'])) this.counts.homesAtOnce += 1
      this.#alarms.set(alarm, said)
      for (const [key, track] of this.#tracks) if (key.startsWith(`${alarm} `)) track.becomes(said, at)
      if (said['test'] === true && said['also_centres'] !== '') this.#says(alarm, 'I12: a test was handed on')
    }
    if (what === 'escalation') this.#escalates(one)
    if (what === 'notification') this.#notifies(one)
    if (what === 'timeline' && said['kind'] === 'untold') this.#untells(one)
  }

  /** Only after each of their ways that certainly lived was tried, or when it was too late for another. */
  #untells({ said, alarm, at }: Recorded): void {
    const { track: name, round, recipient } = said['detail'] as Untold
    const who = `${recipient.kind} ${recipient.id}`
    const key = `${alarm} ${name} ${who} ${round}`
    if (this.untold.has(key)) this.#says(alarm, `the log says twice that ${who} cannot be told to stay`)
    this.untold.add(key)
    this.counts.untold += 1
    const rows = this.track(alarm, name)?.standDowns(who) ?? []
    const isLate = rows.some((row) => Number(row['failed_at']) - Number(row['queued_at']) >= 30 * 60_000)
    const left = this.#reach
      .waysOf(who, at)
      .filter(({ channel, address }) => !rows.some((row) => row['channel'] === channel && row['address'] === address))
    if (!isLate && left.length > 0)
      this.#says(
        alarm,
        `I10: ${who} is given up with ${left.map(({ channel, address }) => `${channel} ${address}`).join()} left (${when(at)})`,
      )
  }

  /** A track begins by the policy of this moment, and keeps it. */
  #escalates({ said, alarm, fresh, at }: Recorded): void {
    const name = String(said['track']) as Track['name']
    const known = this.track(alarm, name)
    const policy = said['policy'] as TrackPolicy
    known?.looked(at)
    const row = this.#alarms.get(alarm)
    const changed = known !== undefined && JSON.stringify(known.policy) !== JSON.stringify(policy)
    // What became graver goes on by the graver policy of that moment; nothing else is changed under an alarm.
    if (changed && known.classThen === row?.['class']) this.#says(alarm, `its ${name} policy was changed under it`)
    if (!row || !(fresh || changed)) return
    const expected = this.#policyFor(row)?.[name]
    if (JSON.stringify(sorted(expected)) !== JSON.stringify(sorted(policy)))
      this.#says(alarm, `its ${name} track began by another policy than was in force`)
    if (known) {
      known.rises(policy, at)
      return
    }
    const key = `${alarm} ${name}`
    const early = [...(this.#early.get(key)?.values() ?? [])]
    const track = new Track(name, policy, row, at, this.#around, early)
    this.#tracks.set(key, track)
    if (name === 'family') this.#families.push(track)
  }

  /** The narrowest: the home’s, the type’s, the class’s, the centre’s own, else the standard one; for a technical alarm less. */
  #policyFor(alarm: Row): EscalationPolicy | undefined {
    const laddered = LADDERED.includes(String(alarm['class']))
    const [narrowest] = [...this.#policies.values()]
      .filter((policy) => SCOPES.every((scope) => policy[scope] === null || policy[scope] === alarm[scope]))
      .filter((policy) => laddered || policy['type'] !== null || policy['class'] !== null)
      .toSorted((a, b) => breadth(a) - breadth(b))
    if (!narrowest) return laddered ? STANDARD_POLICY : undefined
    // Whoever holds a grave one is watched over, whatever the centre has written.
    return { ...(laddered ? UNTIL_CONTACT : {}), ...(narrowest['tracks'] as EscalationPolicy) }
  }

  #notifies({ said, alarm, fresh, at, xact }: Recorded): void {
    const { purpose, track: name, round, step, channel } = said
    if (fresh) {
      const key = JSON.stringify([alarm, name, round, step, whoOf(said), channel, purpose])
      const same = this.#ledger.get(key)
      if (same !== undefined) this.#says(alarm, `I8: a second row of ${key}`)
      this.#ledger.set(key, String(said['id']))
      this.counts[purpose === 'alarm' ? 'asked' : 'stoodDown'] += 1
      if (said['why'] === 'no-provider') this.counts.askedInVain += 1
      const before = this.track(alarm, String(name))?.standDowns(whoOf(said)) ?? []
      const lost = purpose === 'stand-down' ? before.filter((row) => row['round'] === round) : []
      if (lost.length > 0) this.counts.passedOn += 1
      if (lost.some((row) => row['channel'] === channel)) this.counts.passedToOtherNumber += 1
      this.counts.rounds = Math.max(this.counts.rounds, purpose === 'alarm' ? Number(round) : 0)
      const { test, centre, home } = this.#alarms.get(alarm) ?? {}
      if (said['home'] !== home || this.#reach.isOfAnotherHome(whoOf(said), String(home)))
        this.#says(alarm, `${whoOf(said)} of another home is told of it, which is in ${String(home)}`)
      if (channel !== 'console' && !this.#reach.isTheirs(whoOf(said), String(channel), String(said['address'])))
        this.#says(alarm, `${String(channel)} ${String(said['address'])} is not of ${whoOf(said)}`)
      // Who works here may be asked whether it is one.
      const isAsked = name === 'long-lie' && said['recipient_kind'] === 'person'
      const outside =
        (channel !== 'console' && !isAsked) || said['recipient_kind'] === 'centre' || said['centre'] !== centre
      if (test === true && outside && said['address'] !== 'app')
        this.#says(alarm, `I12: a test asked ${whoOf(said)} by ${String(channel)}`)
    }
    if (fresh && purpose === 'alarm') this.#isAskable(said, alarm, at)
    const id = String(said['id'])
    if (said['sending'] === true && this.#fences.get(id) !== said['fence']) this.#taken.push({ row: said, at })
    this.#fences.set(id, said['fence'])
    const track = this.track(alarm, String(name))
    if (!track) {
      const key = `${alarm} ${String(name)}`
      this.#early.set(key, (this.#early.get(key) ?? new Map<string, Row>()).set(String(said['id']), said))
      return
    }
    if (fresh && purpose === 'alarm') this.#isInTime(alarm, track, at)
    for (const wrong of track.writes(said, fresh, at, xact)) this.#says(alarm, `${track.name}: ${wrong} (${when(at)})`)
  }

  /** Nobody waits at a console at which nobody looks, nor for a provider that there is not. */
  #isAskable(said: Row, alarm: string, at: number): void {
    const [channel, address] = [String(said['channel']), String(said['address'])]
    if (address === 'app') return
    if (channel === 'console') {
      this.counts.atConsoles += 1
      if (!this.#reach.mayBeWatched(address, at))
        this.#says(alarm, `${whoOf(said)} is asked at the consoles of ${address}, at which nobody looks (${when(at)})`)
      return
    }
    const isInVain = !this.#facts.channels.has(channel)
    if (isInVain && channel !== 'wechat') this.counts.withoutProvider += 1
    if (isInVain !== (said['why'] === 'no-provider' && said['state'] === 'failed'))
      this.#says(alarm, `${whoOf(said)} is asked by ${channel}: ${String(said['state'])}, ${String(said['why'])}`)
  }

  #settled(now: number): void {
    for (const [id, alarm] of this.#alarms) {
      const laddered = LADDERED.includes(String(alarm['class']))
      if (laddered && alarm['handling'] === 'new' && !this.track(id, 'centre'))
        this.#says(id, 'I3: nobody is ever asked about it')
    }
    for (const [key, track] of this.#tracks) {
      const [alarm = ''] = key.split(' ')
      track.looks(now)
      this.#isInTime(alarm, track, now)
      const over = track.isOver(now)
      for (const who of track.untold(now))
        this.#says(
          alarm,
          `I10: ${track.name}: ${who} was told to go and not told that ${over ? 'it is over' : 'somebody else goes'} (${when(now)})`,
        )
      for (const row of track.waiting(now))
        this.#says(
          alarm,
          `${track.name}: ${whoOf(row)} is still to be asked by ${String(row['channel'])} although somebody has it (${when(now)})`,
        )
    }
  }

  #isInTime(alarm: string, track: Track, now: number): void {
    if (!LADDERED.includes(String(track.alarm['class']))) return
    const due = track.isLate(now)
    if (due !== null)
      this.#says(alarm, `I3: ${track.name}: somebody was to be asked at ${when(due)}; it is ${when(now)}`)
  }

  /** Once: what follows from something wrong only repeats it. */
  #says(alarm: string, what: string): void {
    const key = `${alarm} ${what.replace(/[\d(].*/, '')}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.wrong.push(`alarm …${alarm.slice(-4)}: ${what}`)
  }
}

const when = (at: number): string => `+${at - Date.parse('2026-02-28T18:10:00Z')} ms`
/** A jsonb’s keys have an order of their own. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )
      : value
