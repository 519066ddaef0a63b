import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import type { PushMessage } from '@anju/contract/push-message'
import { type Asked, type HttpProvider, httpProvider } from './http-provider.ts'

export interface Pushed {
  /** The subscription of the browser that it waits for. */
  readonly to: string
  readonly message: PushMessage
  readonly ttlS: number
  readonly urgency: string
  readonly topic: string | undefined
}
export interface PushService extends HttpProvider {
  /** What a browser's `PushSubscription` says, as JSON. */
  subscribe(): string
  unsubscribe(subscription: string): void
  /** Waiting for a browser: one of the same topic has taken the place of the one before (RFC 8030, 5.4). */
  readonly waiting: readonly Pushed[]
  readonly problems: readonly string[]
}

interface Browser {
  readonly subscription: string
  readonly keys: ReturnType<typeof createECDH>
  readonly auth: Buffer
}

/** RFC 8030, 7.2: a service takes this much at least, and the big ones take no more. */
const bodyBytesMax = 4_096

/** A push service over TLS, and the browsers behind it: RFC 8030, its VAPID token (8292) verified, its body decrypted (8188, 8291). */
export async function pushService(vapidPublicKey: string): Promise<PushService> {
  const browsers = new Map<string, Browser>()
  const waiting: Pushed[] = []
  const problems: string[] = []
  let url = ''
  const provider = await httpProvider(
    (asked) => {
      const browser = browsers.get(asked.path)
      if (!browser) return { status: 410 }
      if (asked.body.length > bodyBytesMax) return { status: 413 }
      const stranger = notFrom(vapidPublicKey, asked, url)
      if (stranger !== undefined) {
        problems.push(stranger)
        return { status: 403 }
      }
      try {
        take(browser, asked)
      } catch (error) {
        problems.push(String(error))
        return { status: 400 }
      }
      return { status: 201, headers: { location: `${url}/message/${waiting.length}` } }
    },
    { tls: true },
  )
  url = provider.url

  function take(browser: Browser, { headers, body }: Asked): void {
    if (headers['content-encoding'] !== 'aes128gcm') throw new Error('content-encoding')
    const ttlS = Number(headers.ttl)
    if (!Number.isInteger(ttlS) || ttlS < 0) throw new Error('ttl')
    const topic = headers.topic === undefined ? undefined : String(headers.topic)
    if (topic !== undefined && !/^[A-Za-z0-9_-]{1,32}$/.test(topic)) throw new Error('topic')
    const message = JSON.parse(decrypted(body, browser).toString('utf8')) as PushMessage
    const replaced = waiting.findIndex(
      (one) => topic !== undefined && one.topic === topic && one.to === browser.subscription,
    )
    if (replaced >= 0) waiting.splice(replaced, 1)
    waiting.push({ to: browser.subscription, message, ttlS, urgency: String(headers.urgency), topic })
  }

  return {
    ...provider,
    waiting,
    problems,
    subscribe() {
      const keys = createECDH('prime256v1')
      const p256dh = keys.generateKeys('base64url')
      const auth = randomBytes(16)
      const path = `/push/${randomBytes(12).toString('hex')}`
      const subscription = JSON.stringify({
        endpoint: `${url}${path}`,
        expirationTime: null,
        keys: { p256dh, auth: auth.toString('base64url') },
      })
      browsers.set(path, { subscription, keys, auth })
      return subscription
    },
    unsubscribe: (subscription) =>
      browsers.delete(new URL((JSON.parse(subscription) as { endpoint: string }).endpoint).pathname),
  }
}

/** RFC 8292: `vapid t=<JWT>, k=<key>`; the audience is this service, the token ends within a day. */
function notFrom(publicKey: string, { headers }: Asked, audience: string): string | undefined {
  const [, token = '', key = ''] = /^vapid t=([^,\s]+),\s*k=(\S+)$/.exec(headers.authorization ?? '') ?? []
  if (key !== publicKey) return 'vapid key'
  const [head = '', claims = '', signature = ''] = token.split('.')
  const { alg } = read<{ alg: string }>(head)
  const { aud, exp, sub } = read<{ aud: string; exp: number; sub: string }>(claims)
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const verifier = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
  if (alg !== 'ES256') return 'vapid alg'
  if (!verify('sha256', Buffer.from(`${head}.${claims}`), verifier, Buffer.from(signature, 'base64url')))
    return 'vapid signature'
  if (aud !== audience) return 'vapid aud'
  const nowS = Date.now() / 1_000
  if (exp <= nowS || exp > nowS + 86_400) return 'vapid exp'
  return /^(mailto:|https:)/.test(sub) ? undefined : 'vapid sub'
}
const read = <T>(part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as T

/** RFC 8188's one record, keyed by RFC 8291. */
function decrypted(body: Buffer, { keys, auth }: Browser): Buffer {
  const salt = body.subarray(0, 16)
  const recordBytes = body.readUInt32BE(16)
  const sender = body.subarray(21, 21 + body.readUInt8(20))
  const sealed = body.subarray(21 + sender.length)
  if (sealed.length > recordBytes) throw new Error('more than one record')
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const secret = Buffer.from(hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32))
  const key = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: aes128gcm\0', 16))
  const nonce = Buffer.from(hkdfSync('sha256', secret, salt, 'Content-Encoding: nonce\0', 12))
  const cipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()])
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== 2) throw new Error('padding of the last record')
  return padded.subarray(0, end)
}
