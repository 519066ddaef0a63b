import {
  type AlarmId,
  assertNever,
  type CentreId,
  type EventClass,
  type EventId,
  type GatewayId,
  type HomeId,
  type Instant,
  invariant,
  type PersonId,
  type PlacementId,
  type Rung,
  type SessionId,
} from '@anju/contract'
import type { Condition, Disposition, HandlingState } from '@anju/contract/api'
import type { Episode, HeardBy, LateAgain } from '../domain/episode.ts'
import type { Case, Handling } from '../domain/handling.ts'
import type { Claimant } from '../domain/lease.ts'
import type { Offer } from '../domain/offer.ts'

/** One alarm as the domain sees it; `alarm` is its table. */
export interface AlarmRecord {
  readonly id: AlarmId
  readonly centre: CentreId
  /** Those it was handed on to: they see it, too. */
  readonly alsoCentres: readonly CentreId[]
  readonly home: HomeId
  readonly placement: PlacementId
  readonly type: string
  /** Only grows. */
  readonly version: number
  readonly condition: Condition
  readonly case: Case
  readonly episode: Episode
  readonly receivedAt: Instant
  /** Before the others of its class: a home at high risk that nobody can hear. */
  readonly urgent: boolean
  /** Recorded, and not shown in the queue before then; null: it is shown, or was. */
  readonly heldUntil: Instant | null
  /** The outage it is a part of. */
  readonly parent: AlarmId | null
  /** Of an outage: how many homes are in it now. */
  readonly children: number
  /** The latest event and who sent it: where the ladder is told; null for an alarm the server raised itself. */
  readonly gateway: GatewayId | null
  readonly event: EventId | null
  readonly ladder: Readonly<Record<Rung, Instant | null>>
}

export const idsOf = (alarms: readonly AlarmRecord[]): AlarmId[] => alarms.map(({ id }) => id)

/** A row of `alarm`, as pg reads it. */
export interface AlarmRow {
  id: string
  centre: string
  also_centres: string
  home: string
  placement: string
  type: string
  class: EventClass
  condition: Condition
  handling: HandlingState
  version: number
  fence: number
  abandoned: boolean
  since: number
  person: string | null
  person_name: string | null
  person_session: string | null
  until: number | null
  /** `StoredOffer` */
  offer: string | null
  disposition: Disposition | null
  closed_at: number | null
  occurrences: number
  recent_at: string
  realerted_at: number | null
  stuck: boolean
  first_at: number
  last_at: number
  received_at: number
  late_by_ms: number
  test: boolean
  heard_by: string | null
  late_again: string | null
  urgent: boolean
  held_until: number | null
  parent: string | null
  children: number
  gateway: string | null
  event: string | null
  l0: number | null
  l1: number | null
  l2: number | null
  l3: number | null
  l4: number | null
  l5: number | null
  l6: number | null
}

const NOBODY_ELSE: readonly CentreId[] = []

export function recordOf(row: AlarmRow): AlarmRecord {
  return {
    id: row.id as AlarmId,
    centre: row.centre as CentreId,
    alsoCentres: row.also_centres === '' ? NOBODY_ELSE : (row.also_centres.split(' ') as CentreId[]),
    home: row.home as HomeId,
    placement: row.placement as PlacementId,
    type: row.type,
    version: row.version,
    condition: row.condition,
    case: { class: row.class, handling: handlingOf(row), fence: row.fence },
    episode: {
      occurrences: row.occurrences,
      firstAt: row.first_at as Instant,
      lastAt: row.last_at as Instant,
      recentAt: JSON.parse(row.recent_at) as Instant[],
      realertedAt: row.realerted_at as Instant | null,
      stuck: row.stuck,
      lateByMs: row.late_by_ms,
      test: row.test,
      heardBy: row.heard_by === null ? null : (JSON.parse(row.heard_by) as HeardBy),
      lateAgain: row.late_again === null ? null : (JSON.parse(row.late_again) as LateAgain),
    },
    receivedAt: row.received_at as Instant,
    urgent: row.urgent,
    heldUntil: row.held_until as Instant | null,
    parent: row.parent as AlarmId | null,
    children: row.children,
    gateway: row.gateway as GatewayId | null,
    event: row.event as EventId | null,
    ladder: {
      L0: row.l0 as Instant | null,
      L1: row.l1 as Instant | null,
      L2: row.l2 as Instant | null,
      L3: row.l3 as Instant | null,
      L4: row.l4 as Instant | null,
      L5: row.l5 as Instant | null,
      L6: row.l6 as Instant | null,
    },
  }
}

function handlingOf(row: AlarmRow): Handling {
  const by = claimantOf(row)
  switch (row.handling) {
    case 'new':
      return { at: 'new', since: row.since as Instant, abandonedBy: row.abandoned ? by : null }
    case 'claimed':
    case 'in-progress':
      invariant(by && row.until !== null, `alarm ${row.id} is ${row.handling} by nobody`)
      return {
        at: row.handling,
        lease: { token: row.fence, by, until: row.until as Instant },
        offer: offerOf(row),
      }
    case 'parked':
      invariant(by && row.until !== null, `alarm ${row.id} is parked by nobody`)
      return { at: 'parked', until: row.until as Instant, by }
    case 'closed':
      invariant(row.disposition && row.closed_at !== null, `alarm ${row.id} is closed without a disposition`)
      return { at: 'closed', disposition: row.disposition, by, closedAt: row.closed_at as Instant }
    default:
      return assertNever(row.handling)
  }
}

const claimantOf = ({ person, person_name: name, person_session: session }: AlarmRow): Claimant | null =>
  person && session ? { person: person as PersonId, name: name ?? '', session: session as SessionId } : null

interface StoredOffer extends Offer {
  /** The token of the lease it hangs on. */
  readonly lease: number
}
export const storedOffer = (handling: Handling): string | null =>
  'lease' in handling && handling.offer
    ? JSON.stringify({ ...handling.offer, lease: handling.lease.token } satisfies StoredOffer)
    : null

/** A server of the release before knows no offers and leaves one behind: under another lease it is none. */
function offerOf({ offer, fence }: AlarmRow): Offer | null {
  if (offer === null) return null
  const { lease, ...kept } = JSON.parse(offer) as StoredOffer
  return lease === fence ? kept : null
}

/** Whose name stands in the row, and until when: the part of it that depends on the state. */
export function handlingColumns(handling: Handling): {
  readonly by: Claimant | null
  readonly until: Instant | null
  readonly since: Instant | null
} {
  switch (handling.at) {
    case 'new':
      return { by: handling.abandonedBy, until: null, since: handling.since }
    case 'claimed':
    case 'in-progress':
      return { by: handling.lease.by, until: handling.lease.until, since: null }
    case 'parked':
      return { by: handling.by, until: handling.until, since: null }
    case 'closed':
      return { by: handling.by, until: null, since: null }
    default:
      return assertNever(handling)
  }
}
