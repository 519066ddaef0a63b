import { type Clock, type GatewayId, type HealthMessage, parseInstant, seconds, type Timer } from '@anju/contract'
import { type Chain, heard } from '../domain/heartbeat.ts'
import type { Actor, Database } from '../ports.ts'
import type { HealthListener, Log } from '../uplink-ports.ts'
import { type Finding, noteFindings } from './faults.ts'

const actor: Actor = { kind: 'system', part: 'gateways' }
const flushEvery = seconds(1)
const findingsPerWriteMax = 1_000

/**
 * Judges each heartbeat as it comes in; what turns is a row, and the rest is memory. A server that has just started finds of
 * every gateway anew how it stands, and so takes back what another server found and could not see the end of.
 */
export class ChainWatch implements HealthListener {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #timer: Timer
  readonly #chains = new Map<GatewayId, Chain>()
  #findings = new Map<string, Finding>()
  #flight: Promise<void> | undefined

  constructor(database: Database, clock: Clock, log: Log) {
    this.#database = database
    this.#clock = clock
    this.#log = log
    this.#timer = clock.every(flushEvery, () => void this.flush())
  }

  health(gateway: GatewayId, { boot, uptimeS, sentAt, clock }: HealthMessage): void {
    const { chain, turned } = heard(this.#chains.get(gateway), {
      boot,
      uptimeS,
      sentAt: parseInstant(sentAt),
      synced: clock.synced,
      offsetMs: clock.offsetMs,
      arrivedAt: this.#clock.now(),
      arrivedMono: this.#clock.monotonic(),
    })
    this.#chains.set(gateway, chain)
    for (const type of turned)
      this.#findings.set(`${gateway} ${type}`, { gateway, type, holds: chain.holds[type] === true })
  }

  /** Writes what was found; what could not be written waits for the next time. Never rejects. */
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
    const all = [...this.#findings]
    this.#findings = new Map()
    for (let from = 0; from < all.length; from += findingsPerWriteMax) {
      const some = all.slice(from, from + findingsPerWriteMax)
      try {
        await this.#database.transaction(actor, (tx) =>
          noteFindings(
            tx,
            some.map(([, finding]) => finding),
          ),
        )
      } catch (error) {
        this.#log.warn({ err: error, findings: some.length }, 'what heartbeats show is written later')
        for (const [key, finding] of some) if (!this.#findings.has(key)) this.#findings.set(key, finding)
      }
    }
  }
}
