import type { Clock } from '@anju/contract'
import type { Sent } from '../../channel.ts'
import { attempt, codeAsWhy, jsonOf, retryAfterMs, unclear } from '../http-attempt.ts'

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
  clock: Clock,
  signal: AbortSignal,
): Promise<Sent> {
  const { endpoint = 'https://api.twilio.com', accountSid, authToken } = account
  const url = new URL(`/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/${what}.json`, endpoint)
  const headers = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const body = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString()
  const heard = await attempt({ url, headers, body }, signal)
  const now = clock.now()
  if (!heard.answered) return unclear(heard, now)
  const { status, headers: said } = heard.answer
  const { sid, code } = jsonOf(heard.answer) ?? {}
  if (status >= 200 && status < 300 && typeof sid === 'string') return { outcome: 'sent', providerId: sid }
  if (status >= 400 && status < 500 && typeof code === 'number')
    return refused(code, retryAfterMs(said['retry-after'], now))
  return unclear(heard, now)
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
