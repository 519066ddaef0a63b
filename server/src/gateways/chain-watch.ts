import { type Clock, type GatewayId, type HealthMessage, parseInstant } from '@anju/contract'
import { type Chain, heard } from '../domain/heartbeat.ts'
import type { Database } from '../ports.ts'
import type { HealthListener, Log } from '../uplink-ports.ts'
import { type Finding, noteFindings } from './faults.ts'
import { WrittenLater } from './written-later.ts'

/**
 * Judges each heartbeat as it comes in; what turns is a row, and the rest is memory. A server that has just started finds of
 * every gateway anew how it stands, and so takes back what another server found and could not see the end of.
 */
export class ChainWatch implements HealthListener {
  readonly #clock: Clock
  readonly #chains = new Map<GatewayId, Chain>()
  readonly #findings: WrittenLater<Finding>

  constructor(database: Database, clock: Clock, log: Log) {
    this.#clock = clock
    this.#findings = new WrittenLater({
      database,
      clock,
      log,
      what: 'what heartbeats show',
      perWriteMax: 1_000,
      write: noteFindings,
    })
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

  /** Never rejects. */
  flush(): Promise<void> {
    return this.#findings.flush()
  }

  close(): Promise<void> {
    return this.#findings.close()
  }
}
