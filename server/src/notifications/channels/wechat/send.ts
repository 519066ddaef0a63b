import type { Clock } from '@anju/contract'
import type { Sent } from '../../channel.ts'
import { attempt, codeAsWhy, jsonOf, unclear } from '../http-attempt.ts'
import { type Tokens, WECHAT } from './token.ts'

/** One account, as messages are sent through it. */
export interface WechatSender {
  readonly endpoint?: string | undefined
  readonly tokens: Tokens
  readonly clock: Clock
}
type Path = '/cgi-bin/message/template/send' | '/cgi-bin/message/subscribe/send'

/** One message. A token that has ended is got anew once: WeChat says so before it looks at the message. */
export async function sendAtWechat(
  sender: WechatSender,
  path: Path,
  message: object,
  signal: AbortSignal,
): Promise<Sent> {
  const { tokens } = sender
  const first = await tokens.get(signal)
  if (first.token === null) return first.sent
  const answer = await post(sender, path, message, first.token, signal)
  if (answer !== 'token-refused') return answer
  const second = await tokens.get(signal, first.token)
  if (second.token === null) return second.sent
  const again = await post(sender, path, message, second.token, signal)
  return again === 'token-refused' ? { outcome: 'retry', why: again, afterMs: null } : again
}

async function post(
  { endpoint, clock }: WechatSender,
  path: Path,
  message: object,
  token: string,
  signal: AbortSignal,
): Promise<Sent | 'token-refused'> {
  const url = new URL(path, endpoint ?? WECHAT)
  url.searchParams.set('access_token', token)
  const headers = { 'content-type': 'application/json' }
  const heard = await attempt({ url, headers, body: JSON.stringify(message) }, signal)
  const { errcode: code, msgid: id } = (heard.answered && jsonOf(heard.answer)) || {}
  if (typeof code !== 'number') return unclear(heard, clock.now())
  if (code === 0)
    return { outcome: 'sent', providerId: typeof id === 'string' || typeof id === 'number' ? String(id) : null }
  return TOKEN_ENDED.has(code) ? 'token-refused' : refused(code)
}

/** Wrong, malformed, ended. */
const TOKEN_ENDED: ReadonlySet<number> = new Set([40001, 40014, 42001])
/** Busy; a day's or a minute's calls used up; too often to this person; two at once to one person. */
const BUSY: ReadonlySet<number> = new Set([-1, 45009, 45011, 43117, 43108])

/**
 * Not following (43004), on the black list (43019), not subscribed (43101): the person's own choice, which may change. Only an
 * open id that is none (40003) is an address that never works.
 */
function refused(code: number): Sent {
  const why = codeAsWhy(code)
  return BUSY.has(code)
    ? { outcome: 'retry', why, afterMs: null }
    : { outcome: 'failed', why, addressDead: code === 40003 }
}
