import {
  type AlarmId,
  type CentreId,
  type EventId,
  type GatewayId,
  type HomeId,
  type Instant,
  instant,
  minutes,
  type PersonId,
  type PlacementId,
  type SessionId,
} from '@anju/contract'
import type { Disposition } from '@anju/contract/api'
import { applied } from '../../server/src/alarms/apply.ts'
import { episodeOf } from '../../server/src/alarms/episode-key.ts'
import type { NewEvent } from '../../server/src/alarms/events.ts'
import { fold } from '../../server/src/alarms/fold.ts'
import { LastWords } from '../../server/src/alarms/last-words.ts'
import type { AlarmRecord } from '../../server/src/alarms/record.ts'
import { handle, isHeld } from '../../server/src/domain/handling.ts'
import type { HandlingInput } from '../../server/src/domain/handling-input.ts'
import type { Act, ModelAlarm, Told, Who } from './alarm.model.ts'

const PLACE = { home: 'home-1' as HomeId, placement: 'bathroom-sos' as PlacementId, type: 'some-event' }
export const dispositionOf = (code: string): Disposition => ({
  code: code as Disposition['code'],
  cause: 'other',
  outcome: 'no-help-needed',
})

/** What is compared of an alarm, in words both sides have; the clock is heard before anybody looks. */
export interface Seen {
  readonly kind: ModelAlarm['kind']
  readonly graveness: string
  readonly condition: string
  readonly handling: string
  readonly owner: string | null
  readonly until: number | null
  readonly offer: string | null
  readonly fence: number
  readonly abandonedBy: string | null
  readonly disposition: string | null
  readonly closedAt: number | null
  readonly occurrences: number
  readonly firstAt: number
  readonly lastAt: number
  readonly ageMs: number
  readonly stuck: boolean
  readonly test: boolean
  readonly realerts: number
  readonly lates: number
  readonly quiet: number
  readonly rungs: string
}

export function seenOfModel(alarm: ModelAlarm, now: number): Seen {
  alarm.passes(now)
  const { handling, owner, left, held } = alarm
  return {
    kind: alarm.kind,
    graveness: alarm.graveness,
    condition: alarm.condition,
    handling,
    owner: owner?.session ?? null,
    until: held || handling === 'parked' ? alarm.until : null,
    offer: alarm.offer && `${alarm.offer.to} until ${alarm.offer.until}`,
    fence: alarm.fence,
    abandonedBy: handling === 'new' ? (left?.session ?? null) : null,
    disposition: alarm.disposition,
    closedAt: alarm.closedAt,
    occurrences: alarm.occurrences,
    firstAt: alarm.firstAt,
    lastAt: alarm.lastAt,
    ageMs: alarm.ageMs,
    stuck: alarm.stuck,
    test: alarm.test,
    realerts: alarm.realerts,
    lates: alarm.lates,
    quiet: alarm.quiet,
    rungs: [alarm.L4, alarm.L5, alarm.L6].join(' '),
  }
}

export function seenOfRecord(alarm: AlarmRecord, realerts: number, now: number): Seen {
  const settled = handle(alarm.case, { type: 'clock', now: instant(now) })
  if ('refused' in settled) throw new Error('the clock was refused')
  const { handling, fence } = settled.becomes
  const { episode, ladder } = alarm
  const offer = isHeld(handling) ? handling.offer : null
  const until = isHeld(handling) ? handling.lease.until : handling.at === 'parked' ? handling.until : null
  return {
    kind: alarm.type === 'button-stuck' ? 'its button' : 'the thing',
    graveness: alarm.case.class,
    condition: alarm.condition,
    handling: handling.at,
    owner: isHeld(handling) ? handling.lease.by.session : null,
    until,
    offer: offer && `${offer.to.person} until ${offer.until}`,
    fence,
    abandonedBy: handling.at === 'new' ? (handling.abandonedBy?.session ?? null) : null,
    disposition: handling.at === 'closed' ? handling.disposition.code : null,
    closedAt: handling.at === 'closed' ? handling.closedAt : null,
    occurrences: episode.occurrences,
    firstAt: episode.firstAt,
    lastAt: episode.lastAt,
    ageMs: episode.lateByMs,
    stuck: episode.stuck,
    test: episode.test,
    realerts,
    lates: episode.lateAgain?.times ?? 0,
    quiet: episode.lateAgain?.quiet ?? 0,
    rungs: [ladder.L4, ladder.L5, ladder.L6].join(' '),
  }
}

/** A command as the service hands it to the machine. */
export function inputOf({ person, session }: Who, said: Act, lease: number, at: number): HandlingInput {
  const by = { person: person as PersonId, name: person, session: session as SessionId }
  const now = instant(at)
  switch (said.act) {
    case 'claim':
    case 'undo-close':
    case 'decline-offer':
      return { type: said.act, by, now }
    case 'offer':
      return { type: said.act, by, now, lease, to: { person: said.to as PersonId, name: said.to }, note: null }
    case 'takeover':
      return { type: said.act, by, now, reason: 'shift ends' }
    case 'note':
      return { type: said.act, by, now, lease, text: 'spoke to her' }
    case 'park':
      return { type: said.act, by, now, lease, for: minutes(said.minutes), note: 'neighbour looks' }
    case 'contact':
      return { type: said.act, by, now, lease, contact: 'c1', reached: said.reached, outcome: 'reached' }
    case 'dispatch':
      return { type: said.act, by, now, lease, responder: 'n1' }
    case 'close':
      return { type: said.act, by, now, lease, disposition: dispositionOf(said.code), note: null }
    default:
      return { type: said.act, by, now, lease }
  }
}

/** The pure machines, put together as the intake and the service put them together, without a database. */
export class Machines {
  readonly alarms: AlarmRecord[] = []
  /** What must never be, by name. */
  readonly wrong: string[] = []
  readonly #realerts = new Map<string, number>()
  readonly #events: NewEvent[] = []
  #ids = 0

  tell(told: readonly Told[], now: number): void {
    const events = told.map((one) => this.#event(one))
    const open = this.alarms.filter(({ case: { handling } }) => handling.at !== 'closed')
    const folding = fold(
      events,
      open,
      instant(now),
      () => `alarm-${this.alarms.length}-${++this.#ids}` as AlarmId,
      () => 0,
      this.#said(open),
    )
    this.#events.push(...folding.events)
    for (const { alarm, kind } of folding.timeline)
      if (kind === 're-alerted') this.#realerts.set(alarm.id, (this.#realerts.get(alarm.id) ?? 0) + 1)
    for (const alarm of [...folding.changed, ...folding.recurred]) this.#replace(alarm)
    this.alarms.push(...folding.opened)
    for (const { alarm } of folding.events)
      if (alarm && !this.alarms.some(({ id }) => id === alarm))
        this.wrong.push('an event belongs to an alarm nobody has')
  }

  /** The code it was refused with, or nothing. */
  does(nth: number, who: Who, said: Act, lease: number, now: number): string {
    const before = this.alarms[nth]
    if (!before) return 'alarm-unknown'
    // The service asks this of the table before it asks the machine.
    const isOpenAgain = this.alarms.some(
      ({ type, case: { handling } }) => type === before.type && handling.at !== 'closed',
    )
    if (said.act === 'undo-close' && before.case.handling.at === 'closed' && isOpenAgain) return 'transition-refused'
    const decision = handle(before.case, inputOf(who, said, lease, now))
    if ('refused' in decision) return decision.refused
    this.#replace(applied(before, decision, instant(now)))
    return ''
  }

  /** As the deadline worker does: what it finds due is saved, and else is left alone. */
  deadlines(now: number): void {
    for (const before of this.alarms) {
      const decision = handle(before.case, { type: 'clock', now: instant(now) })
      if (!('refused' in decision) && decision.effects.length > 0)
        this.#replace(applied(before, decision, instant(now)))
    }
  }

  seen(now: number): Seen[] {
    return this.alarms.map((alarm) => seenOfRecord(alarm, this.#realerts.get(alarm.id) ?? 0, now))
  }

  /** As the table is asked: every end, and the beginnings of what is open. */
  #said(open: readonly AlarmRecord[]): LastWords {
    const isOpen = new Set(open.map(({ id }) => id))
    const events = this.#events.filter((event) => event.class !== 'info')
    return new LastWords(
      events.filter(({ phase, alarm }) => phase === 'returned' || (alarm !== null && isOpen.has(alarm))),
    )
  }

  #replace(alarm: AlarmRecord): void {
    const index = this.alarms.findIndex(({ id }) => id === alarm.id)
    const before = this.alarms[index]
    if (!before || alarm.version <= before.version) this.wrong.push('a version did not grow')
    this.alarms[index] = alarm
  }

  #event(told: Told): NewEvent {
    const seq = told.nth
    const heardAt = instant(told.heardAt)
    return {
      ...PLACE,
      key: `gw-1/${seq}`,
      episode: episodeOf(PLACE),
      gateway: 'gw-1' as GatewayId,
      own: false,
      urgent: false,
      id: String(seq) as EventId,
      centre: 'east' as CentreId,
      device: 'sos-1',
      class: told.graveness,
      phase: told.ended ? 'returned' : 'raised',
      boot: 1,
      lane: 'life',
      seq,
      occurredAt: told.occurredAt as Instant,
      heardAt,
      storedAt: heardAt,
      sentAt: heardAt,
      elapsedMs: told.ageMs,
      elapsedEstimated: false,
      test: told.test,
      snapshot: null,
      alarm: null,
    }
  }
}
