import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@anju/contract'
import { type Asked, type HttpProvider, httpProvider } from './http-provider.ts'

export interface CloudEvent {
  readonly specversion: string
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject?: string
  readonly time: string
  readonly data: Readonly<Record<string, unknown>>
}
export interface WebhookReceiver extends HttpProvider {
  readonly events: readonly CloudEvent[]
  /** Why it refused. */
  readonly problems: readonly string[]
}

const toleranceS = 300

/**
 * A program that takes webhooks as the two specifications ask of it: the signature over id, time and body checked with its own
 * means, an event seen before taken and dropped.
 */
export async function webhookReceiver(secret: string, clock: Clock): Promise<WebhookReceiver> {
  const events: CloudEvent[] = []
  const problems: string[] = []
  const provider = await httpProvider(
    (asked) => {
      const problem = notSigned(asked, secret, clock.now() / 1_000) ?? notAnEvent(asked)
      if (problem !== undefined) {
        problems.push(problem)
        return { status: 401 }
      }
      const event = JSON.parse(asked.body.toString('utf8')) as CloudEvent
      if (!events.some(({ id }) => id === event.id)) events.push(event)
      return { status: 204 }
    },
    { tls: true },
  )
  return { ...provider, events, problems }
}

function notSigned({ headers, body }: Asked, secret: string, nowS: number): string | undefined {
  const id = String(headers['webhook-id'] ?? '')
  const timestamp = String(headers['webhook-timestamp'] ?? '')
  if (id === '' || id.includes('.')) return 'webhook-id'
  if (!/^\d{10}$/.test(timestamp) || Math.abs(nowS - Number(timestamp)) > toleranceS) return 'webhook-timestamp'
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest()
  const signed = String(headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
  return signed.some((one) => one.length === expected.length && timingSafeEqual(one, expected))
    ? undefined
    : 'webhook-signature'
}

function notAnEvent({ method, headers, body }: Asked): string | undefined {
  if (method !== 'POST') return 'method'
  if (!/^application\/cloudevents\+json\b/.test(headers['content-type'] ?? '')) return 'content-type'
  const event = JSON.parse(body.toString('utf8')) as Partial<Record<keyof CloudEvent, unknown>>
  if (event.specversion !== '1.0') return 'specversion'
  for (const name of ['id', 'source', 'type', 'time'] as const)
    if (typeof event[name] !== 'string' || event[name] === '') return name
  if (Number.isNaN(Date.parse(event.time as string))) return 'time'
  return event.id === headers['webhook-id'] ? undefined : 'id differs from webhook-id'
}
