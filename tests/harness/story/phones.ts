import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock as clock } from '@anju/contract/system-clock'
import { systemRandom as random } from '@anju/contract/system-random'
import { selfSigned } from '../../../server/src/broker/tls.fixture.ts'
import type { CallbackRequest, ChannelAdapter, Report } from '../../../server/src/notifications/channel.ts'
import { openTwilioSms } from '../../../server/src/notifications/channels/twilio-sms/twilio-sms.ts'
import { openTwilioVoice } from '../../../server/src/notifications/channels/twilio-voice/twilio-voice.ts'
import { openWebPush } from '../../../server/src/notifications/channels/web-push/web-push.ts'
import { json, type Told, type Trouble } from '../providers/http-provider.ts'
import { pushService } from '../providers/push-service.ts'
import { fakeTwilio, heardOn, type PickedUpBy, pickedUp, signedByTwilio } from '../providers/twilio.ts'

/** What arrived at somebody's telephone. */
export interface Arrived {
  readonly channel: 'push' | 'sms' | 'voice'
  /** The number, or the push subscription. */
  readonly to: string
  /** What is read on the screen or heard. */
  readonly says: string
  /** Where its answer is given; null where none is asked for. */
  readonly answerUrl: string | null
  /** Our id of it, and the provider's. */
  readonly id: string
  readonly providerId: string
}

/** The telephones of a story: behind real adapters, at providers that speak their own protocols and check what they get. */
export interface Phones {
  readonly adapters: readonly ChannelAdapter[]
  /** What arrived and was not looked at yet, oldest first. */
  readonly arrived: Arrived[]
  take(channel: Arrived['channel'], to: string): Arrived | undefined
  /** A browser that can be pushed to: its address. */
  aBrowser(): string
  /** The browser at this address has been cleared: its push service knows it no more. */
  clears(subscription: string): void
  /** This number does not exist: the provider refuses it at once. */
  kill(number: string): void
  /** The provider of messages and calls answers so to all of these until it is told otherwise; null: it works again. */
  breaks(channel: 'sms' | 'voice', status: number | null): void
  /** What it does with the very next request; `silent`: it takes it and never answers. */
  next(instead: Told | Trouble): void
  /** Resolves when the next request has reached it. */
  arrival(): Promise<void>
  /** As the provider calls back; with its signature. */
  reports(of: Arrived, fields: Readonly<Record<string, string>>): readonly Report[]
  /** A call is picked up: what its provider says of it, one callback after the other. */
  pickUps(of: Arrived, by: PickedUpBy): readonly (readonly Report[])[]
  /** A key pressed while the call is on. */
  presses(of: Arrived, digit: string): readonly Report[]
  close(): Promise<void>
}

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'only-for-tests', senders: ['+15550006000'] }
export const storyUrl = 'https://anju.example.org'

export interface PhonesOptions {
  /** Whether the provider listens for answering machines. */
  readonly machineDetection?: boolean
}

export async function phones({ machineDetection = false }: PhonesOptions = {}): Promise<Phones> {
  const dataDir = await mkdtemp(join(tmpdir(), 'anju-phones-'))
  const dead = new Set<string>()
  const broken = new Map<'sms' | 'voice', number>()
  const twilio = await fakeTwilio({
    ...account,
    unknown: (number) => dead.has(number),
    trouble: (what) => {
      const status = broken.get(what === 'Messages' ? 'sms' : 'voice')
      return status === undefined ? undefined : json({ message: 'Internal error' }, status)
    },
  })
  const parts = { clock, random, dataDir, publicUrl: storyUrl, log: { warn: () => undefined } }
  const { accountSid, authToken } = account
  const from = account.senders[0] ?? ''
  const sms = openTwilioSms({ endpoint: twilio.url, accountSid, authToken, from, replies: true }, parts)
  const voice = openTwilioVoice({ endpoint: twilio.url, accountSid, authToken, from, machineDetection }, parts)
  const push = await openWebPush({ services: ['127.0.0.1'], ca: selfSigned.cert }, parts)
  const service = await pushService(push.publicKey)
  const arrived: Arrived[] = []
  let seen = { created: 0 }
  const pushed = new Set<string>()

  /** What the providers took since the last look. */
  function collect(): void {
    for (const [index, { what, form }] of twilio.created.entries()) {
      if (index < seen.created) continue
      const providerId = (what === 'Messages' ? 'SM' : 'CA') + String(index + 1).padStart(32, '0')
      const id = new URL(form.get('StatusCallback') ?? '').searchParams.get('id') ?? ''
      const to = form.get('To') ?? ''
      arrived.push(
        what === 'Messages'
          ? {
              channel: 'sms',
              to,
              says: form.get('Body') ?? '',
              answerUrl: linkIn(form.get('Body') ?? ''),
              id,
              providerId,
            }
          : { channel: 'voice', to, says: spoken(form.get('Twiml') ?? ''), answerUrl: null, id, providerId },
      )
    }
    seen = { created: twilio.created.length }
    for (const { message, to } of service.waiting.map((one) => ({ message: one.message, to: one.to })))
      if (!pushed.has(message.id)) {
        pushed.add(message.id)
        const { id, title, body, url } = message
        arrived.push({ channel: 'push', to, says: `${title}\n${body}`, answerUrl: url, id, providerId: id })
      }
  }

  const called = (provider: string, of: Arrived, fields: Readonly<Record<string, string>>): CallbackRequest =>
    signedByTwilio(authToken, `${storyUrl}/api/v1/callbacks/${provider}?id=${of.id}&lang=zh-CN`, fields)

  return {
    adapters: [...sms.adapters, ...voice.adapters, push.adapter],
    get arrived() {
      collect()
      return arrived
    },
    take(channel, to) {
      collect()
      const at = arrived.findIndex((one) => one.channel === channel && one.to === to)
      return at < 0 ? undefined : arrived.splice(at, 1)[0]
    },
    aBrowser: () => service.subscribe(),
    clears: (subscription) => service.unsubscribe(subscription),
    kill: (number) => void dead.add(number),
    breaks: (channel, status) => void (status === null ? broken.delete(channel) : broken.set(channel, status)),
    next: (instead) => twilio.next(instead),
    arrival: async () => void (await twilio.arrived()),
    reports(of, fields) {
      const reader = of.channel === 'sms' ? sms.readers[0] : voice.readers[0]
      const sid = of.channel === 'sms' ? { MessageSid: of.providerId } : { CallSid: of.providerId }
      if (!reader) throw new Error(`nobody reads what is said of a ${of.channel}`)
      return reader.read(called(reader.provider, of, { ...sid, ...fields })).reports
    },
    pickUps(of, by) {
      const [reader] = voice.readers
      const call = twilio.created.find(
        ({ form }) => new URL(form.get('StatusCallback') ?? '').searchParams.get('id') === of.id,
      )
      if (!reader || !call) throw new Error('no such call')
      const said = pickedUp(of.providerId, call.form, by)
      return said.map(({ url, fields }) => reader.read(signedByTwilio(authToken, url, fields)).reports)
    },
    presses(of, digit) {
      const [reader] = voice.readers
      if (!reader) throw new Error('nobody reads keys')
      return reader.read(called(reader.provider, of, { CallSid: of.providerId, Digits: digit })).reports
    },
    async close() {
      await Promise.all([twilio.close(), service.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const linkIn = (text: string): string | null => /https:\/\/\S+\/a\/\S+/.exec(text)?.[0] ?? null

const spoken = (twiml: string): string =>
  heardOn(twiml)
    .says.map((say) => say['#text'])
    .join(' ')
