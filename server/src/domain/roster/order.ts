import type { Instant } from '@anju/contract'
import { type ContactRole, RESPONDER_KINDS, type ResponderKind } from '@anju/contract/api'
import { isWithin, type WeeklyHours } from './hours.ts'

/** When and where a target is asked for. */
export interface Moment {
  readonly at: Instant
  /** The home's. */
  readonly timeZone: string
  /**
   * Whether who is outside of their hours is left alone. Life and hazard break through quiet hours on every channel: an old
   * woman on the floor at three in the morning is exactly what a daughter has given her number for.
   */
  readonly keepsHours: boolean
}

export interface ContactInOrder {
  readonly role: ContactRole
  readonly hours: readonly WeeklyHours[] | null
  /** Removed since, or the resident withdrew their consent that this one is told of alarms. */
  readonly withdrawn: boolean
  /** And that before the alarm began: then they have no place in the list that it goes down. */
  readonly withdrawnBefore: boolean
}

/**
 * The n-th of a home's contacts (from 1), given in the home's own order, those left out who were removed before it began. Who may not
 * be asked since it began keeps their place all the same: a list that closed up while an alarm goes down it would skip the next one.
 */
export function contactAt<T extends ContactInOrder>(
  contacts: readonly T[],
  { position, role }: { readonly position: number; readonly role?: ContactRole | undefined },
  moment: Moment,
): T | undefined {
  const found = placed(contacts).filter((contact) => role === undefined || contact.role === role)[position - 1]
  return found && !found.withdrawn && mayBeAsked(found, moment) ? found : undefined
}

/** Those who come after the n-th, in their order. */
export const contactsAfter = <T extends ContactInOrder>(contacts: readonly T[], after: number, moment: Moment): T[] =>
  placed(contacts)
    .slice(after)
    .filter((contact) => !contact.withdrawn && mayBeAsked(contact, moment))

const placed = <T extends ContactInOrder>(contacts: readonly T[]): T[] =>
  contacts.filter(({ withdrawnBefore }) => !withdrawnBefore)

export interface Place {
  readonly latitude: number
  readonly longitude: number
}
export interface ResponderInOrder {
  readonly id: string
  readonly kind: ResponderKind
  /** The beginning of an administrative code; empty is everywhere. */
  readonly zone: string
  readonly hours: readonly WeeklyHours[] | null
  readonly withdrawn: boolean
  /** Where they usually set out from. */
  readonly base: Place | null
}
export interface Whither {
  /** The home's administrative code; null when nobody entered it: then only who goes everywhere goes there. */
  readonly area: string | null
  readonly place: Place | null
}

/**
 * Who can go there, who should be asked first at the front: who is within their hours before who is not, the narrowest zone that
 * holds the home, then the kind in the order of `RESPONDER_KINDS`, then the way they have to go, as far as it is known.
 */
export function respondersFor<T extends ResponderInOrder>(
  responders: readonly T[],
  whither: Whither,
  moment: Moment,
): T[] {
  const near = responders.filter((one) => !one.withdrawn && isFor(one, whither) && mayBeAsked(one, moment))
  return ranked(near, whither, moment)
}

export interface Offered<T> {
  readonly one: T
  /** Whether the home lies where they go. */
  readonly inZone: boolean
  readonly withinHours: boolean
  /** Null where it is not known from where or whither. */
  readonly distanceKm: number | null
}

/** For a person who decides by themselves: who can go there in the same order, and behind them who goes elsewhere. */
export function respondersOffered<T extends ResponderInOrder>(
  responders: readonly T[],
  whither: Whither,
  moment: Moment,
): Offered<T>[] {
  const wanted = responders.filter(({ withdrawn }) => !withdrawn)
  const elsewhere = wanted.filter((one) => !isFor(one, whither))
  return [...respondersFor(wanted, whither, moment), ...ranked(elsewhere, whither, moment)].map((one) => ({
    one,
    inZone: isFor(one, whither),
    withinHours: isWithin(one.hours, moment.at, moment.timeZone),
    distanceKm: whither.place && one.base && distanceKm(whither.place, one.base),
  }))
}

const isFor = ({ zone }: ResponderInOrder, { area }: Whither): boolean => (area ?? '').startsWith(zone)

function ranked<T extends ResponderInOrder>(responders: readonly T[], { place }: Whither, moment: Moment): T[] {
  const given = responders.map((one) => ({
    one,
    rank: [
      isWithin(one.hours, moment.at, moment.timeZone) ? 0 : 1,
      -one.zone.length,
      RESPONDER_KINDS.indexOf(one.kind),
      place && one.base ? distanceKm(place, one.base) : Number.POSITIVE_INFINITY,
    ],
  }))
  return given.sort((a, b) => compared(a.rank, b.rank) || (a.one.id < b.one.id ? -1 : 1)).map(({ one }) => one)
}

export interface InTurn<T> {
  readonly one: T
  /** How often they had their turn before: of more than are asked at once that is not every time. */
  readonly turn: number
}

/**
 * As many as may be asked at once, in turn: each time those after the ones of the time before, and then from the front again. What
 * rang in vain once must not be all that ever rings.
 */
export function inTurn<T>(ranked: readonly T[], turn: number, atOnceMax: number): readonly InTurn<T>[] {
  if (ranked.length <= atOnceMax) return ranked.map((one) => ({ one, turn }))
  const first = turn * atOnceMax
  return Array.from({ length: atOnceMax }, (_, place) => first + place).map((nth) => ({
    one: ranked[nth % ranked.length] as T,
    turn: Math.floor(nth / ranked.length),
  }))
}

function mayBeAsked({ hours }: { readonly hours: readonly WeeklyHours[] | null }, moment: Moment): boolean {
  return !moment.keepsHours || isWithin(hours, moment.at, moment.timeZone)
}

function compared(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((value, at) => value !== other[at])
  return index < 0 ? 0 : (one[index] ?? 0) < (other[index] ?? 0) ? -1 : 1
}

const earthRadiusKm = 6_371
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** As the crow flies: enough to tell the next street from the next county. */
export function distanceKm(one: Place, other: Place): number {
  const half = (a: number, b: number) => Math.sin(radians(b - a) / 2) ** 2
  const chord =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude)
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(chord))
}
