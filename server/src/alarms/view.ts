import { type CentreId, formatInstant, type Instant, plus } from '@anju/contract'
import type { Alarm, Ladder } from '@anju/contract/api'
import { outageAt } from '../domain/correlation.ts'
import { isLate, type LateAgain } from '../domain/episode.ts'
import { HANDLING_POLICY, type Handling, ownerOf } from '../domain/handling.ts'
import { named } from '../domain/offer.ts'
import type { AlarmRecord } from './record.ts'

/** What an alarm's row on a screen says of its home. Personal: whoever is shown it is written to the audit. */
export interface HomeFacts {
  readonly name: string
  readonly address: string
  readonly residentName: string | null
  readonly residentAge: number | null
  readonly placementName: string
  /** The centre the home belongs to; null when the home is not known. */
  readonly centre: { readonly id: string; readonly name: string } | null
}

const spelledMax = 8_192
const spelled = new Map<Instant, string>()

/** Remembered: in a burst the same few instants are spelled thousands of times, and spelling one is what a view costs most. */
function spell(at: Instant): string {
  const known = spelled.get(at)
  if (known !== undefined) return known
  if (spelled.size >= spelledMax) spelled.clear()
  const text = formatInstant(at)
  spelled.set(at, text)
  return text
}

const text = (at: Instant | null): string | null => (at === null ? null : spell(at))

const ladderOf = (ladder: AlarmRecord['ladder']): Ladder => ({
  L0: text(ladder.L0),
  L1: text(ladder.L1),
  L2: text(ladder.L2),
  L3: text(ladder.L3),
  L4: text(ladder.L4),
  L5: text(ladder.L5),
  L6: text(ladder.L6),
})

const lateAgainOf = ({ times, quiet, heardAt, byMs }: LateAgain): Required<Alarm>['lateAgain'] => ({
  times,
  quiet,
  heardAt: formatInstant(heardAt),
  lateByS: byMs / 1_000,
})

function offerOf(handling: Handling): Alarm['offer'] {
  if (!('lease' in handling) || !handling.offer) return null
  const { to, at, until, note } = handling.offer
  return { to: named(to), by: named(handling.lease.by), at: formatInstant(at), until: formatInstant(until), note }
}

/** An alarm as the API and the live stream say it to one centre. */
export function viewOf(alarm: AlarmRecord, home: HomeFacts, reader: CentreId): Alarm {
  const { handling } = alarm.case
  const { episode } = alarm
  const owner = ownerOf(handling)
  const closedByPerson = handling.at === 'closed' && handling.by !== null
  return {
    id: alarm.id,
    version: alarm.version,
    homeId: alarm.home,
    placement: alarm.placement,
    type: alarm.type,
    class: alarm.case.class,
    condition: alarm.condition,
    handling: handling.at,
    abandoned: handling.at === 'new' && handling.abandonedBy !== null,
    occurrences: episode.occurrences,
    firstAt: spell(episode.firstAt),
    lastAt: spell(episode.lastAt),
    receivedAt: spell(alarm.receivedAt),
    late: isLate(episode.lateByMs),
    lateByS: episode.lateByMs / 1_000,
    ...(episode.lateAgain && { lateAgain: lateAgainOf(episode.lateAgain) }),
    owner: owner && { personId: owner.person, name: owner.name, session: owner.session },
    leaseExpiresAt: 'lease' in handling ? formatInstant(handling.lease.until) : null,
    offer: offerOf(handling),
    parkedUntil: handling.at === 'parked' ? formatInstant(handling.until) : null,
    test: episode.test,
    stuck: episode.stuck,
    ...(alarm.urgent && { urgent: true }),
    ...(alarm.parent !== null && { parent: alarm.parent }),
    ...(alarm.type === 'outage' && { children: alarm.children, folds: outageAt(alarm.placement)?.folds ?? '' }),
    disposition: handling.at === 'closed' ? handling.disposition : null,
    closedAt: handling.at === 'closed' ? formatInstant(handling.closedAt) : null,
    undoUntil: closedByPerson ? formatInstant(plus(handling.closedAt, HANDLING_POLICY.undoFor)) : null,
    ladder: ladderOf(alarm.ladder),
    home: {
      name: home.name,
      residentName: home.residentName,
      residentAge: home.residentAge,
      address: home.address,
      placementName: home.placementName,
    },
    ...(alarm.centre === reader ? {} : { centre: home.centre ?? { id: alarm.centre, name: alarm.centre } }),
  }
}
