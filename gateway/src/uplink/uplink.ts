import {
  type Clock,
  elapsed,
  encode,
  errorMessage,
  formatInstant,
  type GatewayId,
  type HealthMessage,
  LANES,
  type Lane,
  type Millis,
  type Monotonic,
  millis,
  parseHandling,
  parseReceipt,
  type Random,
  seconds,
  type Timer,
  upTopic,
} from '@anju/contract'
import { downFilter, downTopic } from '@anju/contract/topics'
import { newIds } from '../new-ids.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Tally } from '../pipeline/tally.ts'
import type { Entry, EventEntry, LinkState, Log } from '../ports.ts'
import { reconnectDelay } from './backoff.ts'
import { obey } from './commands.ts'
import type { Connection, ConnectionOptions, OpenConnection } from './connection.ts'
import { LaneWindow, overtakingMax } from './lane-window.ts'
import { eventMessage, telemetryText } from './messages.ts'
import { ReceiptDesk } from './receipts.ts'

export interface UplinkOptions {
  readonly gateway: GatewayId
  readonly server: Pick<ConnectionOptions, 'url' | 'username' | 'password' | 'tls'>
  readonly outbox: Outbox
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly tally: Tally
  readonly open: OpenConnection
  readonly clockSynced: () => boolean
  /** What the running configuration is called. */
  readonly configHash: string
  /** All of a health message but who sends it and when. */
  readonly health: () => Omit<HealthMessage, 'id' | 'boot' | 'seq' | 'sentAt'>
}

const healthEvery = seconds(30)
/** A life event unanswered for so long, and not a byte from the other end: the connection is dead, whatever TCP believes. */
const deafAfter = seconds(8)
/** Older ones are sent in the order of the lane. */
const freshFor = seconds(10)
/** A connection that lasted so long was a good one: the next failure starts counting anew. */
const goodAfter = seconds(10)

/** Sends what the outbox holds until a receipt settles it: life first, in three small windows, over a connection it opens for ever. */
export class Uplink {
  readonly #options: UplinkOptions
  readonly #windows: Readonly<Record<Lane, LaneWindow>>
  readonly #newId: () => string
  readonly #receipts: ReceiptDesk
  #connection: Connection | undefined
  #state: LinkState = { id: 'uplink', state: 'down', why: 'not connected yet' }
  #failures = 0
  #upAt: Monotonic | undefined
  #signAt: Monotonic
  #retry: Timer | undefined
  #retryAt: Monotonic
  #resend: Timer | undefined
  #nextTurn: NodeJS.Immediate | undefined
  #health: Timer | undefined
  #healthSeq = 0
  /** So many connections were tried since this start: the last will of one may be heard after the first word of the next. */
  #session = 0
  #stopped = false

  constructor(options: UplinkOptions) {
    this.#options = options
    const { random } = options
    this.#windows = {
      life: new LaneWindow('life', random),
      technical: new LaneWindow('technical', random),
      telemetry: new LaneWindow('telemetry', random),
    }
    this.#receipts = new ReceiptDesk(options, this.#windows, () => this.#pump())
    this.#newId = newIds(options.clock, random)
    this.#signAt = options.clock.monotonic()
    this.#retryAt = this.#signAt
  }

  get state(): LinkState {
    return this.#state
  }

  start(): void {
    const { outbox, clock } = this.#options
    outbox.onStored((lane) => {
      if (this.#upAt !== undefined) this.#pumpNextTurn()
      else if (lane === 'life') this.#hurry()
    })
    this.#health = clock.every(healthEvery, () => this.#sendHealth())
    this.#connect()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of [this.#retry, this.#resend, this.#health]) timer?.cancel()
    clearImmediate(this.#nextTurn)
    await this.#connection?.close()
    this.#connection = undefined
  }

  #connect(): void {
    const { gateway, server, open, outbox, log } = this.#options
    this.#retry = undefined
    if (this.#stopped) return
    const will = {
      topic: upTopic(gateway, 'health'),
      payload: encode({ boot: outbox.boot, session: ++this.#session, lost: true }),
    }
    try {
      this.#connection = open(
        { ...server, clientId: gateway, will, subscribeTo: downFilter(gateway) },
        {
          onUp: () => this.#onUp(),
          onDown: (why) => this.#onDown(why),
          onMessage: (topic, payload) => this.#onMessage(topic, payload),
          onSign: () => {
            this.#signAt = this.#options.clock.monotonic()
          },
        },
      )
    } catch (error) {
      log.error({ why: errorMessage(error) }, 'the uplink cannot be opened')
      this.#onDown(errorMessage(error))
    }
  }

  #onUp(): void {
    this.#upAt = this.#options.clock.monotonic()
    this.#signAt = this.#upAt
    this.#state = { id: 'uplink', state: 'up' }
    this.#options.log.info({ url: this.#options.server.url }, 'uplink is up')
    for (const lane of LANES) this.#windows[lane].reset()
    // Before anything else: a press must not wait for a report about the gateway.
    this.#pump()
    this.#sendHealth()
    this.#publish('config', encode({ hash: this.#options.configHash }))
  }

  #onDown(why: string): void {
    const { clock, random, log, outbox } = this.#options
    this.#connection = undefined
    this.#resend?.cancel()
    const lasted = this.#upAt === undefined ? 0 : elapsed(this.#upAt, clock.monotonic())
    this.#upAt = undefined
    this.#state = { id: 'uplink', state: 'down', why: why.slice(0, 200) }
    if (this.#stopped) return
    if (lasted > goodAfter) this.#failures = 0
    const wait = reconnectDelay(this.#failures, outbox.depths().life > 0, random)
    this.#failures++
    // Once aloud: an outage of days would fill the log.
    log[this.#failures === 1 ? 'warn' : 'debug']({ why, againInMs: Math.round(wait) }, 'uplink is down')
    this.#connectAfter(wait)
  }

  /** A life event came while the next try was still waiting its turn. */
  #hurry(): void {
    if (!this.#retry || this.#stopped) return
    const wait = reconnectDelay(Math.min(this.#failures - 1, 2), true, this.#options.random)
    // Sooner or not at all: presses that keep coming would put the next try off for ever.
    if (this.#options.clock.monotonic() + wait < this.#retryAt) this.#connectAfter(wait)
  }

  #connectAfter(wait: Millis): void {
    const { clock } = this.#options
    this.#retry?.cancel()
    this.#retryAt = (clock.monotonic() + wait) as Monotonic
    this.#retry = clock.after(wait, () => this.#connect())
  }

  /** The button has its PUBACK first: what is on the disk is sent in any case, and once, whatever came in this turn. */
  #pumpNextTurn(): void {
    this.#nextTurn ??= setImmediate(() => {
      this.#nextTurn = undefined
      this.#pump()
    })
  }

  #pump(): void {
    // A receipt that comes while the connection is closed must not set a timer that outlives the outbox.
    if (this.#upAt === undefined || this.#stopped) return
    const { clock, outbox } = this.#options
    this.#resend?.cancel()
    const now = clock.monotonic()
    // Silence proves nothing until something was asked: after a quiet minute the first press would find the link deaf at once.
    if (!this.#windows.life.waiting) this.#signAt = now
    if (elapsed(this.#signAt, now) >= deafAfter) return this.#connection?.abandon()
    let due = Number.POSITIVE_INFINITY
    for (const lane of LANES) {
      const window = this.#windows[lane]
      // An empty lane costs no query; most of them are, most of the time.
      const depth = outbox.depths()[lane]
      if (depth > 0 && window.wants(now)) {
        const overtaking = lane === 'life' && depth > window.inOrderMax ? this.#fresh(now) : []
        for (const entry of window.take(outbox.head(lane, window.headLimit), now, overtaking)) this.#send(entry)
      }
      due = Math.min(due, window.nextDue(now) ?? Number.POSITIVE_INFINITY)
    }
    if (this.#windows.life.waiting) due = Math.min(due, this.#signAt + deafAfter)
    if (Number.isFinite(due)) this.#resend = clock.after(millis(Math.max(1, due - now)), () => this.#pump())
  }

  /** A press made now must not wait behind what other devices said while the line was down; behind its own it must. */
  #fresh(now: Monotonic): EventEntry[] {
    const { outbox } = this.#options
    return outbox
      .newcomers(overtakingMax)
      .filter(({ boot, heardMono }) => boot === outbox.boot && elapsed(heardMono, now) < freshFor)
  }

  #send(entry: Entry): void {
    const { outbox, clock, gateway } = this.#options
    const pendingFrom = outbox.pendingFrom(entry.lane, entry.boot)
    if (entry.lane === 'telemetry') this.#publish('telemetry', telemetryText(entry, pendingFrom, clock.now()))
    else this.#publish('event', encode(eventMessage(entry, { gateway, boot: outbox.boot, pendingFrom, clock })))
    this.#options.tally.count(`sent-${entry.lane}`)
  }

  #publish(kind: Parameters<typeof upTopic>[1], payload: string | Buffer): void {
    this.#connection?.publish(upTopic(this.#options.gateway, kind), payload)
  }

  #onMessage(topic: string, payload: Uint8Array): void {
    const { gateway, log, tally, outbox } = this.#options
    const kind = (['receipt', 'handling', 'command', 'config'] as const).find(
      (kind) => topic === downTopic(gateway, kind),
    )
    if (kind === 'receipt') {
      const parsed = parseReceipt(payload)
      if (parsed.ok) return this.#receipts.take(parsed.value)
      tally.count(`down-${parsed.code}`)
      log.warn({ topic, why: parsed.why }, 'a receipt that cannot be understood')
    } else if (kind === 'handling') {
      const parsed = parseHandling(payload)
      if (!parsed.ok) return tally.count(`down-${parsed.code}`)
      this.#inBackground(outbox.noteHandling(parsed.value), 'who is answering could not be stored')
    } else if (kind === 'command') this.#inBackground(this.#obey(payload), 'a command failed')
    else if (kind === 'config') this.#publish('config', encode({ hash: this.#options.configHash }))
    else tally.count('down-topic-unknown')
  }

  async #obey(payload: Uint8Array): Promise<void> {
    const result = await obey(payload, this.#options)
    if (!result) return this.#options.tally.count('down-message-malformed')
    this.#publish('result', encode(result))
    this.#pump()
  }

  #sendHealth(): void {
    if (this.#upAt === undefined) return
    const { clock, outbox, health } = this.#options
    const sentAt = formatInstant(clock.now())
    const from = { id: this.#newId(), boot: outbox.boot, session: this.#session, seq: ++this.#healthSeq, sentAt }
    this.#publish('health', encode({ ...from, ...health() }))
  }

  #inBackground(work: Promise<unknown>, failed: string): void {
    work.catch((error: unknown) => this.#options.log.error({ why: errorMessage(error) }, failed))
  }
}
