import { type Clock, formatInstant, integerBetween, type Random } from '@anju/contract'
import type { Sent } from '../../channel.ts'
import { attempt, codeAsWhy, jsonOf, unclear } from '../http-attempt.ts'
import { type AliyunKey, canonicalQuery, signedHeaders } from './signature.ts'

export interface AliyunProduct {
  readonly endpoint: string
  readonly version: string
  readonly key: AliyunKey
  readonly clock: Clock
  readonly random: Random
}

/** One call, and what it means. `idField`: where the product puts its own id of what was sent. */
export async function callAliyun(
  product: AliyunProduct,
  action: string,
  query: Readonly<Record<string, string>>,
  idField: 'BizId' | 'CallId',
  signal: AbortSignal,
): Promise<Sent> {
  const url = new URL(product.endpoint)
  const headers = signedHeaders(
    {
      host: url.host,
      action,
      version: product.version,
      query,
      date: formatInstant(product.clock.now()).replace(/\.\d+Z$/, 'Z'),
      nonce: Array.from({ length: 4 }, () => word(product.random)).join(''),
    },
    product.key,
  )
  url.search = canonicalQuery(query)
  const heard = await attempt({ url, headers }, signal)
  const answer = heard.answered && heard.answer.status < 500 ? jsonOf(heard.answer) : undefined
  const { Code: code, Message: message, [idField]: id } = answer ?? {}
  if (typeof code !== 'string') return unclear(heard, product.clock.now())
  if (code !== 'OK') return refused(code, typeof message === 'string' ? message : '')
  return { outcome: 'sent', providerId: typeof id === 'string' && id !== '' ? id : null }
}

const word = (random: Random): string => integerBetween(random, 0, 0xffff_ffff).toString(16).padStart(8, '0')

/** `isv.` is about what we asked, `isp.` about them; codes without either come from the gateway in front of every product. */
export function refused(code: string, message: string): Sent {
  const why = codeAsWhy(code)
  if (code === 'isv.BUSINESS_LIMIT_CONTROL') return { outcome: 'retry', why, afterMs: limitLength(message) }
  if (code === 'isv.MOBILE_NUMBER_ILLEGAL') return { outcome: 'failed', why, addressDead: true }
  if (THEIR_TROUBLE.test(code)) return { outcome: 'retry', why, afterMs: null }
  return { outcome: 'failed', why, addressDead: false }
}

const THEIR_TROUBLE =
  /^(?:isp\.(?:SYSTEM_ERROR|UNKNOWN|GATEWAY_ERROR)|Throttling(?:\..*)?|ServiceUnavailable(?:\..*)?|InternalError)$/

/** So many a minute, an hour or a day to one number; the message says in Chinese which of them was used up. */
function limitLength(message: string): number | null {
  if (message.includes('分钟级')) return 60_000
  if (message.includes('小时级')) return 3_600_000
  return message.includes('天级') ? 86_400_000 : null
}
