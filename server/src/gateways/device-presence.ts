import {
  type Clock,
  elapsed,
  type GatewayId,
  type HealthMessage,
  type Monotonic,
  seconds,
  type Timer,
} from '@anju/contract'
import { devicesNotedEvery } from '../domain/supervision.ts'
import type { Actor, Database } from '../ports.ts'
import type { HealthListener, Log } from '../uplink-ports.ts'
import { isCutOff, noteDevices } from './devices.ts'

const actor: Actor = { kind: 'system', part: 'gateways' }
const flushEvery = seconds(1)
/** A few thousand devices a statement. */
const gatewaysPerWriteMax = 250

/**
 * What gateways hear of their devices. A heartbeat in which nothing changed but the times is written once in five minutes: a
 * city's heartbeats are then a few thousand looks at a key a second, and fewer writes than that.
 */
export class DevicePresence implements HealthListener {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #timer: Timer
  readonly #noted = new Map<GatewayId, { readonly summary: string; readonly at: Monotonic }>()
  #waiting = new Map<GatewayId, HealthMessage>()
  #flight: Promise<void> | undefined

  constructor(database: Database, clock: Clock, log: Log) {
    this.#database = database
    this.#clock = clock
    this.#log = log
    this.#timer = clock.every(flushEvery, () => void this.flush())
  }

  health(gateway: GatewayId, message: HealthMessage): void {
    const summary = summaryOf(message)
    const noted = this.#noted.get(gateway)
    const now = this.#clock.monotonic()
    if (noted && noted.summary === summary && elapsed(noted.at, now) < devicesNotedEvery) return
    this.#noted.set(gateway, { summary, at: now })
    this.#waiting.set(gateway, message)
  }

  /** Writes what waits; what could not be written waits for the next time. Never rejects. */
  async flush(): Promise<void> {
    this.#flight ??= this.#write().finally(() => {
      this.#flight = undefined
    })
    await this.#flight
  }

  async close(): Promise<void> {
    this.#timer.cancel()
    await this.#flight
    await this.flush()
  }

  async #write(): Promise<void> {
    const all = [...this.#waiting].map(([gateway, message]) => ({ gateway, message }))
    this.#waiting = new Map()
    for (let from = 0; from < all.length; from += gatewaysPerWriteMax) {
      const some = all.slice(from, from + gatewaysPerWriteMax)
      try {
        await this.#database.transaction(actor, (tx) => noteDevices(tx, some))
      } catch (error) {
        this.#log.warn({ err: error, gateways: some.length }, 'what gateways hear is written later')
        for (const { gateway, message } of some) if (!this.#waiting.has(gateway)) this.#waiting.set(gateway, message)
      }
    }
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
