import {
  type Clock,
  DomainError,
  elapsed,
  errorMessage,
  type Millis,
  type Monotonic,
  millis,
  type Random,
  seconds,
  sleep,
  type Timer,
} from '@anju/contract'
import type { LinkState, Log } from '../ports.ts'
import type { LineUrl } from './line-url.ts'
import type { OpenTransport, Transport, TransportEvents } from './transport.ts'

export interface LineOptions {
  readonly id: string
  readonly url: LineUrl
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly open: OpenTransport
  /** Open, and nothing understood for so long: a dongle that hangs or garbles is closed and opened again. */
  readonly quietMax: Millis
}

const reopenFirstMs = 250
const reopenMaxMs = 3_000
const heldFor = seconds(3)
const presenceEvery = seconds(1)
/** A hung adapter may never say that it is closed; a line that waited for it for ever would be deaf. */
const closeMax = seconds(5)
/** How many speakers may wait for their turn. */
const turnsWaitingMax = 64

/** The one owner of a serial line: opens it, opens it again for ever, gives out turns, and says how it is. */
export class Line {
  readonly id: string
  readonly #options: LineOptions
  readonly #byteListeners = new Set<(bytes: Uint8Array) => void>()
  readonly #stateListeners = new Set<(state: LinkState) => void>()
  #transport: Transport | undefined
  /** As the open port is set; undefined for a converter, which has its speed from whoever set it up. */
  #baud: number | undefined
  /** When the last byte written will have left the port. */
  #leftAt = 0
  #state: LinkState
  #attempts = 0
  #timer: Timer | undefined
  readonly #watches: Timer[] = []
  #lastFrame: Monotonic
  /** Bytes since then that were no frame. */
  #garbage = false
  readonly #stopping = new AbortController()
  #opening: Promise<void> = Promise.resolve()
  #closing: Promise<unknown> = Promise.resolve()
  #turn: Promise<unknown> = Promise.resolve()
  #turnsWaiting = 0

  constructor(options: LineOptions) {
    this.id = options.id
    this.#options = options
    this.#state = { id: options.id, state: 'down', why: 'not opened yet' }
    this.#lastFrame = options.clock.monotonic()
  }

  get state(): LinkState {
    return this.#state
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#byteListeners.add(listener)
  }

  /** The driver made sense of what came: bytes alone prove neither speed nor parity, nor that anybody is there. */
  understood(): void {
    this.#lastFrame = this.#options.clock.monotonic()
    this.#garbage = false
    if (this.#state.state !== 'up') this.#proven()
  }

  /** Called when the state or its reason changes, and for every failed try to open a line that is down. */
  onState(listener: (state: LinkState) => void): void {
    this.#stateListeners.add(listener)
  }

  /** Resolves after the first try, whatever came of it. */
  start(): Promise<void> {
    const { clock, quietMax } = this.#options
    this.#watches.push(
      clock.every(millis(Math.max(250, quietMax / 8)), () => this.#checkFlow()),
      clock.every(presenceEvery, () => void this.#checkPresence()),
    )
    return this.#open()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#timer?.cancel()
    for (const watch of this.#watches) watch.cancel()
    await this.#opening
    await this.#closing
    await this.#transport?.close()
    this.#transport = undefined
  }

  /** @throws DomainError `port-unavailable` when the line is down. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#transport) throw this.#unavailable('is down')
    const from = Math.max(this.#options.clock.monotonic(), this.#leftAt)
    try {
      await this.#transport.write(bytes)
    } catch (error) {
      throw this.#unavailable(errorMessage(error), error)
    }
    this.#leftAt = from + onTheWayMs(bytes.byteLength, this.#options.url, this.#baud)
  }

  get speedChanges(): boolean {
    return this.#options.url.kind === 'serial'
  }

  /**
   * Another speed in the middle of a conversation, once everything written has left the port.
   * @throws DomainError `port-unavailable` when the line is down or the port refuses.
   */
  async setBaud(baud: number): Promise<void> {
    if (this.#options.url.kind === 'tcp') return
    if (!this.#transport) throw this.#unavailable('is down')
    await this.#changeSpeed(this.#transport, baud)
  }

  /** The line's own speed again, whatever happened meanwhile: a port that refuses it is closed and opened anew. */
  async restoreBaud(): Promise<void> {
    const { url, log } = this.#options
    if (url.kind === 'tcp' || !this.#transport) return
    try {
      await this.#changeSpeed(this.#transport, url.baud)
    } catch (error) {
      log.warn({ line: this.id, why: errorMessage(error) }, 'the speed of a line could not be restored')
    }
  }

  async #changeSpeed(transport: Transport, baud: number): Promise<void> {
    if (baud === this.#baud || !transport.setBaud) return
    const { clock } = this.#options
    // A driver says that everything is sent when a USB adapter still has the last bytes.
    const wait = this.#leftAt - clock.monotonic()
    if (wait > 0) await sleep(clock, millis(Math.ceil(wait)), this.#stopping.signal)
    if (this.#transport !== transport) throw this.#unavailable('was opened anew')
    try {
      await transport.setBaud(baud)
    } catch (error) {
      // Nobody knows at which speed the port is now.
      const why = `its speed could not be changed: ${errorMessage(error)}`
      if (this.#transport === transport) this.#openAgain(transport, why)
      throw this.#unavailable(why, error)
    }
    if (this.#transport === transport) this.#baud = baud
  }

  #unavailable(why: string, cause?: unknown): DomainError {
    return new DomainError('port-unavailable', `line ${this.id}: ${why}`, {}, { cause })
  }

  /**
   * A conversation on the line; others wait until it is over.
   * @throws DomainError `overloaded` when too many wait.
   */
  takeTurn<T>(conversation: () => Promise<T>): Promise<T> {
    if (this.#turnsWaiting >= turnsWaitingMax)
      return Promise.reject(
        new DomainError('overloaded', `line ${this.id}: more than ${turnsWaitingMax} wait for a turn`),
      )
    this.#turnsWaiting++
    const mine = this.#turn.then(conversation).finally(() => this.#turnsWaiting--)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  #open(): Promise<void> {
    this.#opening = this.#tryOpen()
    return this.#opening
  }

  async #tryOpen(): Promise<void> {
    let transport: Transport | undefined
    let closed: string | undefined
    await this.#closing
    if (this.#stopping.signal.aborted) return
    try {
      const events: TransportEvents = {
        onBytes: (bytes) => this.#hear(bytes),
        onClosed: (why) => {
          closed = why
          if (transport && transport === this.#transport) this.#onClosed(why)
        },
      }
      transport = await this.#options.open(this.#options.url, events, this.#stopping.signal)
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#onClosed(errorMessage(error))
      return
    }
    if (this.#stopping.signal.aborted) return transport.close()
    if (closed !== undefined) return this.#onClosed(closed)
    this.#transport = transport
    const { url } = this.#options
    this.#baud = url.kind === 'serial' ? url.baud : undefined
    this.#leftAt = 0
    this.#lastFrame = this.#options.clock.monotonic()
    this.#garbage = false
    if (this.#state.state === 'degraded') return
    if (this.#attempts === 0) return this.#say({ id: this.id, state: 'up' })
    // A converter that serves somebody else lets us in and throws us out: up is what has held, or has spoken.
    this.#timer = this.#options.clock.after(heldFor, () => this.#proven())
  }

  #hear(bytes: Uint8Array): void {
    this.#garbage = true
    if (this.#state.state === 'down') this.#proven()
    for (const listener of this.#byteListeners) listener(bytes)
  }

  #proven(): void {
    this.#timer?.cancel()
    this.#attempts = 0
    this.#say({ id: this.id, state: 'up' })
  }

  #onClosed(why: string): void {
    this.#transport = undefined
    if (this.#stopping.signal.aborted) return
    this.#say({ id: this.id, state: 'down', why: why.slice(0, 200) })
    const { clock, random, log } = this.#options
    const ceiling = Math.min(reopenMaxMs, reopenFirstMs * 2 ** this.#attempts++)
    const wait = millis(ceiling / 2 + (random.uniform() * ceiling) / 2)
    // Once aloud: a converter that is away for a week would fill the log.
    log[this.#attempts === 1 ? 'warn' : 'debug']({ line: this.id, why, againInMs: Math.round(wait) }, 'line is down')
    this.#timer?.cancel()
    this.#timer = clock.after(wait, () => void this.#open())
  }

  async #checkPresence(): Promise<void> {
    const transport = this.#transport
    if (!transport?.present || (await transport.present()) || transport !== this.#transport) return
    this.#close(transport)
    this.#onClosed('the device is gone')
  }

  /** A line that is open and says nothing, or nothing that makes sense, may be a hung dongle or a half-open connection. */
  #checkFlow(): void {
    const { clock, quietMax, log } = this.#options
    const quiet = elapsed(this.#lastFrame, clock.monotonic())
    const transport = this.#transport
    if (!transport || quiet < quietMax) return
    const forS = `for ${Math.round(quiet / 1_000)} s`
    const why = this.#garbage ? `bytes, but no frame ${forS}: check speed, parity and wiring` : `no data ${forS}`
    log.warn({ line: this.id, why }, 'line is open and says nothing; opening it again')
    this.#openAgain(transport, why)
  }

  #openAgain(transport: Transport, why: string): void {
    this.#lastFrame = this.#options.clock.monotonic()
    this.#garbage = false
    this.#transport = undefined
    this.#say({ id: this.id, state: 'degraded', why: why.slice(0, 200) })
    this.#close(transport)
    void this.#open()
  }

  /** Whoever opens the line next waits for this: it has one owner. */
  #close(transport: Transport): void {
    const closed = new AbortController()
    const close = transport.close().finally(() => closed.abort())
    this.#closing = Promise.allSettled([Promise.race([close, sleep(this.#options.clock, closeMax, closed.signal)])])
  }

  #say(state: LinkState): void {
    this.#state = state
    for (const listener of this.#stateListeners) listener(state)
  }
}

/** Start bit, data bits, parity and stop bits of each byte; nobody knows how long a converter takes. */
function onTheWayMs(bytes: number, url: LineUrl, baud: number | undefined): number {
  if (url.kind === 'tcp' || baud === undefined) return 0
  const bits = 1 + url.dataBits + (url.parity === 'none' ? 0 : 1) + url.stopBits
  return (bytes * bits * 1_000) / baud
}
