import {
  type Clock,
  classOf,
  type DeviceId,
  elapsed,
  errorMessage,
  formatInstant,
  type GatewayId,
  LANES,
  type Lane,
  type Monotonic,
  type PlacementId,
  type Receipt,
  seconds,
} from '@anju/contract'
import type { Outbox } from '../outbox/outbox.ts'
import type { Tally } from '../pipeline/tally.ts'
import type { Entry, EntryKey, EventDraft, EventEntry, Log } from '../ports.ts'
import type { LaneWindow } from './lane-window.ts'

export interface ReceiptContext {
  readonly gateway: GatewayId
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly tally: Tally
}

/** Refused telemetry is reported once a minute and code, or the reports would outnumber the samples. */
const refusalReportEvery = seconds(60)
const codesRememberedMax = 100

/** What the server says of our entries: committed, refused, or wait. Only this settles anything. */
export class ReceiptDesk {
  readonly #context: ReceiptContext
  readonly #windows: Readonly<Record<Lane, LaneWindow>>
  readonly #afterwards: () => void
  readonly #reportedAt = new Map<string, Monotonic>()

  /** `afterwards` runs when an answer is on the disk: there is room in a window again. */
  constructor(context: ReceiptContext, windows: Readonly<Record<Lane, LaneWindow>>, afterwards: () => void) {
    this.#context = context
    this.#windows = windows
    this.#afterwards = afterwards
  }

  take({ ids, refused = {}, retryAfterS }: Receipt): void {
    const named = new Set<Lane>()
    for (const lane of LANES) {
      const window = this.#windows[lane]
      window.countReceipts(ids.length)
      const settled = ids.flatMap((id) => {
        const key = window.answered(id)
        return key ? [{ id, key }] : []
      })
      if (settled.length > 0) {
        named.add(lane)
        void this.#finish(
          window,
          settled.map(({ id }) => id),
          this.#settle(lane, settled),
        )
      }
      if (this.#refusals(window, refused)) named.add(lane)
    }
    if (retryAfterS === undefined) return
    const now = this.#context.clock.monotonic()
    for (const lane of named.size > 0 ? named : (['telemetry'] as const))
      this.#windows[lane].hold(seconds(retryAfterS), now)
  }

  /** Also notes L2 of a life event: the home's page shows it even if the centre never says more. */
  #settle(lane: Lane, settled: readonly { readonly id: string; readonly key: EntryKey }[]): Promise<unknown> {
    const { outbox, clock } = this.#context
    const stored = outbox.settle(
      lane,
      settled.map(({ key }) => key),
    )
    if (lane !== 'life') return stored
    const at = formatInstant(clock.now())
    return Promise.all([stored, ...settled.map(({ id }) => outbox.noteHandling({ event: id, rung: 'L2', at }))])
  }

  #refusals(window: LaneWindow, refused: Readonly<Record<string, string>>): boolean {
    let any = false
    const wanted = Object.entries(refused)
    if (wanted.length === 0) return false
    for (const [id, code] of wanted) {
      const key = window.answered(id)
      if (!key) continue
      any = true
      const entry = this.#context.outbox.entry(window.lane, key)
      void this.#finish(window, [id], entry ? this.#refuse(entry, code) : Promise.resolve())
    }
    return any
  }

  async #finish(window: LaneWindow, ids: readonly string[], stored: Promise<unknown>): Promise<void> {
    try {
      await stored
      for (const id of ids) window.settled(id)
    } catch (error) {
      this.#context.log.error({ lane: window.lane, why: errorMessage(error) }, 'a receipt could not be stored')
      for (const id of ids) window.revive(id, this.#context.clock.monotonic())
    }
    this.#afterwards()
  }

  /** Never sent again as it was. What may cost a life is tried once more with nothing but what an alarm needs. */
  #refuse(entry: Entry, code: string): Promise<void> {
    const { outbox, log, tally } = this.#context
    log.error({ id: entry.id, lane: entry.lane, code }, 'the server refused an entry')
    tally.count(`refused-${entry.lane}`)
    if (entry.lane === 'life' && !entry.minimal) return outbox.reduce('life', entry, code, this.#report(entry, code))
    // A report about a refused report would go on for ever.
    const quiet = entry.lane === 'telemetry' ? this.#reportedLately(code) : entry.body.type === 'event-refused'
    return outbox.bury(entry.lane, entry, code, quiet ? undefined : this.#report(entry, code))
  }

  #reportedLately(code: string): boolean {
    const now = this.#context.clock.monotonic()
    const before = this.#reportedAt.get(code)
    if (before !== undefined && elapsed(before, now) < refusalReportEvery) return true
    if (this.#reportedAt.size >= codesRememberedMax) this.#reportedAt.clear()
    this.#reportedAt.set(code, now)
    return false
  }

  #report(entry: Entry, code: string): EventDraft {
    const { gateway, clock } = this.#context
    const about = (entry as Partial<EventEntry>).body
    return {
      type: 'event-refused',
      class: classOf('event-refused'),
      phase: 'raised',
      placement: about?.placement ?? ('gateway' as PlacementId),
      device: about?.device ?? (gateway as string as DeviceId),
      heard: { at: clock.now(), mono: clock.monotonic() },
      snapshot: { refused: entry.id, lane: entry.lane, code, ...(about && { type: about.type }) },
    }
  }
}
