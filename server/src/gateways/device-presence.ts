import { type Clock, elapsed, type GatewayId, type HealthMessage, type Monotonic } from '@anju/contract'
import { devicesNotedEvery } from '../domain/supervision.ts'
import type { Database } from '../ports.ts'
import type { HealthListener, Log } from '../uplink-ports.ts'
import { isCutOff, noteDevices } from './devices.ts'
import { WrittenLater } from './written-later.ts'

/** A few thousand devices a statement. */
const gatewaysPerWriteMax = 250

/**
 * What gateways hear of their devices. A heartbeat in which nothing changed but the times is written once in five minutes: a
 * city's heartbeats are then a few thousand looks at a key a second, and fewer writes than that.
 */
export class DevicePresence implements HealthListener {
  readonly #clock: Clock
  readonly #noted = new Map<GatewayId, { readonly summary: string; readonly at: Monotonic }>()
  readonly #heard: WrittenLater<{ readonly gateway: GatewayId; readonly message: HealthMessage }>

  constructor(database: Database, clock: Clock, log: Log) {
    this.#clock = clock
    this.#heard = new WrittenLater({
      database,
      clock,
      log,
      what: 'what gateways hear',
      perWriteMax: gatewaysPerWriteMax,
      write: noteDevices,
    })
  }

  health(gateway: GatewayId, message: HealthMessage): void {
    const summary = summaryOf(message)
    const noted = this.#noted.get(gateway)
    const now = this.#clock.monotonic()
    if (noted && noted.summary === summary && elapsed(noted.at, now) < devicesNotedEvery) return
    this.#noted.set(gateway, { summary, at: now })
    this.#heard.set(gateway, { gateway, message })
  }

  /** Never rejects. */
  flush(): Promise<void> {
    return this.#heard.flush()
  }

  close(): Promise<void> {
    return this.#heard.close()
  }
}

/** What is worth writing down at once: which devices there are, and whether their gateway hears them, or can. */
const summaryOf = (message: HealthMessage): string =>
  message.devices
    .map((device) => {
      const { placement, id, profile, state, life, lostAfterS } = device
      return [placement, id, profile, state, life, lostAfterS, isCutOff(message, device)].join(' ')
    })
    .join('\n')
