import type { PushMessage } from '@anju/contract/push-message'
import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import webPush from 'web-push'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import { type Parts, Pem, Text } from '../../provider.ts'
import { attempt, byStatus, unanswered } from '../http-attempt.ts'
import { keptVapidKeys, vapidKeysOf } from './vapid.ts'

/** Browsers' own push services: Web Push (RFC 8030), its message encrypted for the one browser (RFC 8291). */
export const push = body({
  vapid: Type.Optional(body({ privateKey: Text })),
  /** Whom a push service may write to: `mailto:` or `https:`. */
  contact: Type.Optional(Type.String({ pattern: '^(mailto:[^@\\s]+@[^@\\s]+|https://\\S+)$', maxLength: 200 })),
  /**
   * Hosts, with all below them, that a subscription may point to. A subscription comes from a browser: without this list, a
   * visitor could have the server call any address in its network.
   */
  services: Type.Optional(Type.Array(Text, { minItems: 1, maxItems: 100 })),
  ca: Type.Optional(Pem),
})

const SERVICES = [
  'fcm.googleapis.com',
  'jmt17.google.com',
  'push.services.mozilla.com',
  'push.apple.com',
  'notify.windows.com',
]

/** What `PushSubscription.toJSON()` gives; a browser may add to it. */
const Subscription = Compile(
  Type.Object({
    endpoint: Type.String({ maxLength: 2_000 }),
    keys: Type.Object({ p256dh: Type.String({ maxLength: 200 }), auth: Type.String({ maxLength: 100 }) }),
  }),
)

/** How long a push service keeps it for a telephone that is off: an alarm of yesterday must not ring today. */
const keepS = { alarm: 3_600, 'stand-down': 3_600, notice: 86_400 }

export interface WebPush {
  readonly adapter: ChannelAdapter
  /** What a page needs to subscribe: its `applicationServerKey`. */
  readonly publicKey: string
  /** Whether it is a subscription of a service that we send to. */
  takes(subscription: string): boolean
}

export async function openWebPush(
  config: Static<typeof push>,
  { clock, dataDir, publicUrl }: Pick<Parts, 'clock' | 'dataDir' | 'publicUrl'>,
): Promise<WebPush> {
  const keys = config.vapid
    ? vapidKeysOf(config.vapid.privateKey, 'push.vapid.privateKey')
    : await keptVapidKeys(dataDir)
  // Apple refuses a token whose contact is on loopback; the reserved name at least is well formed.
  const subject = config.contact ?? (publicUrl.startsWith('https:') ? publicUrl : 'mailto:operator@anju.invalid')
  const services = config.services ?? SERVICES
  const isKnown = (url: URL): boolean =>
    services.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
  const adapter: ChannelAdapter = {
    channel: 'push',
    provider: 'web-push',
    idempotent: false,
    async send(message, signal) {
      const subscription = subscriptionOf(message.address)
      if (!subscription) return dead('not a push subscription')
      const url = URL.parse(subscription.endpoint)
      if (url?.protocol !== 'https:') return dead('endpoint is not https')
      if (!isKnown(url)) return { outcome: 'failed', why: 'endpoint is of no known push service', addressDead: false }
      const tag = tagOf(message)
      let details: webPush.RequestDetails
      try {
        details = webPush.generateRequestDetails(subscription, JSON.stringify(payloadOf(message, tag)), {
          vapidDetails: { subject, ...keys },
          TTL: keepS[message.purpose],
          urgency: message.urgent ? 'high' : 'normal',
          contentEncoding: 'aes128gcm',
          // One that has not been fetched yet is replaced by the next of the same alarm.
          ...(tag !== null && { topic: tag }),
        })
      } catch {
        // Everything else that goes in is ours and was checked when it was opened.
        return dead('keys of the subscription are broken')
      }
      const request = { url, headers: details.headers, body: details.body ?? '', ca: config.ca }
      const heard = await attempt(request, signal)
      if (!heard.answered) return unanswered(heard)
      const { status } = heard.answer
      if (status >= 200 && status < 300) return { outcome: 'sent', providerId: null }
      if (status === 404 || status === 410) return dead(`http ${status}`)
      // Windows' service means 429 by it.
      if (status === 406) return byStatus({ ...heard.answer, status: 429 }, clock.now())
      return byStatus(heard.answer, clock.now())
    },
  }
  return {
    adapter,
    publicKey: keys.publicKey,
    takes(text) {
      const url = URL.parse(subscriptionOf(text)?.endpoint ?? '')
      return url?.protocol === 'https:' && isKnown(url)
    },
  }
}

const dead = (why: string): Sent => ({ outcome: 'failed', why, addressDead: true })

function subscriptionOf(address: string) {
  try {
    const value: unknown = JSON.parse(address)
    return Subscription.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Also a topic: at most 32 characters of base64url. */
const tagOf = ({ facts }: Outgoing): string | null =>
  /^[A-Za-z0-9_-]{1,26}$/.test(facts.code) ? `alarm-${facts.code}` : null

const payloadOf = ({ id, purpose, urgent, language, words, answerUrl }: Outgoing, tag: string | null): PushMessage => ({
  id,
  purpose,
  urgent,
  language,
  title: words.title,
  body: words.body,
  tag,
  url: answerUrl,
})
