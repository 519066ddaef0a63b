import {
  type AlarmId,
  assertNever,
  between,
  CLASS_RANK,
  type EventClass,
  formatInstant,
  type Instant,
  plus,
  type Rung,
} from '@anju/contract'
import type { TimelineKind } from '@anju/contract/api'
import { condition } from '../domain/condition.ts'
import { holdFor } from '../domain/correlation.ts'
import { begin, type Episode, echoed, isEcho, isLate, recur } from '../domain/episode.ts'
import { handle, isHeld } from '../domain/handling.ts'
import { applied, EMPTY_LADDER, entriesOf } from './apply.ts'
import { episodeOf } from './episode-key.ts'
import type { NewEvent } from './events.ts'
import { LastWords } from './last-words.ts'
import type { AlarmRecord } from './record.ts'
import type { TimelineRow } from './repository.ts'

/** What a batch of events does to the open alarms. */
export interface Folding {
  readonly opened: readonly AlarmRecord[]
  /** Their handling or ladder changed, too. */
  readonly changed: readonly AlarmRecord[]
  /** Nothing but their episode changed. */
  readonly recurred: readonly AlarmRecord[]
  /** The events, each with the alarm it became an occurrence of. */
  readonly events: readonly NewEvent[]
  readonly timeline: readonly TimelineRow[]
  /** One item an alarm, whatever happened to it in this batch; its cause is the most telling one. Not of what is held back. */
  readonly told: readonly { readonly alarm: AlarmRecord; readonly cause: TimelineKind }[]
}

/** What a console should say about an alarm to which several things happened at once. */
const TELLING: readonly TimelineKind[] = [
  'raised',
  're-alerted',
  'unparked',
  'abandoned',
  'closed',
  'returned',
  'occurrence',
]

const STUCK = 'button-stuck'

/**
 * An age its gateway could only guess may be far too small (a power cut of days, a clock restored from disk): such an event is
 * at least as old as our own clock says. One that the gateway counted itself is believed, whatever its wall clock says.
 */
function aged(event: NewEvent, now: Instant): NewEvent {
  if (!event.elapsedEstimated) return event
  return { ...event, elapsedMs: Math.max(event.elapsedMs, between(event.heardAt, now)) }
}

/**
 * What a home's devices say while somebody tests there is taken for a test: it is shown and asks our own consoles, and nobody
 * is sent for. What was on its way since before then was in earnest, and so is our own word.
 */
const marked = (event: NewEvent, onTest: readonly string[]): NewEvent =>
  onTest.includes(event.home) && !event.own && !isLate(event.elapsedMs) ? { ...event, test: true } : event

/**
 * Pure: events in their gateway's order (boot, then sequence), open alarms, and the time; out comes what is to be written.
 * An event whose episode has an open alarm is one more occurrence of it; otherwise it opens one. Info is a record only.
 * `said`: what came in before and was said later, or the other way round.
 */
export function fold(
  events: readonly NewEvent[],
  open: readonly AlarmRecord[],
  now: Instant,
  newId: () => AlarmId,
  chance: () => number,
  said: LastWords = new LastWords(),
  onTest: readonly string[] = [],
): Folding {
  const alarms = new Map(open.map((alarm) => [episodeOf(alarm), alarm]))
  const opened = new Set<AlarmId>()
  const touched = new Map<AlarmId, { alarm: AlarmRecord; cause: TimelineKind | null }>()
  const timeline: TimelineRow[] = []
  const stored: NewEvent[] = []

  const keep = (episode: string, alarm: AlarmRecord, cause: TimelineKind | null): void => {
    touched.set(alarm.id, { alarm, cause: moreTelling(touched.get(alarm.id)?.cause ?? null, cause) })
    if (alarm.case.handling.at === 'closed') alarms.delete(episode)
    else alarms.set(episode, alarm)
  }
  const openOne = (alarm: AlarmRecord): AlarmRecord => {
    opened.add(alarm.id)
    keep(episodeOf(alarm), alarm, 'raised')
    return alarm
  }
  /** The condition is over; of a technical alarm that nobody holds the handling, too. */
  const end = (episode: string, alarm: AlarmRecord): void => {
    const decision = handle(alarm.case, { type: 'returned', now })
    if ('refused' in decision) return
    const entries = entriesOf(decision.effects, alarm, now)
    timeline.push(...entries)
    const ended = { ...applied(alarm, decision, now), condition: condition(alarm.condition, 'returned') }
    keep(episode, ended, entries.at(-1)?.kind ?? 'returned')
  }

  for (const given of inOrder(events)) {
    const event = marked(aged(given, now), onTest)
    const { episode } = event
    if (event.class === 'info') {
      stored.push(event)
      continue
    }
    const found = alarms.get(episode)
    const existing = found && atLeast(found, event.class)
    stored.push({ ...event, alarm: existing?.id ?? null })
    switch (event.phase) {
      case 'raised': {
        const over = said.isOver(event)
        if (!existing) {
          const alarm = openOne(openedBy(event, newId(), now, chance))
          stored[stored.length - 1] = { ...event, alarm: alarm.id }
          if (over) end(episode, alarm)
          break
        }
        if (isEcho(existing.episode, event, now)) {
          // Two gateways, one press: both events are kept, and nobody hears of it twice.
          keep(episode, { ...existing, version: existing.version + 1, episode: echoed(existing.episode, event) }, null)
          break
        }
        const { alarm, realert, becameStuck, entries } = again(existing, event, now, over)
        const shown = existing.heldUntil !== null && alarm.heldUntil === null
        timeline.push(...entries)
        keep(episode, alarm, shown ? 'raised' : realert ? 're-alerted' : 'occurrence')
        if (becameStuck && !alarms.has(episodeOf({ ...event, type: STUCK }))) openOne(stuck(alarm, newId(), now))
        break
      }
      case 'returned':
        // Closed before it ended, or begun again since: there is nothing left to say.
        if (existing && !said.isOvertaken(event)) end(episode, existing)
        break
      default:
        assertNever(event.phase)
    }
    said.note(event)
  }
  const before = new Map(open.map((alarm) => [alarm.id, alarm]))
  const [opening, recurred, changed] = [[], [], []] as AlarmRecord[][]
  for (const { alarm } of touched.values()) {
    const was = before.get(alarm.id)
    if (opened.has(alarm.id)) opening?.push(alarm)
    else if (onlyRecurred(was, alarm)) recurred?.push(alarm)
    else changed?.push(alarm)
  }
  return {
    opened: opening ?? [],
    changed: changed ?? [],
    recurred: recurred ?? [],
    events: stored,
    timeline,
    told: [...touched.values()].flatMap(({ alarm, cause }) =>
      cause === null || alarm.heldUntil !== null ? [] : [{ alarm, cause }],
    ),
  }
}

const moreTelling = (before: TimelineKind | null, cause: TimelineKind | null): TimelineKind | null =>
  before && (cause === null || TELLING.indexOf(before) < TELLING.indexOf(cause)) ? before : cause

/**
 * The first press in earnest of what was a test changes who is asked, and what is shown now was held back: both are more than
 * one more occurrence.
 */
const onlyRecurred = (before: AlarmRecord | undefined, after: AlarmRecord): boolean =>
  before?.case === after.case && before.episode.test === after.episode.test && before.heldUntil === after.heldUntil

/** What was once said to be graver is handled so from then on: a life event must not end in the queue of what closes itself. */
const atLeast = (alarm: AlarmRecord, said: EventClass): AlarmRecord =>
  CLASS_RANK[said] < CLASS_RANK[alarm.case.class] ? { ...alarm, case: { ...alarm.case, class: said } } : alarm

/**
 * Clocks lie after power cuts: within a gateway's lane, boot and sequence say what came first. Between gateways nothing does, so
 * each keeps the places its events came in; a sort of them all would take "nothing does" for "the same".
 */
function inOrder(events: readonly NewEvent[]): readonly NewEvent[] {
  const latest = new Map<string, NewEvent>()
  const sorted = events.every((event) => {
    const key = event.lane === 'life' ? event.gateway : `${event.gateway} ${event.lane}`
    const before = latest.get(key)
    latest.set(key, event)
    return before === undefined || bySequence(before, event) <= 0
  })
  if (sorted) return events
  const lanes = Map.groupBy(events, ({ gateway, lane }) => `${gateway} ${lane}`)
  for (const lane of lanes.values()) lane.sort(bySequence).reverse()
  return events.map((event) => lanes.get(`${event.gateway} ${event.lane}`)?.pop() ?? event)
}
const bySequence = (a: NewEvent, b: NewEvent): number => a.boot - b.boot || a.seq - b.seq

function openedBy(event: NewEvent, id: AlarmId, now: Instant, chance: () => number): AlarmRecord {
  const held = event.class === 'technical' ? holdFor(event.type, event.snapshot, chance) : null
  return {
    id,
    centre: event.centre,
    alsoCentres: [],
    home: event.home,
    placement: event.placement,
    type: event.type,
    version: 1,
    condition: 'active',
    case: { class: event.class, handling: { at: 'new', since: now, abandonedBy: null }, fence: 0 },
    episode: begin(event, now),
    receivedAt: now,
    urgent: event.urgent,
    heldUntil: held === null ? null : plus(now, held),
    parent: null,
    children: 0,
    gateway: event.own ? null : event.gateway,
    event: event.own ? null : event.id,
    ladder: { ...EMPTY_LADDER, L0: event.heardAt, L1: event.storedAt, L2: now },
  }
}

/** Beside the life alarm that stays open: somebody has to look at the button, too. */
function stuck(alarm: AlarmRecord, id: AlarmId, now: Instant): AlarmRecord {
  return {
    ...alarm,
    id,
    type: STUCK,
    version: 1,
    condition: 'active',
    case: { class: 'technical', handling: { at: 'new', since: now, abandonedBy: null }, fence: 0 },
    episode: begin(
      { gateway: '', occurredAt: alarm.episode.lastAt, heardAt: now, elapsedMs: 0, test: alarm.episode.test },
      now,
    ),
    receivedAt: now,
    urgent: false,
    heldUntil: null,
    parent: null,
    children: 0,
    gateway: null,
    event: null,
    ladder: { ...EMPTY_LADDER, L2: now } satisfies Record<Rung, Instant | null>,
  }
}

const noChance = () => 0
const lateness = ({ lateAgain }: Episode) =>
  lateAgain && { heardAt: formatInstant(lateAgain.heardAt), lateByS: lateAgain.byMs / 1_000 }

function again(existing: AlarmRecord, event: NewEvent, now: Instant, over: boolean) {
  const decision = handle(existing.case, { type: 'occurrence', now })
  if ('refused' in decision) throw new Error(`alarm ${existing.id} was locked as open and refused an occurrence`)
  const takenAt = isHeld(decision.becomes.handling) ? existing.ladder.L4 : null
  const { episode, realert, becameStuck } = recur(existing.episode, event, existing.case.class, now, takenAt)
  const alarm: AlarmRecord = {
    ...applied(existing, decision, now),
    episode,
    condition: over ? existing.condition : condition(existing.condition, 'raised'),
    // A battery that runs low meanwhile, or a graver word, ends the waiting.
    heldUntil:
      event.class === 'technical' && holdFor(event.type, event.snapshot, noChance) !== null ? existing.heldUntil : null,
    ...(event.own ? {} : { gateway: event.gateway, event: event.id }),
  }
  const entries: TimelineRow[] = entriesOf(decision.effects, alarm, now)
  if (realert)
    entries.push({
      alarm,
      at: now,
      kind: 're-alerted',
      by: null,
      text: null,
      detail: { occurrences: episode.occurrences, ...(isLate(event.elapsedMs) && lateness(episode)) },
    })
  return { alarm, realert, becameStuck, entries }
}
