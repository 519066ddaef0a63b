import {
  type Clock,
  classOf,
  type EventMessage,
  type EventType,
  formatInstant,
  type GatewayId,
  type HealthMessage,
  type Instant,
  instant,
  laneOf,
  type Random,
  type Series,
  type TelemetryMessage,
} from '@anju/contract'
import { type Household } from '../resident/household.ts'
import { mainsAt } from '../resident/mains.ts'

/** ULIDs as an edge mints them: 48 bits of time, 80 of chance, in Crockford's alphabet. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export function newUlid(at: Instant, random: Random): string {
  let time = ''
  for (let rest = at as number, digit = 0; digit < 10; digit++) {
    time = (alphabet[rest % 32] ?? '0') + time
    rest = Math.floor(rest / 32)
  }
  let chance = ''
  for (let digit = 0; digit < 16; digit++) chance += alphabet[Math.floor(random.uniform() * 32)] ?? '0'
  return time + chance
}

/** Where a message stands in its lane; dense per (boot, lane), from 1. */
export interface Place {
  readonly boot: number
  readonly seq: number
  readonly pendingFrom: number
}

const samplesPerMessage = 10
const sampleEveryMs = 6_000

/** Ten samples of one minute that ends at `end`: what the home's meter and radar say, as columns. */
export function telemetryOf(
  household: Household,
  end: Instant,
  place: Place,
  parts: { readonly clock: Clock; readonly random: Random },
): TelemetryMessage {
  const t0 = end - samplesPerMessage * sampleEveryMs
  const dt = Array.from({ length: samplesPerMessage }, (_, index) => index * sampleEveryMs)
  const moments = dt.map((offset) => {
    const at = instant(t0 + offset)
    const { watts, room } = household.at(at)
    return { watts, volts: mainsAt(household.seed, at, watts).volts, present: room === 'living' }
  })
  const column = (p: string, u: Series['u'], v: number[]): Series => ({ p, u, t0, dt, v })
  const now = parts.clock.now()
  return {
    id: newUlid(now, parts.random),
    ...place,
    sentAt: formatInstant(now),
    series: [
      column(
        'meter/active-power',
        'W',
        moments.map(({ watts }) => watts),
      ),
      column(
        'meter/voltage',
        'V',
        moments.map(({ volts }) => Math.round(volts * 10) / 10),
      ),
      column(
        'living-radar/presence',
        '/',
        moments.map(({ present }) => Number(present)),
      ),
    ],
  }
}

/** Something that happened now, in the words of the uplink. */
export function eventOf(
  gateway: GatewayId,
  event: {
    readonly type: EventType
    readonly placement: string
    readonly device: string
    readonly phase?: 'raised' | 'returned'
  },
  place: Place,
  parts: { readonly clock: Clock; readonly random: Random },
): EventMessage {
  const now = formatInstant(parts.clock.now())
  const eventClass = classOf(event.type)
  return {
    specversion: '1.0',
    id: newUlid(parts.clock.now(), parts.random),
    type: `anju.${event.type}`,
    source: `/gateways/${gateway}`,
    subject: event.placement,
    time: now,
    data: {
      ...place,
      lane: laneOf(eventClass),
      sentAt: now,
      class: eventClass,
      device: event.device,
      phase: event.phase ?? 'raised',
      heardAt: now,
      storedAt: now,
      elapsedMs: 0,
    },
  }
}

export function healthOf(
  state: {
    readonly boot: number
    readonly seq: number
    readonly uptimeS: number
    readonly queue: HealthMessage['queue']
    readonly power: HealthMessage['power']
  },
  parts: { readonly clock: Clock; readonly random: Random },
): HealthMessage {
  const now = parts.clock.now()
  const heard = (id: string, placement: string, profile: string) =>
    ({ id, placement, profile, state: 'heard', lastHeardAt: formatInstant(now) }) as const
  return {
    id: newUlid(now, parts.random),
    ...state,
    sentAt: formatInstant(now),
    clock: { synced: true, offsetMs: 0 },
    links: [
      { id: 'uplink', state: 'up' },
      { id: 'rs485-1', state: 'up' },
    ],
    devices: [
      heard('sos-1', 'bathroom-sos', 'tuya/ts0215a-sos'),
      heard('radar-1', 'living-radar', 'seeed/mr60fda2'),
      { ...heard('meter-1', 'meter', 'dlt645/single-phase'), link: 'rs485-1' },
    ],
  }
}
