import type { CentreId, HomeId, Instant } from '@anju/contract'
import type { Hours, Language, OfferedResponder, ResponderKind } from '@anju/contract/api'
import { isVisit } from '../domain/consent.ts'
import { type Place, type ResponderInOrder, respondersOffered, type Whither } from '../domain/roster/order.ts'
import { isOnDuty } from '../domain/roster/shift.ts'
import { isTelephone, living, numberToDial } from '../domain/roster/ways.ts'
import type { Transaction } from '../ports.ts'
import { shiftsIn } from './on-shift.ts'
import type { Concerned } from './ports.ts'
import { hoursOf, type StoredWay, VISIT_UNWANTED, WAYS, WITHDRAWN } from './rows.ts'

export interface NearResponder extends ResponderInOrder {
  readonly name: string
  readonly phone: string
  readonly organisation: string
  readonly language: Language
  readonly ways: readonly StoredWay[]
}
interface Near {
  readonly responders: readonly NearResponder[]
  readonly whither: Whither
  readonly timeZone: string
}
interface Whose {
  readonly home: HomeId
  readonly centre: CentreId
}

interface Row {
  readonly id: string
  readonly name: string
  readonly phone: string
  readonly organisation: string
  readonly kind: ResponderKind
  readonly zone: string
  readonly language: Language
  readonly hours: readonly Hours[] | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly withdrawn: boolean
  readonly ways: readonly StoredWay[]
  readonly area: string | null
  readonly time_zone: string
  readonly home_latitude: number | null
  readonly home_longitude: number | null
}

/** The narrowest zone that holds the home first; `$5`: others after them; `$6`: it is for a visit, nobody is in danger. */
const NEAR = `
  select responder.id, responder.name, phone, organisation, kind, zone, responder.language, hours,
    responder.latitude, responder.longitude,
    ${WITHDRAWN('responder', 'home.id', 'responder.id')}
      or ($6 and ${VISIT_UNWANTED('home.id', 'responder.id', 'responder.centre')}) as withdrawn, ${WAYS('responder', 'responder.id')} as ways,
    area.code as area, home.time_zone, home.latitude as home_latitude, home.longitude as home_longitude
  from home
  left join lateral (select code from home_area
    where home_area.home = home.id and daterange(valid_from, valid_to)
      @> (to_timestamp($4::float8 / 1000) at time zone home.time_zone)::date
    order by valid_from desc limit 1) as area on true
  join responder on responder.centre = $2 and responder.removed_at is null
    and ($5 or starts_with(coalesce(area.code, ''), zone)) and ($3::text is null or kind = $3)
  where home.id = $1
  order by starts_with(coalesce(area.code, ''), zone) desc, length(zone) desc, responder.id limit 500`

/** A centre's responders, as far as they matter to a home; undefined when there is none. */
export async function respondersNear(
  tx: Transaction,
  { home, centre }: Whose,
  {
    kind,
    anywhere,
    visit,
  }: { readonly kind: ResponderKind | null; readonly anywhere: boolean; readonly visit: boolean },
  now: Instant,
): Promise<Near | undefined> {
  const rows = await tx.query<Row>(NEAR, [home, centre, kind, now, anywhere, visit], 'roster-responders')
  const [first] = rows
  if (!first) return undefined
  return {
    responders: rows.map((row) => ({
      ...row,
      hours: hoursOf(row.hours),
      base: placeOf(row.latitude, row.longitude),
    })),
    whither: { area: first.area, place: placeOf(first.home_latitude, first.home_longitude) },
    timeZone: first.time_zone,
  }
}

const placeOf = (latitude: number | null, longitude: number | null): Place | null =>
  latitude === null || longitude === null ? null : { latitude, longitude }

const offeredMax = 200

/**
 * Whom an operator may ask to go there, in the order in which the escalation would ask them; who is for other places comes after
 * them, for a person may know better. Nobody whom the resident does not want.
 */
export async function offeredTo(tx: Transaction, whose: Concerned, now: Instant): Promise<OfferedResponder[]> {
  const [found, shifts] = await Promise.all([
    respondersNear(tx, whose, { kind: null, anywhere: true, visit: isVisit(whose.case.class) }, now),
    shiftsIn(tx, whose.centre, ['seat', 'on-call', 'supervisor'], { from: now, to: now }),
  ])
  if (!found) return []
  const onDuty = new Set(
    shifts.filter((one) => one.who.kind === 'responder' && isOnDuty(one, now)).map(({ who }) => who.id),
  )
  return respondersOffered(found.responders, found.whither, { at: now, timeZone: found.timeZone, keepsHours: false })
    .slice(0, offeredMax)
    .map(({ one, inZone, withinHours, distanceKm }) => ({
      id: one.id,
      name: one.name,
      phone: numberToDial(one.ways) || one.phone,
      phoneDead: one.ways.some(isTelephone) && !living(one.ways).some(isTelephone),
      kind: one.kind,
      organisation: one.organisation,
      onDuty: onDuty.has(one.id),
      withinHours,
      inZone,
      distanceKm: distanceKm === null ? null : Math.round(distanceKm * 10) / 10,
    }))
}
