import type { Sent } from '../channel.ts'

/** What came of one HTTP request to a provider. */
export type Heard =
  | {
      readonly outcome: 'answered'
      readonly status: number
      readonly retryAfterMs: number | null
      /** Empty when it was cut off or longer than anything a provider has to say. */
      readonly text: string
    }
  /** It never left: nobody was there, or they could not prove who they are. */
  | { readonly outcome: 'unsent'; readonly why: string }
  | { readonly outcome: 'lost'; readonly why: string }

const answerBytesMax = 65_536

/** The connection was never made, so nothing was asked. */
const UNSENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED_CERT\w*)$/

/** One attempt, never repeated here; never throws, and follows no redirection: it would carry our credentials elsewhere. */
export async function ask(url: URL, init: RequestInit, signal: AbortSignal): Promise<Heard> {
  if (signal.aborted) return { outcome: 'unsent', why: 'no-time-left' }
  let response: Response
  try {
    response = await fetch(url, { ...init, redirect: 'manual', signal })
  } catch (error) {
    if (signal.aborted) return { outcome: 'lost', why: 'timed-out' }
    const code = causeOf(error)
    return UNSENT.test(code) ? { outcome: 'unsent', why: code } : { outcome: 'lost', why: code }
  }
  const seconds = response.headers.get('retry-after')
  return {
    outcome: 'answered',
    status: response.status,
    retryAfterMs: seconds !== null && /^\d{1,5}$/.test(seconds) ? Number(seconds) * 1_000 : null,
    text: await boundedText(response),
  }
}

/** What an answer means when only its status can be told. */
export function sentByStatus(heard: Heard): Sent {
  if (heard.outcome === 'unsent') return { outcome: 'retry', why: heard.why, afterMs: null }
  if (heard.outcome === 'lost') return { outcome: 'unknown', why: heard.why }
  const { status, retryAfterMs } = heard
  const why = `http-${status}`
  if (status === 408 || status === 429 || status >= 500) return { outcome: 'retry', why, afterMs: retryAfterMs }
  // Accepted, in words nobody understands: whether it was sent is not known.
  return status < 300
    ? { outcome: 'unknown', why: 'answer-unreadable' }
    : { outcome: 'failed', why, addressDead: false }
}

/** The answer's object; undefined for anything else. Whole numbers beyond 2^53 (ids of messages) stay text, digit by digit. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(
      text,
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
    : 'code-unreadable'

async function boundedText(response: Response): Promise<string> {
  if (!response.body) return ''
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of response.body) {
      bytes += part.byteLength
      if (bytes > answerBytesMax) return ''
      parts.push(part)
    }
  } catch {
    return ''
  }
  return Buffer.concat(parts).toString('utf8')
}

/** The system's or undici's code, wherever it is wrapped; `connection-lost` when there is none. */
function causeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return 'connection-lost'
}
