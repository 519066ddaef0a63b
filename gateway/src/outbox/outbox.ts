import type { DatabaseSync } from 'node:sqlite'
import {
  type Clock,
  type EventId,
  type HandlingMessage,
  LANES,
  type Lane,
  laneOf,
  type Measurement,
  type Millis,
  type Random,
  seconds,
  type Timer,
} from '@anju/contract'
import { newIds } from '../new-ids.ts'
import type { Entry, EntryKey, EventBody, EventDraft, EventEntry, EventLane, Log, QueueDepths, Work } from '../ports.ts'
import { sealed } from './columnar.ts'
import { GroupCommit } from './group-commit.ts'
import { LaneTables } from './lane-tables.ts'
import { Notebook } from './notebook.ts'
import { Space, type SpaceLimits } from './space.ts'
import { markDamaged, openStoreFile, type StoreFile } from './store-file.ts'
import { StoredTimes } from './stored-times.ts'

export interface OutboxOptions {
  readonly dir: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly limits?: SpaceLimits
  /** A sample waits at most so long for company before it is sealed into a message. */
  readonly flushEvery?: Millis
  /** The file broke under way: it takes nothing more, and whoever opens it next carries over what can be read. */
  readonly onDamaged?: (why: string) => void
}

/** A message is sealed when it has so many samples, or when its first one has waited long enough. */
const samplesPerMessageMin = 10
const MEBIBYTE = 1_048_576
const DEFAULT_LIMITS: SpaceLimits = { bytesMax: 512 * MEBIBYTE, lifeReserveBytes: 16 * MEBIBYTE }

/** What one transaction is about to make true; replaced, never mended, when it fails. */
interface Draft {
  readonly seq: Record<Lane, number>
  readonly depth: Record<Lane, number>
  readonly events: EventEntry[]
  readonly samples: Measurement[]
  readonly states: Map<string, string>
}

/** The gateway's disk: what was appended is on it when the promise resolves, and stays until a receipt settles it. */
export class Outbox {
  readonly boot: number
  readonly salvage: StoreFile['salvage']
  readonly notebook: Notebook
  readonly #options: OutboxOptions
  readonly #db: DatabaseSync
  readonly #tables: LaneTables
  readonly #space: Space
  readonly #group: GroupCommit
  readonly #newId: () => string
  readonly #states: Map<string, string>
  readonly #seq: Record<Lane, number> = { life: 0, technical: 0, telemetry: 0 }
  readonly #depth: Record<Lane, number>
  readonly #storedAt = new StoredTimes()
  readonly #listeners = new Set<(lane: Lane) => void>()
  #staged: Measurement[] = []
  #draft: Draft | undefined
  #sealNow = false
  #flushTimer: Timer | undefined

  constructor(options: OutboxOptions) {
    const limits = options.limits ?? DEFAULT_LIMITS
    const { db, boot, salvage } = openStoreFile(options.dir, limits, options.clock, options.log)
    this.#options = options
    this.#db = db
    this.boot = boot
    this.salvage = salvage
    this.#tables = new LaneTables(db)
    this.notebook = new Notebook(db)
    this.#space = new Space(db, options.dir, limits, options.clock, options.log)
    this.#newId = newIds(options.clock, options.random)
    const [life, technical, telemetry] = LANES.map((lane) => this.#tables.count(lane)) as [number, number, number]
    this.#depth = { life, technical, telemetry }
    this.#states = this.notebook.states()
    this.#staged = this.notebook.staged()
    this.#group = new GroupCommit(db, {
      beforeCommit: () => this.#beforeCommit(),
      afterCommit: () => this.#afterCommit(),
      afterRollback: () => void (this.#draft = undefined),
      makeRoom: () => this.#makeRoom(),
      onDamaged: (why) => {
        markDamaged(options.dir, why)
        options.onDamaged?.(why)
      },
    })
    if (this.#staged.length > 0) this.#sealLater()
  }

  /**
   * Stores what one thing heard leads to, all or nothing; resolves after fsync with the ids of its events, in order.
   * @throws DomainError `store-unavailable` when the disk would not take it: then nothing of it happened.
   */
  append(work: Work): Promise<readonly EventId[]> {
    const urgent = work.events?.some(({ class: eventClass }) => laneOf(eventClass) === 'life')
    return this.#group.run(urgent ? 0 : work.events?.length ? 1 : 2, () => {
      const ids = (work.events ?? []).map((event) => this.#store(event))
      for (const sample of work.samples ?? []) this.#work().samples.push(sample)
      for (const [key, body] of Object.entries(work.states ?? {})) {
        this.notebook.saveState(key, body)
        this.#work().states.set(key, body)
      }
      for (const item of work.quarantined ?? []) this.notebook.quarantine(item)
      return ids
    })
  }

  /** A named piece of memory as it is on the disk. */
  state(key: string): string | undefined {
    return this.#states.get(key)
  }

  /** The oldest unsettled entries of a lane. */
  head(lane: Lane, limit: number): Entry[] {
    if (lane === 'telemetry') return this.#tables.telemetry(limit)
    return this.#tables.events(lane, limit).map((entry) => this.#storedAt.stamped(entry))
  }

  /** The newest unsettled life events whose devices have no older one waiting. */
  newcomers(limit: number): EventEntry[] {
    return this.#tables.newcomers(limit).map((entry) => this.#storedAt.stamped(entry))
  }

  /** One unsettled entry, wherever it stands in its lane. */
  entry(lane: Lane, key: EntryKey): Entry | undefined {
    return this.#tables.one(lane, key)
  }

  /** The lane's lowest unsettled number of that boot; after the last one given when nothing is pending. */
  pendingFrom(lane: Lane, boot: number): number {
    return this.#tables.firstSeq(lane, boot) ?? (boot === this.boot ? this.#seq[lane] + 1 : 1)
  }

  depths(): QueueDepths {
    return { ...this.#depth }
  }

  get full(): boolean {
    return this.#space.full
  }

  /** The server has committed these. */
  settle(lane: Lane, keys: readonly EntryKey[]): Promise<void> {
    return this.#group.run(1, () => {
      for (const { boot, seq } of keys)
        if (this.#tables.settle(lane, boot, seq, this.#options.clock.now())) this.#work().depth[lane]--
    })
  }

  /** The server will never take this one: it goes to the dead letters, and `report` says so in the same breath. */
  bury(lane: Lane, { boot, seq }: EntryKey, code: string, report?: EventDraft): Promise<void> {
    return this.#group.run(1, () => {
      this.#tables.bury(lane, boot, seq, code, this.#options.clock.now())
      if (this.#tables.delete(lane, boot, seq)) this.#work().depth[lane]--
      if (lane === 'telemetry') this.#space.recordGap(lane, boot, seq, 'refused')
      if (report) this.#store(report)
    })
  }

  /** A refused life event is kept as it was among the dead letters, and sent once more with only what an alarm needs. */
  reduce(lane: EventLane, { boot, seq }: EntryKey, code: string, report: EventDraft): Promise<void> {
    return this.#group.run(0, () => {
      this.#tables.bury(lane, boot, seq, code, this.#options.clock.now())
      this.#tables.markMinimal(lane, boot, seq)
      this.#store(report)
    })
  }

  /** Puts settled events back into their lane; resolves with how many. */
  refill(lane: EventLane, boot: number, from: number, to: number): Promise<number> {
    return this.#group.run(1, () => {
      const put = this.#tables.unsettle(lane, boot, from, to)
      this.#work().depth[lane] += put
      return put
    })
  }

  /** How many entries of a range still wait for their receipt. */
  pendingIn(lane: Lane, boot: number, from: number, to: number): number {
    return this.#tables.pendingIn(lane, boot, from, to)
  }

  noteHandling(message: HandlingMessage): Promise<void> {
    return this.#group.run(2, () => this.notebook.noteHandling(message))
  }

  /** The newest life events, settled or not, for the local page. */
  recentLife(limit: number): { readonly entry: EventEntry; readonly settled: boolean }[] {
    return this.#tables.recentLife(limit)
  }

  /** Seven days of settled events and bounded books; also takes the ballast back. Run it hourly. */
  tidy(): Promise<void> {
    return this.#group
      .run(2, () => this.notebook.prune(this.#options.clock.now()))
      .then(() => this.#space.restoreBallast())
  }

  /** Tells which lanes have something new, after it is on disk. */
  onStored(listener: (lane: Lane) => void): void {
    this.#listeners.add(listener)
  }

  close(): void {
    this.#flushTimer?.cancel()
    this.#group.close()
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    this.#db.close()
  }

  #work(): Draft {
    this.#draft ??= { seq: { ...this.#seq }, depth: { ...this.#depth }, events: [], samples: [], states: new Map() }
    return this.#draft
  }

  #store(draft: EventDraft): EventId {
    const work = this.#work()
    const lane = laneOf(draft.class)
    const { type, class: eventClass, phase, placement, device, heard, snapshot } = draft
    const id = this.#newId() as EventId
    const body: EventBody = { type, class: eventClass, phase, placement, device, ...(snapshot && { snapshot }) }
    const storedAt = this.#options.clock.now()
    const seq = ++work.seq[lane]
    const entry = { boot: this.boot, seq, id, heardAt: heard.at, heardMono: heard.mono, storedAt, body }
    this.#tables.insertEvent(lane, entry)
    work.depth[lane]++
    work.events.push({ ...entry, lane, minimal: false })
    return id
  }

  #beforeCommit(): void {
    const draft = this.#draft
    const together = [...this.#staged, ...(draft?.samples ?? [])]
    if (together.length > 0 && (this.#sealNow || together.length >= samplesPerMessageMin)) {
      this.#work().depth.telemetry -= this.#space.keepReserve()
      for (const series of sealed(together)) {
        const work = this.#work()
        const seq = ++work.seq.telemetry
        this.#tables.insertTelemetry({ lane: 'telemetry', boot: this.boot, seq, id: this.#newId(), series })
        work.depth.telemetry++
      }
      if (this.#staged.length > 0) this.#db.exec('DELETE FROM sample')
    } else for (const sample of draft?.samples ?? []) this.notebook.stage(sample)
  }

  #afterCommit(): void {
    const draft = this.#draft
    this.#draft = undefined
    if (!draft) return
    const wereSealed = draft.seq.telemetry > this.#seq.telemetry
    const grown = LANES.filter((lane) => draft.depth[lane] > this.#depth[lane] || draft.seq[lane] > this.#seq[lane])
    Object.assign(this.#seq, draft.seq)
    Object.assign(this.#depth, draft.depth)
    for (const [key, body] of draft.states) this.#states.set(key, body)
    for (const { id } of draft.events) this.#storedAt.remember(id, this.#options.clock.now())
    if (wereSealed) {
      this.#staged = []
      this.#sealNow = false
    } else {
      this.#staged.push(...draft.samples)
      if (this.#staged.length > 0) this.#sealLater()
    }
    // Life first: whoever listens sends before it looks at the rest.
    for (const lane of grown) for (const listener of this.#listeners) listener(lane)
  }

  #makeRoom(): boolean {
    const more = this.#space.makeRoom()
    for (const lane of ['technical', 'telemetry'] as const) this.#depth[lane] = this.#tables.count(lane)
    return more
  }

  #sealLater(): void {
    this.#flushTimer ??= this.#options.clock.after(this.#options.flushEvery ?? seconds(5), () => {
      this.#flushTimer = undefined
      this.#sealNow = true
      this.#group
        .run(2, () => undefined)
        .catch((error: unknown) => this.#options.log.error({ error }, 'samples could not be sealed'))
    })
  }
}
