import type { Clock, Monotonic } from '@anju/contract'
import type { Sent } from '../../channel.ts'
import { attempt, codeAsWhy, jsonOf, unclear } from '../http-attempt.ts'

export interface WechatAccount {
  readonly endpoint?: string
  readonly appId: string
  readonly appSecret: string
}
export const WECHAT = 'https://api.weixin.qq.com'

export type Token = { readonly token: string } | { readonly token: null; readonly sent: Sent }

/** Where an account's access token comes from. */
export interface Tokens {
  /** `refused`: the one WeChat has just called invalid or expired; it is not given again. */
  get(signal: AbortSignal, refused?: string): Promise<Token>
}

/** Asked for again this much before it ends, so that none ends on its way. */
const marginMs = 60_000

/**
 * The one thing remembered here. `stable_token` answers every server the same token until it ends, so several of them need
 * not agree, and two that ask at once do no harm; the older `token` would end each other's.
 */
export function openTokens(account: WechatAccount, clock: Clock): Tokens {
  let kept: { readonly token: string; readonly until: Monotonic } | undefined
  return {
    async get(signal, refused) {
      if (kept && kept.token !== refused && clock.monotonic() < kept.until) return { token: kept.token }
      let got = await fetchToken(account, clock, false, signal)
      // They still hand out what they no longer take: only then by force, which ends it for everybody and is counted (20 a day).
      if (got.token !== null && got.token === refused) got = await fetchToken(account, clock, true, signal)
      if (got.token === null) return got
      kept = { token: got.token, until: (clock.monotonic() + got.expiresInMs - marginMs) as Monotonic }
      return { token: got.token }
    },
  }
}

type Fetched = { readonly token: string; readonly expiresInMs: number } | { readonly token: null; readonly sent: Sent }

async function fetchToken(account: WechatAccount, clock: Clock, force: boolean, signal: AbortSignal): Promise<Fetched> {
  const url = new URL('/cgi-bin/stable_token', account.endpoint ?? WECHAT)
  const { appId: appid, appSecret: secret } = account
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: force })
  const heard = await attempt({ url, headers: { 'content-type': 'application/json' }, body }, signal)
  const { access_token: token, expires_in: expiresInS, errcode } = (heard.answered && jsonOf(heard.answer)) || {}
  if (typeof token === 'string' && token !== '' && typeof expiresInS === 'number')
    return { token, expiresInMs: expiresInS * 1_000 }
  // Whatever went wrong, no message was on its way yet.
  const why = `token: ${errcode === undefined ? whyOf(unclear(heard, clock.now())) : codeAsWhy(errcode)}`
  return typeof errcode === 'number' && WRONG_ACCOUNT.has(errcode)
    ? { token: null, sent: { outcome: 'failed', why, addressDead: false } }
    : { token: null, sent: { outcome: 'retry', why, afterMs: null } }
}

/** A wrong app id or secret, or an address of ours that is not on their list: asking again changes nothing. */
const WRONG_ACCOUNT: ReadonlySet<number> = new Set([
  40002, 40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007, 89503,
])

const whyOf = (sent: Sent): string => ('why' in sent ? sent.why : 'answer unreadable')
