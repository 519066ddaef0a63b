import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { type Clock, DomainError, errorMessage, type Millis, millis, seconds } from '@anju/contract'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import { type Row, rowsOf } from './answer.ts'
import { type Bindings, externOf } from './flux.ts'

export interface InfluxAddress {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
}

/** A slow store is slow, not away: homes wait for their receipts, and nothing else does. */
const writeWithin = millis(30_000)
/** Somebody looks at the page that asks. */
const queryWithin = millis(10_000)
const connectionsMax = 8
/** InfluxDB closes what is idle for three minutes; a request that meets the closing would fail for nothing. */
const idleMax = millis(60_000)
/** A server that asks for longer is asked again all the same: its clock may be what is wrong. */
const retryAfterMax = millis(300_000)
const reasonLengthMax = 600

interface BucketList {
  readonly buckets: readonly {
    readonly name: string
    readonly retentionRules?: readonly { readonly type: string; readonly everySeconds: number }[]
  }[]
}

export type Written =
  | { readonly is: 'stored' }
  /** Some or all of the lines can never be stored; `dropped` says how many when the others were, else none of them was. */
  | { readonly is: 'refused'; readonly dropped: number | undefined; readonly why: string }
  /** More at once than it takes. */
  | { readonly is: 'too-large'; readonly why: string }

/**
 * InfluxDB over the official client's transport: kept-alive connections, one try, and an answer before anybody goes on. The
 * client's own writer is left alone: it keeps what failed in memory and drops the oldest.
 */
export class InfluxWire {
  readonly #transport: InfluxDB['transport']
  readonly #agent: Agent | SecureAgent
  readonly #clock: Clock
  readonly #org: string
  readonly #bucket: string
  readonly #writePath: string
  readonly #queryPath: string
  readonly #closing = new AbortController()

  constructor({ url, token, org, bucket }: InfluxAddress, clock: Clock) {
    const options = { keepAlive: true, maxSockets: connectionsMax, timeout: idleMax }
    this.#agent = url.startsWith('https:') ? new SecureAgent(options) : new Agent(options)
    // Deadlines are ours, below: the client's own time-out leaves the request running.
    this.#transport = new InfluxDB({ url, token, timeout: 0, transportOptions: { agent: this.#agent } }).transport
    this.#clock = clock
    this.#org = org
    this.#bucket = bucket
    this.#writePath = `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ms' }).toString()}`
    this.#queryPath = `/api/v2/query?${new URLSearchParams({ org }).toString()}`
  }

  /**
   * Durable when it answers `stored`.
   * @throws DomainError `request-malformed` for no lines at all (InfluxDB would say yes), `telemetry-unavailable`
   */
  async write(lines: string): Promise<Written> {
    if (lines === '') throw new DomainError('request-malformed', 'an empty batch: there is nothing to store')
    try {
      const headers = { 'content-type': 'text/plain; charset=utf-8' }
      await this.#within(writeWithin, (signal) =>
        this.#transport.request(this.#writePath, lines, { method: 'POST', headers, signal }),
      )
      return { is: 'stored' }
    } catch (error) {
      const refused = error instanceof HttpError ? refusalOf(error) : undefined
      if (refused) return refused
      throw unavailable(error)
    }
  }

  /** @throws DomainError `telemetry-unavailable` */
  async query(script: string, bindings: Bindings, rowsMax: number): Promise<Row[]> {
    const body = {
      query: script,
      type: 'flux',
      dialect: { header: true, annotations: [] },
      // A question about another bucket names it.
      extern: externOf({ bucket: { text: this.#bucket }, ...bindings }),
    }
    try {
      return await this.#within(queryWithin, (signal) =>
        rowsOf(
          this.#transport.iterate(this.#queryPath, JSON.stringify(body), {
            method: 'POST',
            headers: { accept: 'text/csv' },
            signal,
          }),
          rowsMax,
        ),
      )
    } catch (error) {
      // Its reader is a person, to whom addresses and tokens mean nothing; the log has the cause.
      throw new DomainError(
        'telemetry-unavailable',
        'the measurements cannot be reached',
        {},
        { cause: unavailable(error) },
      )
    }
  }

  /**
   * How long a bucket keeps what is in it; 0 is for ever, undefined says that there is no such bucket, or not for our token.
   * @throws DomainError `telemetry-unavailable`
   */
  async keptS(bucket: string): Promise<number | undefined> {
    const path = `/api/v2/buckets?${new URLSearchParams({ org: this.#org, name: bucket }).toString()}`
    try {
      const answer = await this.#within(queryWithin, (signal) =>
        this.#transport.request(path, '', { method: 'GET', signal }),
      )
      const found = (answer as Partial<BucketList>).buckets?.find(({ name }) => name === bucket)
      return found && (found.retentionRules?.find(({ type }) => type === 'expire')?.everySeconds ?? 0)
    } catch (error) {
      if (error instanceof HttpError && (error.statusCode === 404 || error.statusCode === 403)) return undefined
      throw unavailable(error)
    }
  }

  /** What is under way ends with `telemetry-unavailable`. */
  close(): void {
    this.#closing.abort()
    this.#agent.destroy()
  }

  async #within<T>(limit: Millis, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController()
    const end = () => over.abort()
    const timer = this.#clock.after(limit, end)
    this.#closing.signal.addEventListener('abort', end, { once: true })
    if (this.#closing.signal.aborted) end()
    try {
      return await work(over.signal)
    } catch (error) {
      if (!over.signal.aborted || this.#closing.signal.aborted) throw error
      throw new DomainError('telemetry-unavailable', `InfluxDB did not answer within ${limit} ms`, {}, { cause: error })
    } finally {
      timer.cancel()
      this.#closing.signal.removeEventListener('abort', end)
    }
  }
}

/**
 * What says that these lines are at fault, and not the bucket, the token or the request: anything else must never cost a home
 * its data. 400 when a line cannot be read, and then nothing is stored; 422 when points of another type or from before the
 * bucket's retention were dropped, and the others stored.
 */
function refusalOf({ statusCode, message }: HttpError): Written | undefined {
  const why = message.slice(0, reasonLengthMax)
  if (statusCode === 413) return { is: 'too-large', why }
  if (statusCode === 400 && message.startsWith('unable to parse')) return { is: 'refused', dropped: undefined, why }
  if ((statusCode === 400 || statusCode === 422) && message.includes('partial write')) {
    const dropped = /\bdropped=(\d+)/.exec(message)?.[1]
    return { is: 'refused', dropped: dropped === undefined ? undefined : Number(dropped), why }
  }
  return undefined
}

function unavailable(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  const retryAfter = error instanceof HttpError ? retryAfterOf(error) : undefined
  const why = error instanceof HttpError ? `InfluxDB said ${error.statusCode}: ${error.message}` : errorMessage(error)
  return new DomainError(
    'telemetry-unavailable',
    why.slice(0, reasonLengthMax),
    retryAfter === undefined ? {} : { retryAfter },
    { cause: error },
  )
}

/** The header counts seconds; the client's own `retryAfter()` takes them for milliseconds. */
function retryAfterOf({ headers }: HttpError): Millis | undefined {
  const given = String(headers?.['retry-after'] ?? '')
  return /^\d{1,9}$/.test(given) ? millis(Math.min(seconds(Number(given)), retryAfterMax)) : undefined
}
