import {
  type Clock,
  classOf,
  type DeviceId,
  type EventType,
  errorMessage,
  type GatewayId,
  hours,
  type Instant,
  minutes,
  type PlacementId,
  seconds,
} from '@anju/contract'
import type { Outbox } from '../outbox/outbox.ts'
import type { EventDraft, Log } from '../ports.ts'
import type { RestoredClock } from '../restored-clock.ts'

export const LAST_KNOWN_TIME = 'last-known-time'
const rememberTimeEvery = minutes(1)

/** The gateway's own conditions, and the chores that keep its disk small. */
export function keepHouse(
  outbox: Outbox,
  clock: RestoredClock,
  gateway: GatewayId,
  log: Log,
): { stop(): Promise<void> } {
  const failed = (error: unknown) => log.error({ why: errorMessage(error) }, 'housekeeping failed')
  const conditions = { 'store-full': () => outbox.full, 'clock-unsynced': () => !clock.synced } as const

  function check(): void {
    for (const [type, holds] of Object.entries(conditions) as [EventType, () => boolean][]) {
      const key = `condition:${type}`
      const now = holds() ? 'raised' : 'well'
      if (now === (outbox.state(key) ?? 'well')) continue
      const event = ownEvent(type, now === 'raised' ? 'raised' : 'returned', gateway, clock)
      outbox.append({ events: [event], states: { [key]: now } }).catch(failed)
    }
  }
  const rememberTime = () => outbox.append({ states: { [LAST_KNOWN_TIME]: String(clock.now()) } })

  if (outbox.salvage) {
    const { movedTo, rows } = outbox.salvage
    const event = ownEvent('device-fault', 'raised', gateway, clock)
    outbox.append({ events: [{ ...event, snapshot: { why: 'the store was damaged', movedTo, rows } }] }).catch(failed)
  }
  check()
  const timers = [
    clock.every(seconds(10), check),
    clock.every(rememberTimeEvery, () => void rememberTime().catch(failed)),
    clock.every(hours(1), () => void outbox.tidy().catch(failed)),
  ]
  return {
    async stop() {
      for (const timer of timers) timer.cancel()
      await rememberTime().catch(failed)
    },
  }
}

/**
 * The time the gateway knew last, or undefined at its first start. A press made since that was written down knows better: were
 * the clock to start before it, the next press could be taken for its repeat.
 */
export function lastKnownTime(outbox: Outbox): Instant | undefined {
  const text = outbox.state(LAST_KNOWN_TIME)
  const written = text !== undefined && /^\d{1,15}$/.test(text) ? (Number(text) as Instant) : undefined
  const pressed = outbox.recentLife(1)[0]?.entry.storedAt
  if (pressed === undefined || written === undefined) return written ?? pressed
  // One further ahead was made under a clock that has been set right since.
  return pressed > written && pressed - written < 2 * rememberTimeEvery ? pressed : written
}

/** Something the gateway says of itself: it stands for its own placement. */
const ownEvent = (type: EventType, phase: EventDraft['phase'], gateway: GatewayId, clock: Clock): EventDraft => ({
  type,
  class: classOf(type),
  phase,
  placement: 'gateway' as PlacementId,
  device: gateway as string as DeviceId,
  heard: { at: clock.now(), mono: clock.monotonic() },
})
