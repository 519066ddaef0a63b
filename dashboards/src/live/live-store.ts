import type { Alarm } from '@anju/contract/api'
import { type Millis, millis, type Timer } from '@anju/contract/time'
import { alarms } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { pageClock } from '../edge/page-clock.ts'
import type { FromLive, Link, ToLive } from './connection.ts'
import { type LiveInput, type LiveState, nothingKnown, take } from './live-state.ts'

export interface LiveView extends LiveState {
  readonly link: Link
  /** The open alarms could not be read when they were last asked for. */
  readonly listFailed: boolean
}

/** The first of several changes is told at once, those right behind it together: a flood must not drown the keys. */
const tellEvery: Millis = millis(60)

/** The page's end of the live stream: one worker, one state, and whoever listens to it. */
export class LiveStore {
  #view: LiveView = { ...nothingKnown, link: 'connecting', listFailed: false }
  #told: LiveView = this.#view
  #toldAt = Number.NEGATIVE_INFINITY
  #telling: Timer | undefined
  #clockOffsetMs = 0
  #tickAt = pageClock.now() as number
  #reading: AbortController | undefined
  #worker: Worker | undefined
  readonly #listeners = new Set<() => void>()
  readonly #ticks = new Set<() => void>()
  readonly #onRefused: () => void

  constructor(onRefused: () => void) {
    this.#onRefused = onRefused
  }

  start(): void {
    const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<FromLive>) => this.#hear(data))
    worker.postMessage({ type: 'start' } satisfies ToLive, [])
    this.#worker = worker
  }

  stop(): void {
    this.#telling?.cancel()
    this.#worker?.terminate()
    this.#worker = undefined
  }

  /** What is known now. */
  readonly view = (): LiveView => this.#view
  /** What was known when listeners were last told: what the screen shows. */
  readonly told = (): LiveView => this.#told
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  /** Called once a second by the worker's clock, hidden tab or not. */
  readonly onTick = (listener: () => void): (() => void) => {
    this.#ticks.add(listener)
    return () => this.#ticks.delete(listener)
  }

  /** The server's time at the last tick: what timers on the page show. */
  readonly tickAt = (): number => this.#tickAt

  readonly now = (): number => pageClock.now()
  /** The server's clock as far as this page knows it: ages and leases are counted by it, not by the seat's clock. */
  readonly serverNow = (): number => pageClock.now() + this.#clockOffsetMs

  /** Takes in a command's answer without waiting for the stream to say the same. */
  answered(alarm: Alarm): void {
    this.#take({ type: 'answered', alarm, at: pageClock.now() })
    this.#tell()
  }

  #hear(message: FromLive): void {
    switch (message.type) {
      case 'tick':
        this.#tickAt = this.serverNow()
        this.#take({ type: 'forget', at: this.serverNow() })
        // A hidden tab's own timers may be a minute late; the worker's tick is not.
        if (this.#telling) this.#tell()
        if (this.#view.listFailed && this.#view.link === 'live') void this.#readList()
        for (const tick of this.#ticks) tick()
        return
      case 'link':
        if (message.link === 'lost') this.#reading?.abort()
        this.#set({ ...this.#view, link: message.link })
        this.#tell()
        return
      case 'refused':
        this.#onRefused()
        return
      case 'placed':
        this.#take(message)
        break
      case 'item':
        if (message.item.event === 'status') this.#clockOffsetMs = Date.parse(message.item.data.at) - pageClock.now()
        this.#take({ type: 'item', id: message.id, item: message.item, at: pageClock.now() })
        break
      default:
        message satisfies never
    }
    if (this.#view.listRead < this.#view.listWanted) void this.#readList()
  }

  async #readList(): Promise<void> {
    if (this.#reading) return
    const reading = new AbortController()
    this.#reading = reading
    try {
      do {
        const { changes, listWanted } = this.#view
        const listed = await alarms.open(reading.signal)
        this.#take({ type: 'listed', alarms: listed, asked: changes, wanted: listWanted, at: pageClock.now() })
        this.#set({ ...this.#view, listFailed: false })
      } while (this.#view.listRead < this.#view.listWanted)
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) this.#onRefused()
      // What was known stays on the screen; the next second asks again.
      this.#set({ ...this.#view, listFailed: true })
    } finally {
      this.#reading = undefined
    }
  }

  #take(input: LiveInput): void {
    const next = take(this.#view, input)
    if (next !== this.#view) this.#set({ ...this.#view, ...next })
  }

  #set(view: LiveView): void {
    this.#view = view
    if (this.#telling) return
    const wait = this.#toldAt + tellEvery - pageClock.monotonic()
    if (wait <= 0) this.#tell()
    else this.#telling = pageClock.after(millis(wait), () => this.#tell())
  }

  #tell(): void {
    this.#telling?.cancel()
    this.#telling = undefined
    this.#toldAt = pageClock.monotonic()
    this.#told = this.#view
    for (const listener of this.#listeners) listener()
  }
}
