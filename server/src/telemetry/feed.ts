import { type Clock, type ErrorCode, type GatewayId, millis, sleep, type Timer } from '@anju/contract'
import type { Run } from '../domain/sequence.ts'
import type { Log, TelemetryIntake } from '../uplink-ports.ts'
import type { ErasedHome } from './erasure/erased-homes.ts'
import { SlabWriter, slabBytes } from './slab.ts'
import type { FromWorker, GatewayName, StartWorker, WorkerHandle } from './thread.ts'

/** Messages of so long travel together: telemetry is in no hurry, and each crossing between threads costs. */
const gatherFor = millis(20)
/** When there are many, they gather longer: a gateway's receipts are then one message. */
const gatherLonger = millis(130)
const manyMessages = 40
/** With so many slabs under way only full ones follow: while the store is away memory holds data, not air. */
const slabsAheadMax = 4
export const slabsMax = 64
const restartAfter = millis(1_000)
const closeWithin = millis(1_500)

export interface FeedParts {
  readonly startWorker: StartWorker
  /** Where a gateway belongs, from memory; undefined while it is not known. */
  readonly scopeOf: (gateway: GatewayId) => { readonly home: string; readonly centre: string } | undefined
  readonly sendReceipt: (gateway: GatewayId, json: string) => void
  readonly onRefused: (gateway: GatewayId, code: ErrorCode, why: string, sample: Uint8Array) => void
  readonly onGap: (gateway: GatewayId, boot: number, run: Run) => void
  readonly onPoints: (points: number) => void
  readonly clock: Clock
  readonly log: Log
}

/** The alarm's side of the telemetry worker: copies payloads into slabs and hands them over; says when there is no more room. */
export class TelemetryFeed implements TelemetryIntake {
  readonly #parts: FeedParts
  readonly #spare: ArrayBuffer[] = []
  readonly #numbers = new Map<GatewayId, GatewayName>()
  readonly #names: GatewayName[] = []
  readonly #listeners: ((healthy: boolean) => void)[] = []
  readonly #erased = new Map<string, ErasedHome>()
  /** Told with the next slab; after a new start of the worker, all of them. */
  #untold: GatewayName[] = []
  #slab: SlabWriter | undefined
  #timer: Timer | undefined
  #worker: WorkerHandle | undefined
  #underWay = 0
  #healthy = true
  #closed = false
  #settled: (() => void) | undefined

  constructor(parts: FeedParts) {
    this.#parts = parts
    this.#start()
  }

  get healthy(): boolean {
    return this.#healthy
  }

  get retryAfterS(): number {
    return this.#healthy ? 5 : 30
  }

  /** Bytes that wait for the store, counted as the slabs they lie in. */
  get waitingBytes(): number {
    return this.#underWay * slabBytes + (this.#slab?.used ?? 0)
  }

  onHealth(listener: (healthy: boolean) => void): void {
    this.#listeners.push(listener)
  }

  /** What was measured in these homes before then is taken and receipted, and not stored. */
  drop(homes: readonly ErasedHome[]): void {
    for (const one of homes) this.#erased.set(one.home, one)
    this.#worker?.post({ kind: 'erased', homes }, [])
  }

  accept(gateway: GatewayId, payload: Uint8Array): boolean {
    const number = this.#numberOf(gateway)
    if (number === undefined || this.#closed) return false
    if (this.#slab?.add(number, payload)) return true
    if (this.#slab && !this.#post()) return false
    this.#slab = new SlabWriter(this.#spare.pop() ?? new ArrayBuffer(slabBytes))
    this.#timer ??= this.#parts.clock.after(gatherFor, () => this.#gathered())
    return this.#slab.add(number, payload)
  }

  /** Waits for what is under way as long as the store answers; the rest stays in the homes, unreceipted. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#timer?.cancel()
    if (this.#healthy) this.#post()
    this.#worker?.post({ kind: 'close' }, [])
    const settled = new Promise<void>((resolve) => {
      this.#settled = resolve
    })
    if (this.#worker) await Promise.race([settled, sleep(this.#parts.clock, closeWithin)])
    await this.#worker?.terminate()
  }

  #gathered(): void {
    if ((this.#slab?.messages ?? 0) >= manyMessages)
      this.#timer = this.#parts.clock.after(gatherLonger, () => this.#handOver())
    else this.#handOver()
  }

  #handOver(): void {
    this.#timer = undefined
    if (this.#underWay < slabsAheadMax) this.#post()
  }

  #post(): boolean {
    if (!this.#slab || !this.#worker || this.#underWay >= slabsMax) return false
    const { buffer, used } = this.#slab
    const gateways = this.#untold
    this.#untold = []
    this.#slab = undefined
    this.#underWay++
    this.#worker.post({ kind: 'slab', buffer, used, gateways }, [buffer])
    return true
  }

  #start(): void {
    this.#underWay = 0
    this.#untold = [...this.#numbers.values()]
    const worker = this.#parts.startWorker({
      message: (message) => this.#receive(message),
      exit: (why) => {
        this.#worker = undefined
        this.#settled?.()
        if (this.#closed) return
        // What it had in hand was never receipted: the homes send it again.
        this.#become(false, why)
        this.#parts.log.error({ why }, 'the telemetry worker died; it is started again')
        this.#parts.clock.after(restartAfter, () => {
          if (this.#closed) return
          // How its store is, it says itself.
          this.#start()
          this.#post()
        })
      },
    })
    this.#worker = worker
    // Before the first slab: a backlog may be full of them.
    if (this.#erased.size > 0) worker.post({ kind: 'erased', homes: [...this.#erased.values()] }, [])
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'health') return this.#become(message.healthy, message.why)
    const { log, sendReceipt, onRefused, onGap, onPoints } = this.#parts
    if (message.kind === 'unsummed')
      return log.warn({ why: message.why }, 'measurements could not be summed: charts are slower')
    for (const buffer of message.buffers) if (this.#spare.length < slabsAheadMax * 2) this.#spare.push(buffer)
    this.#underWay = Math.max(0, this.#underWay - message.buffers.length)
    onPoints(message.points)
    for (const { gateway, json } of message.receipts) sendReceipt(this.#nameOf(gateway), json)
    for (const { gateway, code, why, sample } of message.refused) onRefused(this.#nameOf(gateway), code, why, sample)
    for (const { gateway, boot, run } of message.gaps) onGap(this.#nameOf(gateway), boot, run)
    if (message.refused.length > 0) log.info({ refused: message.refused.length }, 'telemetry refused')
    if (!this.#timer && this.#underWay < slabsAheadMax) this.#post()
  }

  #become(healthy: boolean, why: string): void {
    if (healthy === this.#healthy) return
    this.#healthy = healthy
    if (healthy) this.#parts.log.info({}, 'the telemetry store answers again')
    else this.#parts.log.warn({ why }, 'the telemetry store does not answer')
    for (const listener of this.#listeners) listener(healthy)
  }

  #numberOf(gateway: GatewayId): number | undefined {
    const scope = this.#parts.scopeOf(gateway)
    const known = this.#numbers.get(gateway)
    if (!scope) return undefined
    if (known && known.home === scope.home && known.centre === scope.centre) return known.number
    // A gateway that moved house gets another number: what is under way still belongs to the old home.
    const name = { number: this.#names.length, gateway, centre: scope.centre, home: scope.home }
    this.#names.push(name)
    this.#numbers.set(gateway, name)
    this.#untold.push(name)
    return name.number
  }

  #nameOf(number: number): GatewayId {
    return this.#names[number]?.gateway as GatewayId
  }
}
