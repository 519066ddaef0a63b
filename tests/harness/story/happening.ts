import {
  classOf,
  type EventClass,
  formatInstant,
  type GatewayId,
  type Instant,
  isEventType,
  type Millis,
  millis,
  plus,
} from '@anju/contract'
import { ulid } from 'ulid'
import type { HeardEvent } from '../../../server/src/ports.ts'

/** Something a home tells of. A press of the bathroom's button, heard just now, unless it says otherwise. */
export interface Happening {
  readonly id?: string
  readonly type?: string
  /** What the type's own class is, else life. */
  readonly class?: EventClass
  readonly phase?: 'raised' | 'returned'
  readonly placement?: string
  /** How long it was on its way, by the gateway's own elapsed time. */
  readonly elapsedMs?: number
  /** How far the gateway's clock is from the right time. */
  readonly clockOff?: Millis
  readonly boot?: number
  readonly seq?: number
  readonly test?: boolean
  /** `gw-home-7` is the one of `home-7`; every other one is in `home-1`. */
  readonly gateway?: string
  readonly snapshot?: Readonly<Record<string, unknown>>
}

const BUTTON = 'bathroom-sos'

/** As its gateway sends it, by the gateway's own clock. */
export function heardOf(given: Happening, now: Instant, seq: number): HeardEvent {
  const { type = 'sos-pressed', placement = BUTTON, elapsedMs = 5, clockOff = millis(0) } = given
  const eventClass = given.class ?? (isEventType(type) ? classOf(type) : 'life')
  const gateway = (given.gateway ?? 'gw-1') as GatewayId
  const sentAt = formatInstant(plus(now, clockOff))
  const heardAt = formatInstant(plus(now, millis(clockOff - elapsedMs)))
  return {
    gateway,
    message: {
      specversion: '1.0',
      id: given.id ?? ulid(),
      type: `anju.${type}`,
      source: `/gateways/${gateway}`,
      subject: placement,
      time: heardAt,
      data: {
        boot: given.boot ?? 1,
        lane: eventClass === 'life' || eventClass === 'hazard' ? 'life' : 'technical',
        seq: given.seq ?? seq,
        pendingFrom: 1,
        sentAt,
        class: eventClass,
        device: placement,
        phase: given.phase ?? 'raised',
        heardAt,
        storedAt: heardAt,
        elapsedMs,
        ...(given.test ? { test: true } : {}),
        ...(given.snapshot ? { snapshot: given.snapshot } : {}),
      },
    },
  }
}

export const homeOf = (gateway: string): string => /home-\d+/.exec(gateway)?.[0] ?? 'home-1'
