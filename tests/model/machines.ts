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
import { type Folding, fold } from '../../server/src/alarms/fold.ts'
import { LastWords, mayEnd, unlessItTurns } from '../../server/src/alarms/last-words.ts'
import type { AlarmRecord } from '../../server/src/alarms/record.ts'
import { handle } from '../../server/src/domain/handling.ts'
import type { HandlingInput } from '../../server/src/domain/handling-input.ts'
import { type Seen, seenOfRecord } from './seen.ts'
import type { Act, Told, Who } from './words.ts'

const PLACE = { home: 'home-1' as HomeId, placement: 'bathroom-sos' as PlacementId, type: 'some-event' }
export const dispositionOf = (code: string): Disposition => ({
  code: code as Disposition['code'],
  cause: 'other',
  outcome: 'no-help-needed',
})

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

/** What one transaction is about to write, by what it has read; nothing of it is there before it is committed. */
export interface Judged {
  /** The code it is refused with, or nothing. */
  readonly refused: string
  /** The versions of all that it has read. */
  readonly read: readonly (readonly [AlarmId, number])[]
  /** Whether it has read that no other alarm is open. */
  readonly readAll: boolean
  /** It was not kept from going wrong by locks, and is sound only where it is written as it was read. */
  readonly inLine: boolean
  /** How many events there were, if it has read them. */
  readonly said: number | null
  readonly saved: readonly AlarmRecord[]
  /** Alarms to which nothing happened but more occurrences: what is written of them is less. */
  readonly recurred: readonly AlarmRecord[]
  readonly opened: readonly AlarmRecord[]
  readonly events: readonly NewEvent[]
  readonly realerted: readonly AlarmId[]
}
export const NOTHING: Judged = {
  refused: '',
  read: [],
  readAll: false,
  inLine: false,
  said: null,
  saved: [],
  recurred: [],
  opened: [],
  events: [],
  realerted: [],
}

/**
 * The pure machines, put together as the intake, the service and the deadlines put them together, without a database. Whatever is
 * judged is written only by `commits`, if at all, and only where all that it was judged by is still so.
 */
export class Machines {
  readonly alarms: AlarmRecord[] = []
  /** What must never be, by name. */
  readonly wrong: string[] = []
  readonly #realerts = new Map<string, number>()
  readonly #events: NewEvent[] = []
  #ids = 0

  /** As the intake does: in line, if the alarms that stand there are all it takes; else under the locks of whatever may turn. */
  tells(told: readonly Told[], now: number): Judged {
    const events = told.map((one) => this.#event(one))
    const open = this.alarms.filter(({ case: { handling } }) => handling.at !== 'closed')
    const newId = () => `alarm-${this.alarms.length}-${++this.#ids}` as AlarmId
    const own = open.filter((alarm) => events.some(({ episode }) => episode === episodeOf(alarm)))
    const known = unlessItTurns(events.filter(mayEnd), own)
    const inLine = known && fold(events, known, instant(now), newId, () => 0)
    if (inLine && inLine.opened.length === 0 && inLine.changed.length === 0)
      return { ...judgedBy(inLine), ...versionsOf(own), inLine: true }
    const folding = fold(events, open, instant(now), newId, () => 0, this.#saidOf(open))
    return { ...judgedBy(folding), ...versionsOf(open), readAll: true, said: this.#events.length }
  }

  does(nth: number, who: Who, said: Act, lease: number, now: number): Judged {
    const before = this.alarms[nth]
    if (!before) return { ...NOTHING, refused: 'alarm-unknown' }
    const isUndo = said.act === 'undo-close' && before.case.handling.at === 'closed'
    const judged = { ...NOTHING, ...versionsOf(isUndo ? this.alarms : [before]), readAll: isUndo }
    // The service asks this of the table before it asks the machine.
    const isOpenAgain = this.alarms.some(
      ({ type, case: { handling } }) => type === before.type && handling.at !== 'closed',
    )
    if (isUndo && isOpenAgain) return { ...judged, refused: 'transition-refused' }
    const decision = handle(before.case, inputOf(who, said, lease, now))
    if ('refused' in decision) return { ...judged, refused: decision.refused }
    return { ...judged, saved: [applied(before, decision, instant(now))] }
  }

  /** As the deadline worker does: what it finds due is saved, and else is left alone. */
  deadlines(now: number): Judged {
    const due = this.alarms.flatMap((before) => {
      const decision = handle(before.case, { type: 'clock', now: instant(now) })
      const isDue = !('refused' in decision) && decision.effects.length > 0
      return isDue ? [{ before, after: applied(before, decision, instant(now)) }] : []
    })
    return { ...NOTHING, ...versionsOf(due.map(({ before }) => before)), saved: due.map(({ after }) => after) }
  }

  /** False: something else was committed since it was judged, and it is to be judged again by what stands there now. */
  commits({ read, readAll, said, saved, recurred, opened, events, realerted }: Judged): boolean {
    if (said !== null && said !== this.#events.length) return false
    const versions = new Map(read)
    for (const { id, version, case: of } of this.alarms) {
      const isNew = readAll && of.handling.at !== 'closed' && !versions.has(id)
      if (isNew || (versions.get(id) ?? version) !== version) return false
    }
    for (const alarm of saved) this.#saves(alarm)
    for (const alarm of recurred) this.#recurs(alarm)
    this.alarms.push(...opened)
    this.#events.push(...events)
    for (const id of realerted) this.#realerts.set(id, (this.#realerts.get(id) ?? 0) + 1)
    for (const { alarm } of events)
      if (alarm && !this.alarms.some(({ id }) => id === alarm))
        this.wrong.push('an event belongs to an alarm nobody has')
    return true
  }

  seen(now: number): Seen[] {
    return this.alarms.map((alarm) => seenOfRecord(alarm, this.#realerts.get(alarm.id) ?? 0, now))
  }

  /** As the table is asked: every end, and the beginnings of what is open. */
  #saidOf(open: readonly AlarmRecord[]): LastWords {
    const isOpen = new Set(open.map(({ id }) => id))
    const events = this.#events.filter((event) => event.class !== 'info')
    return new LastWords(
      events.filter(({ phase, alarm }) => phase === 'returned' || (alarm !== null && isOpen.has(alarm))),
    )
  }

  #saves(alarm: AlarmRecord): void {
    const index = this.alarms.findIndex(({ id }) => id === alarm.id)
    const before = this.alarms[index]
    if (!before || alarm.version <= before.version) this.wrong.push('a version did not grow')
    this.alarms[index] = alarm
  }
  /** No column of its handling is written, and of its episode all but its first age. */
  #recurs({ id, version, condition, episode, gateway, event }: AlarmRecord): void {
    const before = this.alarms.find((one) => one.id === id)
    if (!before) return void this.wrong.push('an occurrence of nothing')
    const { lateByMs } = before.episode
    this.#saves({ ...before, version, condition, episode: { ...episode, lateByMs }, gateway, event })
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

const versionsOf = (alarms: readonly AlarmRecord[]) => ({
  read: alarms.map(({ id, version }) => [id, version] as const),
})
const judgedBy = ({ changed, recurred, opened, events, timeline }: Folding): Judged => ({
  ...NOTHING,
  saved: changed,
  recurred,
  opened,
  events,
  realerted: timeline.flatMap(({ alarm, kind }) => (kind === 're-alerted' ? [alarm.id] : [])),
})
