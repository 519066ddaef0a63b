import { absent, DomainError, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../src/byte-reader.ts'
import type { Decoded } from '../src/profile.ts'

/** What the LD6002B and the LD6002C say alike (TinyFrame V1.2 §2.1). */
export type PresencePoint = 'presence' | 'zone-0' | 'zone-1' | 'zone-2' | 'zone-3' | 'target-distance'

export const TARGETS = 0x0a04
export const CLOUD = 0x0a08
export const ZONES = 0x0a0a
/** Answers to settings: zones, hold delay, sensitivity, trigger, range, mounting, low power, working mode, version. */
export const SETTINGS: readonly number[] = [
  0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x0a0b, 0x0a0c, 0x0a0d, 0x0a0e, 0x0a0f, 0x0a10, 0x0a11, 0x0a12, 0x0a13,
  0x0a14, 0xffff,
]

export const alive = { readings: {}, events: [], heartbeat: true } as const

/** Whether somebody is in each of the four zones; in the room, as far as zones cover it, when in any of them. */
export function readZones(data: Uint8Array): Decoded<PresencePoint> {
  const input = new ByteReader(data)
  const zones = [input.u32le(), input.u32le(), input.u32le(), input.u32le()].map(occupied)
  input.end()
  const [first, second, third, fourth] = zones
  if (!first || !second || !third || !fourth) throw new DomainError('frame-malformed', 'not four zones')
  const readings = { presence: anyOf(zones), 'zone-0': first, 'zone-1': second, 'zone-2': third, 'zone-3': fourth }
  return { readings, events: [] }
}

const occupied = (state: number): Reading => (state <= 1 ? reading(state) : absent('invalid'))

/** One zone that cannot be read leaves open whether the room is empty. */
function anyOf(zones: readonly Reading[]): Reading {
  if (zones.some((zone) => zone.is === 'value' && zone.value === 1)) return reading(1)
  return zones.find((zone) => zone.is === 'absent') ?? reading(0)
}

/** How far the nearest target is. None at all is no proof that nobody is there: presence is the zones' word. */
export function readTargets(data: Uint8Array): Decoded<PresencePoint> {
  const input = new ByteReader(data)
  const count = input.u32le()
  const distances: number[] = []
  while (input.left > 0) {
    distances.push(Math.hypot(input.f32le(), input.f32le(), input.f32le()))
    input.bytes(8) // its speed and the number of its cluster
  }
  if (distances.length !== count)
    throw new DomainError('frame-malformed', `${distances.length} targets where ${count} are announced`)
  const nearest = count === 0 ? absent('not-reported') : reading(Number(Math.min(...distances).toFixed(2)))
  return { readings: { 'target-distance': nearest }, events: [] }
}

export const unknownType = (type: number): DomainError =>
  new DomainError('frame-unknown', `type ${type.toString(16).padStart(4, '0')} is none of this radar's`, { type })
