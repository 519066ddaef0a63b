import type { Brand } from './brands.ts'
import { DomainError } from './errors.ts'

/**
 * Ids of a closed alphabet: they appear in MQTT topics, in time-series tags and in file names, where `/`, `+`, `#`, blanks
 * and quotes would each mean something.
 */
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/
/** Crockford base 32, 26 characters, first one 0–7 (a ULID is 128 bits). */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export type GatewayId = Brand<string, 'GatewayId'>
export type HomeId = Brand<string, 'HomeId'>
export type CentreId = Brand<string, 'CentreId'>
export type PlacementId = Brand<string, 'PlacementId'>
export type PointId = Brand<string, 'PointId'>
export type DeviceId = Brand<string, 'DeviceId'>
export type ProfileId = Brand<string, 'ProfileId'>
export type EventId = Brand<string, 'EventId'>
export type BatchId = Brand<string, 'BatchId'>
export type AlarmId = Brand<string, 'AlarmId'>
export type PersonId = Brand<string, 'PersonId'>
export type SessionId = Brand<string, 'SessionId'>
export type LeaseToken = Brand<string, 'LeaseToken'>

function parser<T extends string>(what: string, shape: RegExp): (text: string) => T {
  return (text) => {
    if (!shape.test(text)) throw new DomainError('id-malformed', `not a ${what}`, { what, text: text.slice(0, 80) })
    return text as T
  }
}

export const gatewayId = parser<GatewayId>('gateway id', SLUG)
export const homeId = parser<HomeId>('home id', SLUG)
export const centreId = parser<CentreId>('centre id', SLUG)
/** A role in a home ("bathroom-sos"); it outlives the device that fills it. */
export const placementId = parser<PlacementId>('placement id', SLUG)
/** A named value of one placement ("active-power"). */
export const pointId = parser<PointId>('point id', SLUG)
export const deviceId = parser<DeviceId>('device id', SLUG)
/** `vendor/model`. */
export const profileId = parser<ProfileId>('profile id', /^[a-z0-9-]+\/[a-z0-9-]+$/)
/** A ULID minted once, at the edge. */
export const eventId = parser<EventId>('event id', ULID)
export const batchId = parser<BatchId>('batch id', ULID)
export const alarmId = parser<AlarmId>('alarm id', ULID)
export const personId = parser<PersonId>('person id', SLUG)
export const sessionId = parser<SessionId>('session id', UUID)
export const leaseToken = parser<LeaseToken>('lease token', /^[0-9]{1,15}$/)

export const SLUG_PATTERN = SLUG.source
export const ULID_PATTERN = ULID.source
/** `<placement>/<point>`, each of them a slug. */
export const SERIES_PATTERN = `${SLUG.source.slice(0, -1)}/${SLUG.source.slice(1)}`
