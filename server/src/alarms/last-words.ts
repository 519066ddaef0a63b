import type { EventPhase, GatewayId, HomeId, Instant, PlacementId } from '@anju/contract'
import type { Transaction } from '../ports.ts'
import { episodeOf } from './episode-key.ts'
import type { NewEvent } from './events.ts'
import type { AlarmRecord } from './record.ts'

/** What the numbers of an event say about when it was said, and by whom. */
type Said = Pick<NewEvent, 'gateway' | 'lane' | 'episode' | 'phase' | 'boot' | 'seq' | 'heardAt'>

/**
 * The latest words about each episode, by their gateways' own numbers. Messages overtake each other on their way, also from one
 * batch to the next: a word that comes after a later one is an occurrence like any other, but it turns nothing. Between two
 * gateways nothing says what came first; there it is what came in first.
 */
export class LastWords {
  readonly #latest = new Map<string, Said>()

  constructor(said: readonly Said[] = []) {
    for (const one of said) this.note(one)
  }

  note(said: Said): void {
    const key = keyOf(said, said.phase)
    const before = this.#latest.get(key)
    if (!before || isBefore(before, said)) this.#latest.set(key, said)
  }

  /**
   * What this raises has ended already. Not where its gateway heard it after that end: then its numbers have begun anew (a new
   * disk), or its clock lies; and of the two mistakes, one hides that it burns.
   */
  isOver(raised: Said): boolean {
    const end = this.#latest.get(keyOf(raised, 'returned'))
    return end !== undefined && isBefore(raised, end) && raised.heardAt <= end.heardAt
  }

  /** What this ends has begun again since. */
  isOvertaken(returned: Said): boolean {
    const beginning = this.#latest.get(keyOf(returned, 'raised'))
    return beginning !== undefined && isBefore(returned, beginning)
  }
}

const keyOf = ({ gateway, lane, episode }: Said, phase: EventPhase) => `${gateway} ${lane} ${phase} ${episode}`
const isBefore = (one: Said, other: Said): boolean => (one.boot - other.boot || one.seq - other.seq) < 0

/** A press has no end, a record no alarm, and our own words have no numbers. */
export const mayEnd = ({ type, class: eventClass, own }: NewEvent): boolean =>
  type !== 'sos-pressed' && eventClass !== 'info' && !own

/** These alarms, unless a condition would turn, or stay, by what came in before: that is asked under locks, and not remembered. */
export function unlessItTurns(
  ending: readonly NewEvent[],
  open: readonly AlarmRecord[] | undefined,
): readonly AlarmRecord[] | undefined {
  if (ending.length === 0 || !open) return open
  const turned = new Set(open.filter((alarm) => alarm.condition !== 'active').map(episodeOf))
  return ending.some(({ phase, episode }) => phase === 'returned' || turned.has(episode)) ? undefined : open
}

/**
 * One after the other, also while no alarm is open that could be locked: an end and its beginning that two servers take in at
 * once must not miss each other. To be asked for before the alarms' rows, and by nobody else.
 */
export async function holdEpisodes(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await tx.query(
    `select pg_advisory_xact_lock(key) from (
       select distinct hashtextextended(episode, 27) as key from unnest($1::text[]) as given (episode) order by key
     ) as held`,
    [events.map(({ episode }) => episode)],
    'episodes-hold',
  )
}

interface Row {
  gateway: GatewayId
  lane: string
  home: HomeId
  placement: PlacementId
  type: string
  phase: EventPhase
  boot: number
  seq: number
  heardAt: Instant
}

/** What is stored of these events' episodes: of each gateway its latest end, and its latest beginning in the alarm that is open. */
export async function lastWords(tx: Transaction, events: readonly NewEvent[]): Promise<LastWords> {
  if (events.length === 0) return new LastWords()
  const episodes = new Map(events.map((event) => [`${event.gateway} ${event.lane} ${event.episode}`, event]))
  const given = [...episodes.values()]
  const rows = await tx.query<Row>(
    LAST,
    [
      given.map(({ gateway }) => gateway),
      given.map(({ lane }) => lane),
      given.map(({ home }) => home),
      given.map(({ placement }) => placement),
      given.map(({ type }) => type),
    ],
    'events-last-words',
  )
  return new LastWords(rows.map((row) => ({ ...row, episode: episodeOf(row) })))
}

const LATEST = (phase: EventPhase, also: string) => `(
    select phase, boot, seq, heard_at as "heardAt" from event
    where event.gateway = given.gateway and event.home = given.home and event.placement = given.placement
      and event.type = given.type and event.phase = '${phase}' and event.lane = given.lane
      and event.type <> 'sos-pressed' and event.class <> 'info' ${also}
    order by event.boot desc, event.seq desc limit 1)`
/**
 * The plan is made once and kept, often while the tables are still empty. Whichever tables a join would find small then are not
 * joined: the open alarm is looked up for each, and where there is none nothing is looked for in it.
 */
const LAST = `
  select given.*, last.*
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as given (gateway, lane, home, placement, type),
  lateral (select (
    select id from alarm where alarm.home = given.home and alarm.placement = given.placement and alarm.type = given.type
      and alarm.handling <> 'closed' limit 1) as alarm offset 0) as open,
  lateral (${LATEST('returned', '')} union all ${LATEST('raised', 'and open.alarm is not null and event.alarm = open.alarm')}) as last`
