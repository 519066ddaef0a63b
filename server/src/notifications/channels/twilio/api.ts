import type { Sent } from '../../channel.ts'
import { ask, codeAsWhy, jsonObject, sentByStatus } from '../http.ts'

export interface TwilioAccount {
  readonly endpoint?: string
  readonly accountSid: string
  readonly authToken: string
}

/** Creates one message or call (API 2010-04-01). Twilio drops no repetition by itself. */
export async function createAtTwilio(
  account: TwilioAccount,
  what: 'Messages' | 'Calls',
  fields: readonly (readonly [name: string, value: string])[],
  signal: AbortSignal,
): Promise<Sent> {
  const { endpoint = 'https://api.twilio.com', accountSid, authToken } = account
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/${what}.json`, endpoint)
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
  const heard = await ask(url, { method: 'POST', headers: { authorization }, body }, signal)
  if (heard.outcome !== 'answered') return sentByStatus(heard)
  const answer = jsonObject(heard.text)
  if (heard.status >= 200 && heard.status < 300 && typeof answer?.['sid'] === 'string')
    return { outcome: 'sent', providerId: answer['sid'] }
  if (heard.status >= 400 && heard.status < 500 && typeof answer?.['code'] === 'number')
    return refused(answer['code'], heard.retryAfterMs)
  return sentByStatus(heard)
}

/** Too many at once, for the account, the number or the queue. */
const BUSY: ReadonlySet<number> = new Set([10004, 14107, 20429, 21611])
/** No number, no mobile, unsubscribed, or on their block list. */
const DEAD: ReadonlySet<number> = new Set([13224, 21211, 21217, 21610, 21614])

function refused(code: number, retryAfterMs: number | null): Sent {
  const why = codeAsWhy(code)
  if (BUSY.has(code)) return { outcome: 'retry', why, afterMs: retryAfterMs }
  return { outcome: 'failed', why, addressDead: DEAD.has(code) }
}
