import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import {
  type Clock,
  DomainError,
  type ErrorCode,
  errorMessage,
  homeId,
  type Millis,
  millis,
  seconds,
} from '@anju/contract'
import { HttpError, InfluxDB } from '@influxdata/influxdb-client'
import type { TimeRange } from '../archive.ts'
import { type Cells, cellsOf, type Row, rowsOf } from './answer.ts'
import { type Bindings, externOf, timeOf } from './flux.ts'

export interface InfluxAddress {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
}

/** A slow store is slow, not away: homes wait for their receipts, and nothing else does. */
const writeWithin = millis(30_000)
const checkWithin = millis(10_000)
/** Somebody looks at the page that asks. */
const queryWithin = millis(10_000)
/** Nobody looks; and what is asked of all time takes as long as there are shards. */
const archiveWithin = millis(60_000)
/** It rewrites what it deletes from, shard after shard. */
const deleteWithin = millis(600_000)
const connectionsMax = 8
/** InfluxDB closes what is idle for three minutes; a request that meets the closing would fail for nothing. */
const idleMax = millis(60_000)
/** A server that asks for longer is asked again all the same: its clock may be what is wrong. */
const retryAfterMax = millis(300_000)
const reasonLengthMax = 600
/** In the words of 2.7.12, and of those before it. */
const BEYOND = /\b(?:outside|beyond) retention policy\b/

/** A home sent what cannot be stored, or sent it when its time was over: then nothing is wrong with the message. */
type RefusalCode = Extract<ErrorCode, 'message-malformed' | 'outside-retention'>

/** Of InfluxDB's answer, what we read. */
interface BucketList {
  readonly buckets: readonly {
    readonly name: string
    readonly updatedAt?: string
    readonly retentionRules?: readonly { readonly type: string; readonly everySeconds: number }[]
  }[]
}

export interface KeptBucket {
  /** How long it keeps what is in it; 0 is for ever. */
  readonly keptS: number
  /** Since when it is as it is (epoch ms): before, it may have kept for another time. */
  readonly unchangedSince: number
}

export type Written =
  | { readonly is: 'stored' }
  /** Some or all of the lines can never be stored; `dropped` says how many when the others were, else none of them was. */
  | { readonly is: 'refused'; readonly code: RefusalCode; readonly dropped: number | undefined; readonly why: string }
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
      await this.#post(lines, writeWithin)
      return { is: 'stored' }
    } catch (error) {
      const refused = error instanceof HttpError ? refusalOf(error) : undefined
      if (refused) return refused
      throw unavailable(error)
    }
  }

  /**
   * No lines at all: InfluxDB looks at the token, the organisation, the bucket and the right to write, and stores nothing.
   * @throws DomainError `telemetry-unavailable`
   */
  async check(): Promise<void> {
    try {
      await this.#post('', checkWithin)
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** @throws DomainError `telemetry-unavailable` */
  query(script: string, bindings: Bindings, rowsMax: number): Promise<Row[]> {
    return this.#ask(script, bindings, queryWithin, (chunks) => rowsOf(chunks, rowsMax))
  }

  /**
   * Each row of the answer as `read` sees it, left out where that is undefined; of another bucket when `bindings` name one.
   * @throws DomainError `telemetry-unavailable`; its cause says `not found` for a bucket that is not there.
   */
  records<T>(script: string, bindings: Bindings, rowsMax: number, read: (cells: Cells) => T | undefined): Promise<T[]> {
    return this.#ask(script, bindings, archiveWithin, async (chunks) => {
      const found: T[] = []
      for await (const cells of cellsOf(chunks, rowsMax)) {
        const one = read(cells)
        if (one !== undefined) found.push(one)
      }
      return found
    })
  }

  /**
   * Deletes a home's points of [from, to], whatever they are; false when there is no such bucket. InfluxDB has no way to bind
   * what a predicate names: only an id of the closed alphabet comes into one.
   * @throws DomainError `id-malformed`, `telemetry-unavailable`
   */
  async delete(bucket: string, home: string, { from, to }: TimeRange): Promise<boolean> {
    const body = { start: timeOf(from), stop: timeOf(to), predicate: `home="${homeId(home)}"` }
    const path = `/api/v2/delete?${new URLSearchParams({ org: this.#org, bucket }).toString()}`
    try {
      await this.#within(deleteWithin, (signal) =>
        this.#transport.request(path, JSON.stringify(body), { method: 'POST', signal }),
      )
      return true
    } catch (error) {
      if (isMissing(error)) return false
      throw unavailable(error)
    }
  }

  /**
   * How long a bucket keeps its points, this one or another; undefined for ever.
   * @throws DomainError `telemetry-unavailable`, also for a bucket that this token may not read
   */
  async keptFor(name = this.#bucket): Promise<Millis | undefined> {
    const kept = await this.kept(name)
    if (!kept) throw new DomainError('telemetry-unavailable', `the token may not read the bucket ${name}`)
    return kept.keptS > 0 ? seconds(kept.keptS) : undefined
  }

  async #ask<T>(
    script: string,
    bindings: Bindings,
    limit: Millis,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const body = {
      query: script,
      type: 'flux',
      dialect: { header: true, annotations: [] },
      // A question about another bucket names it.
      extern: externOf({ bucket: { text: this.#bucket }, ...bindings }),
    }
    try {
      return await this.#within(limit, (signal) =>
        read(
          this.#transport.iterate(this.#queryPath, JSON.stringify(body), {
            method: 'POST',
            headers: { accept: 'text/csv' },
            signal,
          }),
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
   * How a bucket keeps what is in it; undefined when there is no such bucket, or not for our token.
   * @throws DomainError `telemetry-unavailable`
   */
  async kept(bucket: string): Promise<KeptBucket | undefined> {
    const path = `/api/v2/buckets?${new URLSearchParams({ org: this.#org, name: bucket }).toString()}`
    try {
      const answer = await this.#within(queryWithin, (signal) =>
        this.#transport.request(path, '', { method: 'GET', signal }),
      )
      const found = (answer as Partial<BucketList>).buckets?.find(({ name }) => name === bucket)
      if (!found) return undefined
      const keptS = found.retentionRules?.find(({ type }) => type === 'expire')?.everySeconds ?? 0
      const changed = Date.parse(found.updatedAt ?? '')
      return { keptS, unchangedSince: Number.isNaN(changed) ? Number.POSITIVE_INFINITY : changed }
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

  #post(lines: string, limit: Millis): Promise<unknown> {
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    return this.#within(limit, (signal) =>
      this.#transport.request(this.#writePath, lines, { method: 'POST', headers, signal }),
    )
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
  if (statusCode === 400 && message.startsWith('unable to parse'))
    return { is: 'refused', code: 'message-malformed', dropped: undefined, why }
  if ((statusCode === 400 || statusCode === 422) && message.includes('partial write')) {
    const dropped = /\bdropped=(\d+)/.exec(message)?.[1]
    const code = BEYOND.test(message) ? 'outside-retention' : 'message-malformed'
    return { is: 'refused', code, dropped: dropped === undefined ? undefined : Number(dropped), why }
  }
  return undefined
}

/** An organisation that is not there is no reason to take its buckets for empty. */
const isMissing = (error: unknown): boolean =>
  error instanceof HttpError && error.statusCode === 404 && /\bbucket ".*" not found$|find bucket/.test(error.message)

/** Whether a question failed because its bucket is not there. */
export const bucketMissing = (error: unknown): boolean =>
  error instanceof DomainError && error.cause instanceof DomainError && isMissing(error.cause.cause)

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
