import {
  type Clock,
  EARLIEST_CREDIBLE,
  errorCode,
  errorMessage,
  idOfMalformed,
  type Millis,
  millis,
  parseTelemetry,
  type Random,
  sleep,
  type TelemetryMessage,
} from '@anju/contract'
import { LaneProgress, type Run } from '../domain/sequence.ts'
import { ColumnBuffer, type GatewayScope } from './columns.ts'
import type { ErasedHome } from './erasure/erased-homes.ts'
import { Receipts } from './receipts.ts'
import { messagesIn } from './slab.ts'
import { type Refusal, retryAfterOf, type SeriesKey, type TelemetryStore } from './store.ts'
import type { GatewayName, RefusedMessage, TelemetryGap, ToWorker, WorkerPort } from './thread.ts'

const rowsPerWriteMax = 20_000
const sampleBytesMax = 4_096
/** What was measured later than this from now was measured by a clock that is wrong; by less, the supervision says so. */
const aheadMaxMs = 600_000
const retryFirst = millis(250)
const retryMax = millis(5_000)
/** A batch that fails for a reason of its own is taken apart after so many tries. */
const wholeTriesMax = 3

interface Gateway {
  readonly name: GatewayName
  readonly scope: GatewayScope
  boot: number
  progress: LaneProgress | undefined
}
interface Entry {
  readonly gateway: Gateway
  readonly payload: Uint8Array
  readonly id: string
}
type Slab = Extract<ToWorker, { kind: 'slab' }>

/**
 * The worker's work: raw payloads in, validated columns to the store, receipts out once the store has confirmed. While the
 * store is away the batch in hand is tried again and again; what waits behind it is bounded by whoever sends the slabs.
 */
export class TelemetryWriter {
  readonly #store: TelemetryStore
  readonly #port: WorkerPort
  readonly #clock: Clock
  readonly #random: Random
  readonly #series: SeriesKey[] = []
  readonly #columns = new ColumnBuffer(this.#series)
  readonly #gateways = new Map<number, Gateway>()
  readonly #waiting: Slab[] = []
  readonly #closing = new AbortController()
  readonly #erasedUntil = new Map<string, number>()
  /** How often homes were added to them. */
  #erasures = 0
  #working: Promise<void> | undefined
  /** What was said last; the first finding is always said, for whoever waits for it. */
  #healthy: boolean | undefined
  /** A batch was stored: from then on writing shows how the store is. */
  #stored = false

  constructor(store: TelemetryStore, port: WorkerPort, clock: Clock, random: Random) {
    this.#store = store
    this.#port = port
    this.#clock = clock
    this.#random = random
  }

  /** Asks until the store would take something, so that its being away is known before a home has anything to send. */
  async start(): Promise<void> {
    let delay = retryFirst
    while (!this.#stored && !this.#closing.signal.aborted) {
      try {
        await this.#store.check()
        this.#report(true, '')
        return
      } catch (error) {
        if (this.#stored || this.#closing.signal.aborted) return
        this.#report(false, errorMessage(error))
        delay = await this.#wait(error, delay)
      }
    }
  }

  take(slab: Slab): void {
    for (const name of slab.gateways) {
      const { centre, home } = name
      const scope: GatewayScope = { centre, home, series: new Map() }
      const erasedUntil = this.#erasedUntil.get(home)
      if (erasedUntil !== undefined) scope.erasedUntil = erasedUntil
      this.#gateways.set(name.number, { name, scope, boot: -1, progress: undefined })
    }
    this.#waiting.push(slab)
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
  }

  /** Samples of these homes from before are not stored any more, those in hand included. */
  drop(homes: readonly ErasedHome[]): void {
    for (const { home, until } of homes) this.#erasedUntil.set(home, until)
    for (const { scope } of this.#gateways.values()) {
      const until = this.#erasedUntil.get(scope.home)
      if (until !== undefined) scope.erasedUntil = until
    }
    this.#erasures++
  }

  /** Ends after what can be written has been written; a store that is away is not waited for. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#working
    await this.#store.close()
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const slabs: Slab[] = []
      const entries: Entry[] = []
      const refused: RefusedMessage[] = []
      const receipts = new Receipts()
      const gaps: TelemetryGap[] = []
      this.#columns.clear()
      while (this.#waiting.length > 0 && this.#columns.rows < rowsPerWriteMax) {
        const slab = this.#waiting.shift()
        if (!slab) break
        slabs.push(slab)
        this.#decode(slab, entries, refused, receipts, gaps)
      }
      const points = this.#columns.rows
      const stored = entries.length === 0 ? new Map<number, Refusal>() : await this.#write(entries)
      if (!stored) return
      for (const [index, entry] of entries.entries()) {
        const refusal = stored.get(index)
        if (refusal) refuse(entry.gateway, entry.payload, refusal, refused, receipts, entry.id)
        else receipts.committed(entry.gateway.name.number, entry.id)
      }
      const buffers = slabs.map(({ buffer }) => buffer)
      // Samples are copied: their bytes lie in the buffers that are handed back.
      this.#port.post({ kind: 'done', buffers, points, receipts: receipts.pages(), refused, gaps }, buffers)
    }
  }

  #decode(slab: Slab, entries: Entry[], refused: RefusedMessage[], receipts: Receipts, gaps: TelemetryGap[]): void {
    const credible = { from: EARLIEST_CREDIBLE, until: this.#clock.now() + aheadMaxMs }
    for (const { gateway: number, payload } of messagesIn(slab.buffer, slab.used)) {
      const gateway = this.#gateways.get(number)
      if (!gateway) continue // never sent without its name
      const parsed = parseTelemetry(payload)
      if (!parsed.ok) {
        refuse(gateway, payload, parsed, refused, receipts)
        continue
      }
      // Whatever becomes of it, it is not missing.
      for (const run of seen(gateway, parsed.value)) gaps.push({ gateway: number, boot: parsed.value.boot, run })
      const refusal = this.#columns.add(gateway.scope, parsed.value, credible)
      const { id } = parsed.value
      if (refusal) refuse(gateway, payload, refusal, refused, receipts, id)
      else entries.push({ gateway, payload, id })
    }
  }

  /** Undefined when we are closing and the store is away. */
  async #write(entries: readonly Entry[]): Promise<ReadonlyMap<number, Refusal> | undefined> {
    let delay = retryFirst
    let erasures = this.#erasures
    for (let tries = 1; ; tries++) {
      try {
        if (erasures !== this.#erasures) this.#gatherAgain(entries)
        erasures = this.#erasures
        const refused = await this.#store.write(this.#columns)
        this.#stored = true
        this.#report(true, '')
        return refused
      } catch (error) {
        const ours = errorCode(error) !== 'telemetry-unavailable'
        if (ours && tries >= wholeTriesMax) {
          const apart = await this.#writeApart(entries)
          if (apart) return apart
        }
        this.#report(false, errorMessage(error))
        if (this.#closing.signal.aborted) return undefined
        delay = await this.#wait(error, delay)
      }
    }
  }

  /** The store was away while a home was erased: what is tried again is without it. */
  #gatherAgain(entries: readonly Entry[]): void {
    this.#columns.clear()
    for (const { gateway, payload } of entries) {
      const parsed = parseTelemetry(payload)
      if (parsed.ok) this.#columns.add(gateway.scope, parsed.value)
    }
  }

  /** Many servers wait for one store: none comes before it asked them to, nor all of them at once. Answers the next delay. */
  async #wait(error: unknown, delay: Millis): Promise<Millis> {
    const wait = retryAfterOf(error) + delay * (0.5 + this.#random.uniform() / 2)
    await sleep(this.#clock, millis(wait), this.#closing.signal)
    return millis(Math.min(delay * 2, retryMax))
  }

  /** Message by message: those that fail while others succeed are refused. Undefined when all fail: then it is the store. */
  async #writeApart(entries: readonly Entry[]): Promise<ReadonlyMap<number, Refusal> | undefined> {
    const refused = new Map<number, Refusal>()
    const alone = new ColumnBuffer(this.#series)
    for (const [index, { gateway, payload }] of entries.entries()) {
      const parsed = parseTelemetry(payload)
      if (!parsed.ok) continue
      alone.clear()
      alone.add(gateway.scope, parsed.value)
      try {
        const [refusal] = (await this.#store.write(alone)).values()
        if (refusal) refused.set(index, refusal)
      } catch (error) {
        if (errorCode(error) === 'telemetry-unavailable') return undefined
        refused.set(index, { code: 'internal', why: errorMessage(error) })
      }
    }
    return refused.size < entries.length ? refused : undefined
  }

  #report(healthy: boolean, why: string): void {
    if (healthy === this.#healthy) return
    this.#healthy = healthy
    this.#port.post({ kind: 'health', healthy, why }, [])
  }
}

/** What is missing of its gateway now that this message is here. */
function seen(gateway: Gateway, { boot, seq, pendingFrom }: TelemetryMessage): readonly Run[] {
  if (boot !== gateway.boot || !gateway.progress) {
    gateway.boot = boot
    // What was settled before we started listening is not ours to judge.
    gateway.progress = new LaneProgress(pendingFrom - 1)
  }
  return gateway.progress.see(seq, pendingFrom)
}

function refuse(
  gateway: Gateway,
  payload: Uint8Array,
  { code, why }: Refusal,
  refused: RefusedMessage[],
  receipts: Receipts,
  knownId?: string,
): void {
  const { number } = gateway.name
  refused.push({ gateway: number, code, why, sample: payload.slice(0, sampleBytesMax) })
  const id = knownId ?? idOfMalformed(payload)
  if (id) receipts.refused(number, id, code)
}
