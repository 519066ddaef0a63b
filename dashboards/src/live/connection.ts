import type { LiveItem } from '@anju/contract/api'
import type { Random } from '@anju/contract/random'
import { type Clock, elapsed, type Millis, type Monotonic, millis, seconds, sleep } from '@anju/contract/time'
import { EventStreamReader, type StreamEvent } from './event-stream.ts'

export type Link = 'connecting' | 'live' | 'lost'
/** What the worker says to the page. */
export type FromLive =
  | { readonly type: 'link'; readonly link: Link }
  /**
   * The stream has said where it stands, and tells everything from there on: what happened up to here is in the list of
   * open alarms, read from now on. Read before, the list could miss what came between it and the stream.
   */
  | { readonly type: 'placed'; readonly at: string }
  | { readonly type: 'item'; readonly id: string | null; readonly item: LiveItem }
  /** Once a second, also while the page is hidden: its own timers would be throttled to one a minute. */
  | { readonly type: 'tick' }
  /** The session is over; the connection has stopped. */
  | { readonly type: 'refused'; readonly status: number }
export type ToLive = { readonly type: 'start' } | { readonly type: 'stop' }

/** The server speaks at least every 10 s. Beyond this the line is called lost, in time for the 15 s of A-05. */
export const silenceMax: Millis = seconds(13)
/** A connection that is not answered in this time is tried anew. */
const answerMax: Millis = seconds(4)
/** Where connecting fails outright there is no heartbeat left to wait for. */
const refusedMax: Millis = seconds(5)
const retryFirst: Millis = millis(250)
const retryMax: Millis = seconds(2)

interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly post: (message: FromLive) => void
}

/** Keeps one live stream open: resumes after the last id it read, watches its silence, says what it hears. */
export class LiveConnection {
  readonly #ports: Ports
  #lastId: string | null = null
  #link: Link = 'connecting'
  #heardAt: Monotonic
  #triedAt: Monotonic
  #answered = false
  #retry = retryFirst
  #failing = false
  #running: AbortController | undefined
  #attempt: AbortController | undefined

  constructor(ports: Ports) {
    this.#ports = ports
    this.#heardAt = ports.clock.monotonic()
    this.#triedAt = this.#heardAt
  }

  start(): void {
    if (this.#running) return
    const running = new AbortController()
    this.#running = running
    this.#heardAt = this.#ports.clock.monotonic()
    const watch = this.#ports.clock.every(seconds(1), () => this.#watch())
    running.signal.addEventListener('abort', () => watch.cancel(), { once: true })
    void this.#run(running.signal)
  }

  stop(): void {
    this.#running?.abort()
    this.#attempt?.abort()
    this.#running = undefined
    this.#lastId = null
    this.#link = 'connecting'
    this.#failing = false
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const attempt = new AbortController()
      this.#attempt = attempt
      this.#triedAt = this.#ports.clock.monotonic()
      this.#answered = false
      try {
        if ((await this.#read(attempt.signal)) === 'refused') return this.stop()
      } catch {
        // Whatever broke it, the answer is to connect again; the watch tells the page when that takes too long.
        this.#failing = true
      }
      if (signal.aborted) return
      if (this.#link === 'live') this.#say('connecting')
      await sleep(this.#ports.clock, millis(this.#retry * (0.5 + this.#ports.random.uniform())), signal)
      this.#retry = millis(Math.min(this.#retry * 2, retryMax))
    }
  }

  async #read(signal: AbortSignal): Promise<'ended' | 'refused'> {
    const headers: Record<string, string> = { accept: 'text/event-stream' }
    if (this.#lastId !== null) headers['last-event-id'] = this.#lastId
    const response = await this.#ports.fetch('/api/v1/live', { headers, signal, cache: 'no-store' })
    if (response.status === 401 || response.status === 403) {
      this.#ports.post({ type: 'refused', status: response.status })
      return 'refused'
    }
    if (!response.ok || !response.body) throw new Error(`the live stream answered ${response.status}`)
    this.#heard()
    const events = new EventStreamReader()
    const text = new TextDecoder()
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return 'ended'
      this.#heard()
      for (const event of events.push(text.decode(value, { stream: true }))) this.#pass(event)
    }
  }

  #pass({ id, event, data }: StreamEvent): void {
    if (data === null) {
      if (id === null || this.#lastId !== null) return
      this.#lastId = id
      this.#ports.post({ type: 'placed', at: id })
      return
    }
    const item = { event, data: this.#parse(data) } as LiveItem
    const numbered = item.event !== 'status'
    if (numbered) this.#lastId = id
    this.#ports.post({ type: 'item', id: numbered ? id : null, item })
  }

  /** An item that cannot be read would be replayed for ever: forget the place, so that the page reads the list anew. */
  #parse(data: string): unknown {
    try {
      return JSON.parse(data)
    } catch (error) {
      this.#lastId = null
      throw error
    }
  }

  #heard(): void {
    this.#heardAt = this.#ports.clock.monotonic()
    this.#failing = false
    this.#answered = true
    this.#retry = retryFirst
    if (this.#link !== 'live') this.#say('live')
  }

  #watch(): void {
    this.#ports.post({ type: 'tick' })
    const now = this.#ports.clock.monotonic()
    const silence = elapsed(this.#heardAt, now)
    // A line that is silent so long is dead, whatever TCP believes; a fresh attempt gets its own time.
    const patience = this.#answered ? silenceMax : answerMax
    if (Math.min(silence, elapsed(this.#triedAt, now)) >= patience) this.#attempt?.abort()
    if (this.#link !== 'lost' && silence >= (this.#failing ? refusedMax : silenceMax)) this.#say('lost')
  }

  #say(link: Link): void {
    this.#link = link
    this.#ports.post({ type: 'link', link })
  }
}
