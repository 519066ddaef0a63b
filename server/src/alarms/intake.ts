import {
  type CentreId,
  type Clock,
  DomainError,
  type EventId,
  formatInstant,
  type HomeId,
  type Instant,
  type Monotonic,
  type PlacementId,
  parseInstant,
  type Random,
  seconds,
} from '@anju/contract'
import type { Escalations } from '../escalation/ports.ts'
import type {
  Actor,
  Database,
  Downlink,
  EventIntake,
  EventOutcome,
  GatewayDirectory,
  HeardEvent,
  HomeOfGateway,
  LiveLog,
  Transaction,
} from '../ports.ts'
import { endAway, homeAgain, pressedHomes } from './away.ts'
import { episodeOf } from './episode-key.ts'
import { insertEvents, knownEvents, type NewEvent } from './events.ts'
import { type Folding, fold } from './fold.ts'
import { type Facts, type Place, RememberedFacts } from './home-facts.ts'
import { newAlarmId } from './ids.ts'
import { holdEpisodes, lastWords, mayEnd, unlessItTurns } from './last-words.ts'
import { type AlarmRecord, idsOf } from './record.ts'
import { RememberedAlarms } from './remembered.ts'
import { insertAlarms, tell, updateAlarms, updateRecurred } from './repository.ts'
import { seriousness } from './seriousness.ts'
import { append, toldOn } from './tell-consoles.ts'

const INGEST: Actor = { kind: 'system', part: 'ingest' }

export interface IntakeOptions {
  readonly database: Database
  readonly live: LiveLog
  readonly directory: Pick<GatewayDirectory, 'homeOf'>
  readonly downlink: Downlink
  readonly escalations: Escalations
  readonly clock: Clock
  readonly random: Random
}

/**
 * Events become occurrences of alarms: one transaction a batch, and a pure function decides. Where every alarm is remembered,
 * and nothing but one more occurrence happens to it, the batch is written in line, on the condition that the alarms are still
 * as they were. Everything else, and whatever that condition refuses, goes under locks: a first round trip asks (open alarms
 * locked, events already known, homes, the time), a second writes and commits.
 */
export function createIntake({
  database,
  live,
  directory,
  downlink,
  escalations,
  clock,
  random,
}: IntakeOptions): EventIntake {
  const newId = () => newAlarmId(clock, random)
  const chance = () => random.uniform()
  const remembered = new RememberedFacts(clock)
  const alarms = new RememberedAlarms()
  let lookUntil = clock.monotonic()
  let refreshing = false

  function lookAWhile(): void {
    lookUntil = (clock.monotonic() + lookFor) as Monotonic
  }

  /** Answered from memory for a gateway that was heard before; one without a home was given a placeholder when it registered. */
  function place(heard: HeardEvent): Placed | Promise<Placed> {
    if (heard.own) return placedIn(heard, heard.own.home)
    const home = directory.homeOf(heard.gateway)
    return home instanceof Promise ? home.then((found) => placedIn(heard, found)) : placedIn(heard, home)
  }

  function write(
    tx: Transaction,
    { recurred, changed, opened, events, timeline, told }: Folding,
    facts: Facts,
    before: readonly AlarmRecord[],
    returned: readonly { readonly home: HomeId; readonly centre: CentreId }[],
  ): void {
    const versions = new Map(before.map(({ id, version }) => [id, version]))
    // Updates first: an episode that closed itself and began again in one batch has one open alarm at every moment.
    updateRecurred(
      tx,
      recurred.map((alarm) => ({ alarm, before: versions.get(alarm.id) ?? 0 })),
    )
    updateAlarms(tx, changed)
    insertAlarms(tx, opened)
    // Of what is held back nobody hears yet.
    escalations.start(
      tx,
      [...opened, ...changed].filter(({ heldUntil }) => heldUntil === null),
    )
    escalations.wake(tx, idsOf(changed))
    // Whoever of the centre had said that they go said it of what had happened until then.
    escalations.wake(tx, idsOf(recurred.filter(({ episode }) => episode.realertedAt === facts.now && !episode.stuck)), [
      'centre',
    ])
    insertEvents(tx, events, facts.now)
    tell(tx, timeline)
    append(tx, live, [
      ...returned.map(({ home, centre }) => ({
        centre,
        item: { event: 'home' as const, home, data: { homeId: home, mode: 'home' } },
      })),
      ...told.flatMap(({ alarm, cause }) => toldOn(alarm, { cause }, facts)),
    ])
  }

  async function saveUnderLocks(
    tx: Transaction,
    events: readonly NewEvent[],
    lookForKnown: boolean,
  ): Promise<ReadonlySet<string>> {
    // What is known already is receipted, too: only when the disk has it, whoever wrote it.
    tx.unlocksEarly()
    const places = distinctPlaces(events)
    const ending = events.filter(mayEnd)
    // Sent together; the connection answers in order, so the time is read after the locks.
    const [, open, known, said, facts] = await Promise.all([
      holdEpisodes(tx, ending),
      alarms.lockOpen(tx, places),
      lookForKnown ? knownEvents(tx, events) : NONE,
      lastWords(tx, ending),
      remembered.of(tx, places, pressedHomes(events)),
    ])
    const fresh = events.filter((event) => !known.has(event.key))
    if (fresh.length === 0) return known
    const folding = fold(fresh, open, facts.now, newId, chance, said, facts.onTest)
    write(tx, folding, facts, open, await endAway(tx, homeAgain(facts.away, folding.events, facts.now)))
    tx.afterCommit(() => {
      alarms.committed([...folding.opened, ...folding.changed, ...folding.recurred])
      tellHomes(folding, facts.now)
    })
    return known
  }

  /**
   * False when these are not for the line, or were refused there; then nothing is saved. What is taken for granted is checked
   * in the same transaction: the time, that nobody is away, and that the alarms are still as they are remembered. Whether a home
   * is on test matters to no alarm here: one in earnest stays so, and one that would turn in earnest is for the locks.
   */
  async function savedInLine(events: readonly NewEvent[]): Promise<boolean> {
    const episodes = new Set<string>()
    for (const event of events) if (event.class !== 'info') episodes.add(event.episode)
    const ending = events.filter(mayEnd)
    const foldable = () => unlessItTurns(ending, alarms.openOf(episodes))
    if (!foldable()) return false
    const places = distinctPlaces(events)
    const { facts, ageing } = remembered.reckoned(places) ?? { facts: await asked(places), ageing: [] }
    const line = await database.inLine((tx) => {
      const open = foldable()
      const folding = open && fold(events, open, facts.now, newId, chance)
      if (!folding || folding.opened.length > 0 || folding.changed.length > 0) return false
      void tx.query('select as_reckoned($1, $2)', [facts.now, pressedHomes(events)], 'as-reckoned')
      write(tx, folding, facts, open, [])
      alarms.sent(folding.recurred)
      tx.afterCommit(() => alarms.saved(folding.recurred))
      tx.ifRefused(() => alarms.refused(folding.recurred))
      refreshSoon(ageing)
      return true
    })
    if (line.outcome === 'saved') return line.result
    remembered.forgetTime()
    if (line.taken === 'event_once') lookAWhile()
    return false
  }

  /** Resolves with the answer, and leaves the end of a transaction that only read to itself. */
  function asked(places: readonly Place[]): Promise<Facts> {
    return new Promise((resolve, reject) => {
      database.transaction(INGEST, async (tx) => resolve(await remembered.of(tx, places, []))).catch(reject)
    })
  }

  /** Beside the way of any event; what cannot be asked now is asked by the batch that needs it. */
  function refreshSoon(ageing: readonly Place[]): void {
    if (refreshing || ageing.length === 0) return
    refreshing = true
    void database
      .transaction(INGEST, (tx) => remembered.refresh(tx, ageing))
      .catch(() => undefined)
      .finally(() => {
        refreshing = false
      })
  }

  /** The home hears that the centre has it (L2): once an alarm, and only where somebody may be waiting for help. */
  function tellHomes({ opened }: Folding, now: Instant): void {
    for (const alarm of opened)
      if (alarm.gateway && alarm.event && alarm.case.class !== 'technical')
        downlink.send(alarm.gateway, 'handling', { event: alarm.event, rung: 'L2', at: formatInstant(now) })
  }

  /**
   * Repetitions are rare, and come in swarms when they come. So at first nobody looks for them: one breaks the event's key, the
   * batch is tried again and looks, and so do the batches of the next seconds.
   */
  async function saveAll(events: readonly NewEvent[]): Promise<ReadonlySet<string>> {
    let tries = 0
    if (clock.monotonic() >= lookUntil && (await savedInLine(events))) return NONE
    return database.transaction(INGEST, async (tx) => {
      if (tries++ > 0) lookAWhile()
      const known = await saveUnderLocks(tx, events, clock.monotonic() < lookUntil)
      if (known.size > 0) lookAWhile()
      return known
    })
  }

  return {
    async commit(batch) {
      const placing = batch.map(place)
      const placed: readonly Placed[] = atOnce(placing) ? placing : await Promise.all(placing.map(async (one) => one))
      const distinct = new Map<string, NewEvent>()
      for (const one of placed) if (!(one instanceof DomainError)) distinct.set(one.key, one)
      const known = distinct.size > 0 ? await saveAll([...distinct.values()]) : NONE
      const seen = new Set<string>()
      return placed.map((one, index): EventOutcome => {
        const id = batch[index]?.message.id as EventId
        if (one instanceof DomainError) return { event: id, outcome: 'refused', code: one.code }
        const duplicate = known.has(one.key) || seen.has(one.key)
        seen.add(one.key)
        return { event: id, outcome: duplicate ? 'duplicate' : 'committed' }
      })
    },
  }
}

const NONE: ReadonlySet<string> = new Set()
const lookFor = seconds(10)

type Placed = NewEvent | DomainError
const atOnce = (placing: readonly (Placed | Promise<Placed>)[]): placing is readonly Placed[] =>
  !placing.some((one) => one instanceof Promise)

const placedIn = (heard: HeardEvent, found: HomeOfGateway | undefined): Placed =>
  found
    ? eventOf(heard, found)
    : new DomainError('home-unknown', 'this gateway belongs to no home', { gateway: heard.gateway })

function eventOf({ gateway, message, own }: HeardEvent, { home, centre }: HomeOfGateway): NewEvent {
  const { data } = message
  const type = message.type.slice('anju.'.length)
  const placement = message.subject as PlacementId
  return {
    key: `${gateway}/${message.id}`,
    episode: episodeOf({ home, placement, type }),
    gateway,
    own: own !== undefined,
    urgent: own?.urgent ?? false,
    id: message.id as NewEvent['id'],
    centre,
    home,
    placement,
    device: data.device,
    type,
    class: seriousness(type, data.class),
    phase: data.phase ?? 'raised',
    boot: data.boot,
    lane: data.lane,
    seq: data.seq,
    occurredAt: parseInstant(message.time),
    heardAt: parseInstant(data.heardAt),
    storedAt: parseInstant(data.storedAt),
    sentAt: parseInstant(data.sentAt),
    elapsedMs: data.elapsedMs,
    elapsedEstimated: data.elapsedEstimated ?? false,
    test: data.test ?? false,
    snapshot: data.snapshot ?? null,
    alarm: null,
  }
}

function distinctPlaces(events: readonly NewEvent[]): Place[] {
  const distinct = new Map<string, Place>()
  for (const event of events) distinct.set(`${event.home}/${event.placement}`, event)
  return [...distinct.values()]
}
