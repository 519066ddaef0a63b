import { createHash, timingSafeEqual } from 'node:crypto'
import { topicMatches } from '@anju/contract'
import type { GatewayConfig } from '../config.ts'

/** Who a device's connection is: a name for the log, and the topics it may use. */
export interface Access {
  readonly name: string
  readonly topics: readonly string[] | undefined
}

type BrokerRules = Pick<GatewayConfig['broker'], 'allowLoopbackAnonymous' | 'credentials'>

/** Each device by its own name and password; on loopback the demo also lets in who has none. Undefined: refused. */
export function accessOf(
  rules: BrokerRules,
  username: string | undefined,
  password: Uint8Array | undefined,
  fromLoopback: boolean,
): Access | undefined {
  if (username === undefined || username === '')
    return rules.allowLoopbackAnonymous && fromLoopback ? { name: 'anonymous', topics: undefined } : undefined
  const known = rules.credentials.find((credential) => credential.username === username)
  // Compared in any case: neither the answer nor its time tells whether the name or the password was wrong.
  const right = same(password ?? nothing, Buffer.from(known?.password ?? ''))
  return known && password && right ? { name: username, topics: known.topics } : undefined
}

export const mayPublish = ({ topics }: Access, topic: string): boolean =>
  !topic.startsWith('$') && (topics === undefined || topics.some((filter) => topicMatches(filter, topic)))

/** A filter is allowed when it asks for no more than one of the device's own gives. */
export const maySubscribe = ({ topics }: Access, filter: string): boolean =>
  !filter.startsWith('$') && (topics === undefined || topics.some((own) => covers(own, filter)))

/** Whether every topic that `filter` matches is matched by `own` too. */
function covers(own: string, filter: string): boolean {
  const given = own.split('/')
  const asked = filter.split('/')
  for (const [level, part] of given.entries()) {
    if (part === '#') return true
    const wanted = asked[level]
    if (wanted === undefined || wanted === '#' || (part !== '+' && part !== wanted)) return false
  }
  return given.length === asked.length
}

const nothing = new Uint8Array()
const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** In constant time, whatever the lengths. */
function same(a: Uint8Array, b: Uint8Array): boolean {
  return timingSafeEqual(digest(a), digest(b))
}
