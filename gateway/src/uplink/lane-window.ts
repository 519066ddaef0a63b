import { type Lane, type Millis, type Monotonic, type Random, seconds } from '@anju/contract'
import type { Entry, EntryKey } from '../ports.ts'

/** Unsettled and sent, per lane: with three small windows a press overtakes any backlog of the other lanes. */
export const inFlightMax = 16
/** Of these, places in the life lane that its own backlog may not take: for the press of a device that has none waiting. */
export const overtakingMax = 4
const resendFirst: Readonly<Record<Lane, Millis>> = { life: seconds(2), technical: seconds(30), telemetry: seconds(30) }
const resendMax: Readonly<Record<Lane, Millis>> = {
  life: seconds(30),
  technical: seconds(300),
  telemetry: seconds(300),
}
/** Sent so often without a word while others got theirs: it steps aside, so that one entry cannot hold up its lane for ever. */
const asideAfterSends = 5
const asideMax = 64
/** A slow link must not have more than this of telemetry in front of a press. */
const telemetryCharsMax = 64 * 1024

interface Flight {
  readonly id: string
  readonly key: EntryKey
  readonly chars: number
  sends: number
  dueAt: number
  /** Receipts of anything that had come when it was first sent. */
  receiptsBefore: number
  settling: boolean
  /** Sent in front of older entries of other devices. */
  readonly overtook: boolean
}

/** What of one lane is to be sent now, and again when. Pure but for its own memory: time is given, nothing is sent here. */
export class LaneWindow {
  readonly lane: Lane
  readonly #random: Random
  readonly #flights = new Map<string, Flight>()
  #heldUntil = 0
  #receipts = 0

  constructor(lane: Lane, random: Random) {
    this.lane = lane
    this.#random = random
  }

  /** How many of the lane's oldest entries must be looked at. */
  get headLimit(): number {
    return inFlightMax + this.#aside(false) + this.#aside(true)
  }

  get inFlight(): number {
    return this.#flights.size
  }

  /** How many may be under way in the lane's own order; the rest is for those that overtake. */
  get inOrderMax(): number {
    return this.lane === 'life' ? inFlightMax - overtakingMax : inFlightMax
  }

  /** Something was sent and not answered. */
  get waiting(): boolean {
    return [...this.#flights.values()].some(({ settling }) => !settling)
  }

  /** Whether looking at the oldest entries could lead to anything now. */
  wants(now: Monotonic): boolean {
    if (now < this.#heldUntil) return false
    if (this.#underWay(false) < this.inOrderMax) return true
    if (this.lane === 'life' && this.#underWay(true) < overtakingMax) return true
    return [...this.#flights.values()].some(({ settling, dueAt }) => !settling && dueAt <= now)
  }

  /** Which go out now: of the oldest in their order, then of those that may overtake, each the oldest of its device. */
  take(head: readonly Entry[], now: Monotonic, overtaking: readonly Entry[] = []): Entry[] {
    const present = new Set<string>([...head, ...overtaking].map(({ id }) => id))
    if (now < this.#heldUntil) return []
    // Gone from the table (dropped for room), or pushed back by a refill of older ones: what is still there will be seen again.
    for (const [id, { dueAt, settling }] of this.#flights)
      if (!present.has(id) && !settling && dueAt <= now) this.#flights.delete(id)
    const inOrder = this.#choose(head, now, this.inOrderMax - this.#underWay(false), false)
    return [...inOrder, ...this.#choose(overtaking, now, overtakingMax - this.#underWay(true), true)]
  }

  /** What is due again of these, and as many new ones as there is room for. */
  #choose(candidates: readonly Entry[], now: Monotonic, places: number, overtook: boolean): Entry[] {
    let room = places
    let closed = false
    let chars = [...this.#flights.values()].reduce((sum, flight) => sum + flight.chars, 0)
    const out: Entry[] = []
    for (const entry of candidates) {
      const flight = this.#flights.get(entry.id)
      if (flight) {
        if (flight.settling || flight.dueAt > now) continue
        this.#sent(flight, now)
        out.push(entry)
        continue
      }
      const size = entry.lane === 'telemetry' ? entry.series.length : 0
      // No new one passes another, but those behind that are under way already may be due again.
      closed ||= room <= 0 || (chars > 0 && chars + size > telemetryCharsMax)
      if (closed) continue
      const fresh: Flight = {
        id: entry.id,
        key: { boot: entry.boot, seq: entry.seq },
        chars: size,
        sends: 0,
        dueAt: 0,
        receiptsBefore: this.#receipts,
        settling: false,
        overtook,
      }
      this.#flights.set(entry.id, fresh)
      this.#sent(fresh, now)
      room--
      chars += size
      out.push(entry)
    }
    return out
  }

  /** Somebody at the other end is answering; the entry of that id when it is ours. It is not sent again until `settled` or `revive`. */
  answered(id: string): EntryKey | undefined {
    const flight = this.#flights.get(id)
    if (!flight || flight.settling) return undefined
    flight.settling = true
    return flight.key
  }

  countReceipts(receipts: number): void {
    this.#receipts += receipts
  }

  /** Out of the lane's table, or changed there: forget that it was sent. */
  settled(id: string): void {
    this.#flights.delete(id)
  }

  /** Its settlement could not be stored: the server will be asked again. */
  revive(id: string, now: Monotonic): void {
    const flight = this.#flights.get(id)
    if (!flight) return
    flight.settling = false
    flight.dueAt = now + resendFirst[this.lane]
  }

  /** Back-pressure. Life is never held back. */
  hold(length: Millis, now: Monotonic): void {
    if (this.lane === 'life') return
    this.#heldUntil = Math.max(this.#heldUntil, now + length)
    for (const flight of this.#flights.values()) flight.dueAt = Math.max(flight.dueAt, this.#heldUntil)
  }

  /** A new connection: what the old one carried may be lost, so everything is due. A hold was another connection's word. */
  reset(): void {
    this.#heldUntil = 0
    for (const flight of this.#flights.values()) {
      flight.dueAt = 0
      flight.sends = 0
      flight.receiptsBefore = this.#receipts
    }
  }

  /** When something of what was sent is due again, or the hold ends. */
  nextDue(now: Monotonic): number | undefined {
    let first = this.#heldUntil > now ? this.#heldUntil : Number.POSITIVE_INFINITY
    for (const { settling, dueAt } of this.#flights.values()) if (!settling) first = Math.min(first, dueAt)
    return Number.isFinite(first) ? Math.max(first, this.#heldUntil) : undefined
  }

  #sent(flight: Flight, now: Monotonic): void {
    const wait = Math.min(resendMax[this.lane], resendFirst[this.lane] * 2 ** flight.sends)
    flight.sends++
    // A tenth of jitter, upwards only: never sooner than agreed.
    flight.dueAt = now + wait * (1 + this.#random.uniform() / 10)
  }

  /** How many take up a place. */
  #underWay(overtook: boolean): number {
    let flights = 0
    for (const flight of this.#flights.values()) if (flight.overtook === overtook) flights++
    return flights - this.#aside(overtook)
  }

  #aside(overtook: boolean): number {
    let aside = 0
    for (const flight of this.#flights.values())
      if (flight.overtook === overtook && flight.sends >= asideAfterSends && this.#receipts > flight.receiptsBefore)
        aside++
    return Math.min(aside, asideMax)
  }
}
