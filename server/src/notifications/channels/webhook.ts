import { type Clock, formatInstant } from '@anju/contract'
import { body } from '@anju/contract/schema'
import { Webhook } from 'standardwebhooks'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../channel.ts'
import { byName, type Parts, Pem, refuse, secureUrl, Text } from '../provider.ts'
import { type Answer, attempt, byStatus, unanswered } from './http-attempt.ts'

/** Programs of others: CloudEvents 1.0 in JSON, signed by the Standard Webhooks scheme. */
export const webhook = body({
  endpoints: byName(
    body({
      url: Text,
      /** 24 to 64 bytes in base64, by custom behind `whsec_`; each endpoint has its own, or one could speak for us to another. */
      secret: Type.String({ maxLength: 200 }),
      ca: Type.Optional(Pem),
    }),
  ),
})

interface Endpoint {
  readonly url: URL
  readonly signer: Webhook
  readonly ca: string | undefined
}

export function openWebhook(
  config: Static<typeof webhook>,
  { clock, publicUrl }: Pick<Parts, 'clock' | 'publicUrl'>,
): ChannelAdapter {
  const endpoints = new Map(
    Object.entries(config.endpoints).map(([name, given]) => [name, endpointOf(given, `webhook.endpoints.${name}`)]),
  )
  return {
    channel: 'webhook',
    provider: 'webhook',
    // Receivers are told to drop a `webhook-id` they have seen; that is what the header is for.
    idempotent: true,
    names: [...endpoints.keys()],
    async send(message, signal) {
      const endpoint = endpoints.get(message.address)
      if (!endpoint) return { outcome: 'failed', why: 'no such endpoint is configured', addressDead: false }
      const { url, signer, ca } = endpoint
      const now = clock.now()
      const event = JSON.stringify(cloudEvent(message, publicUrl, formatInstant(now)))
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'webhook-id': message.id,
        'webhook-timestamp': String(Math.floor(now / 1_000)),
        'webhook-signature': signer.sign(message.id, new Date(now), event),
      }
      const heard = await attempt({ url, headers, body: event, ca }, signal)
      return heard.answered ? meaningOf(heard.answer, clock) : unanswered(heard)
    },
  }
}

function endpointOf(given: Static<typeof webhook>['endpoints'][string], path: string): Endpoint {
  const url = secureUrl(given.url, `${path}.url`)
  const bytes = Buffer.from(given.secret.replace(/^whsec_/, ''), 'base64')
  const base64 = bytes.toString('base64')
  if (base64.replace(/=+$/, '') !== given.secret.replace(/^whsec_/, '').replace(/=+$/, ''))
    throw refuse(`${path}.secret`, 'is not base64')
  if (bytes.length < 24 || bytes.length > 64)
    throw refuse(`${path}.secret`, `has ${bytes.length} bytes; 24 to 64 are wanted`)
  return { url, signer: new Webhook(base64), ca: given.ca }
}

function meaningOf(answer: Answer, clock: Clock): Sent {
  const { status } = answer
  // The endpoint is the recipient: when it has taken it, it has arrived.
  if (status >= 200 && status < 300) return { outcome: 'delivered', providerId: null }
  // Standard Webhooks: Gone means that nothing shall be sent here any more.
  if (status === 410) return { outcome: 'failed', why: 'http 410', addressDead: true }
  return byStatus(answer, clock.now())
}

const cloudEvent = (message: Outgoing, source: string, time: string) => ({
  specversion: '1.0',
  id: message.id,
  source,
  type: `anju.notification.${message.purpose}`,
  ...(message.facts.code !== '' && { subject: message.facts.code }),
  time,
  datacontenttype: 'application/json',
  data: {
    urgent: message.urgent,
    language: message.language,
    title: message.words.title,
    body: message.words.body,
    ...message.facts,
    kind: message.event,
    answerUrl: message.answerUrl,
  },
})
