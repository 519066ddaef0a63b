import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { Instant } from '@anju/contract'
import type { Sent } from '../channel.ts'

/** No provider answers with more than a few hundred bytes; what is longer is cut off. */
export const answerBytesMax = 64 * 1024
/** A provider that asks for more patience than this is treated as asking for this. */
const retryAfterMsMax = 3_600_000

export interface HttpAttempt {
  readonly url: URL
  readonly method?: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** A PEM certificate that is trusted besides the well-known ones. */
  readonly ca?: string | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As much as came, up to the limit. */
  readonly body: string
  readonly whole: boolean
}
/** `begun`: the connection stood, so the request may have arrived; before that it certainly has not. */
export type Heard =
  | { readonly answered: true; readonly answer: Answer }
  | { readonly answered: false; readonly begun: boolean; readonly why: string }

/**
 * One request on a connection of its own: only then is it known whether a failed one can have arrived. Follows no redirect,
 * and never rejects.
 */
export function attempt(
  { url, method = 'POST', headers, body = '', ca }: HttpAttempt,
  signal: AbortSignal,
): Promise<Heard> {
  return new Promise((resolve) => {
    let begun = false
    let answering = false
    if (signal.aborted) return resolve({ answered: false, begun, why: 'timed out' })
    const tls = url.protocol === 'https:'
    const outgoing = (tls ? tlsRequest : plainRequest)(url, {
      method,
      headers: { 'user-agent': 'anju', ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent: false,
      signal,
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    })
    outgoing.on('socket', (socket) => socket.once(tls ? 'secureConnect' : 'connect', () => (begun = true)))
    outgoing.on('response', (incoming) => {
      answering = true
      collect(incoming, (answer) => resolve({ answered: true, answer }))
    })
    outgoing.on('error', (error) => {
      // Once the status has come, what breaks afterwards only cuts the body short.
      if (!answering) resolve({ answered: false, begun, why: signal.aborted ? 'timed out' : wordOf(error) })
    })
    outgoing.end(body)
  })
}

function collect(incoming: IncomingMessage, done: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  incoming.on('data', (chunk: Buffer) => {
    const room = answerBytesMax - bytes
    bytes += chunk.length
    chunks.push(chunk.subarray(0, room))
    if (bytes > answerBytesMax) incoming.destroy()
  })
  // A broken body says so by not being whole; `close` comes in every case.
  incoming.on('error', () => undefined)
  incoming.on('close', () =>
    done({
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
      whole: incoming.complete && bytes <= answerBytesMax,
    }),
  )
}

/** A code (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), never a message: messages carry addresses. */
export function wordOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'connection failed'
}

export const unanswered = ({ begun, why }: Heard & { answered: false }): Sent =>
  begun ? { outcome: 'unknown', why } : { outcome: 'retry', why, afterMs: null }

/** What a status means where nothing else can be made of the answer. */
export function byStatus({ status, headers }: Answer, now: Instant): Sent {
  const why = `http ${status}`
  // Taken, in words nobody understands: whether it was sent is not known.
  if (status >= 200 && status < 300) return { outcome: 'unknown', why: 'answer unreadable' }
  // 408 and 425: it did not take the request; 429 and 5xx: it says that it cannot now.
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { outcome: 'retry', why, afterMs: retryAfterMs(headers['retry-after'], now) }
  return { outcome: 'failed', why, addressDead: false }
}

export const unclear = (heard: Heard, now: Instant): Sent =>
  heard.answered ? byStatus(heard.answer, now) : unanswered(heard)

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** RFC 9110: seconds, or a date. */
export function retryAfterMs(header: string | undefined, now: Instant): number | null {
  if (header === undefined) return null
  const at = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : at - now
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), retryAfterMsMax)
}

/**
 * The answer's JSON object; undefined when it is anything else, or was cut off. Whole numbers beyond 2^53 (ids of messages)
 * stay text, digit by digit.
 */
export function jsonOf({ body, whole }: Answer): Readonly<Record<string, unknown>> | undefined {
  if (!whole) return undefined
  try {
    const value: unknown = JSON.parse(
      body,
      function (this: unknown, _key, value: unknown, context?: { source?: string }) {
        return typeof value === 'number' && !Number.isSafeInteger(value) && /^\d+$/.test(context?.source ?? '')
          ? context?.source
          : value
      },
    )
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

/** A provider's own code as a reason: what else it says may hold a number or a name. */
export const codeAsWhy = (code: unknown): string =>
  (typeof code === 'string' || typeof code === 'number') && /^[\w.:-]{1,64}$/.test(String(code))
    ? String(code)
    : 'code unreadable'
