import { systemClock as clock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../tests/harness/ports.ts'
import { type WebhookReceiver, webhookReceiver } from '../../../../tests/harness/providers/webhook-receiver.ts'
import { selfSigned } from '../../broker/tls.fixture.ts'
import { aMessage, channelSuite } from '../channel.suite.ts'
import { openWebhook } from './webhook.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = Buffer.alloc(32, 7).toString('base64')
const publicUrl = 'https://anju.example.org'
const opened = (url: string) =>
  openWebhook(
    {
      endpoints: {
        'county-centre': { url: `${url}/alarms`, secret, ca: selfSigned.cert },
        stranger: { url, secret: other, ca: selfSigned.cert },
      },
    },
    { clock, publicUrl },
  )
const never = () => new AbortController().signal

describe('a webhook as every channel', () => {
  channelSuite(async () => {
    const receiver = await webhookReceiver(secret, clock)
    let sent = 0
    const adapter = opened(receiver.url)
    return {
      // Each its own id: a receiver drops what it has seen.
      adapter: {
        ...adapter,
        send: (message, signal) => adapter.send({ ...message, id: `${message.id}${++sent}` }, signal),
      },
      address: 'county-centre',
      nobody: { adapter: opened(`https://127.0.0.1:${await freePort()}`), address: 'county-centre' },
      secrets: [secret, secret.slice(6)],
      next: receiver.next,
      arrived: receiver.arrived,
      read: () => receiver.events.map(({ data }) => Object.values(data).join('\n')),
      close: receiver.close,
    }
  })
})

let receiver: WebhookReceiver
beforeAll(async () => {
  receiver = await webhookReceiver(secret, clock)
})
afterAll(() => receiver.close())

test('the receiver has an event, and the same one again is not a second', async () => {
  const message = aMessage('county-centre')
  const adapter = opened(receiver.url)
  expect(adapter.idempotent).toBe(true)
  for (let time = 0; time < 2; time++)
    expect(await adapter.send(message, never())).toEqual({ outcome: 'delivered', providerId: null })
  expect(receiver.problems).toEqual([])
  expect(receiver.events).toEqual([
    {
      specversion: '1.0',
      id: message.id,
      source: publicUrl,
      type: 'anju.notification.alarm',
      subject: 'S1X3Y7',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      datacontenttype: 'application/json',
      data: {
        urgent: true,
        language: 'zh-CN',
        title: message.words.title,
        body: message.words.body,
        kind: '紧急按钮',
        at: '12:05',
        code: 'S1X3Y7',
        answerUrl: message.answerUrl,
      },
    },
  ])
})

test('an endpoint with another secret does not believe us', async () => {
  expect(await opened(receiver.url).send(aMessage('stranger'), never())).toMatchObject({ why: 'http 401' })
  expect(receiver.problems).toEqual(['webhook-signature'])
})

test.for([
  [
    { status: 200, body: 'anything' },
    { outcome: 'delivered', providerId: null },
  ],
  ['flood', { outcome: 'delivered', providerId: null }],
  [{ status: 410 }, { outcome: 'failed', why: 'http 410', addressDead: true }],
  [{ status: 404 }, { outcome: 'failed', why: 'http 404', addressDead: false }],
  [
    { status: 302, headers: { location: '/elsewhere' } },
    { outcome: 'failed', why: 'http 302', addressDead: false },
  ],
  [{ status: 500 }, { outcome: 'retry', why: 'http 500', afterMs: null }],
  [
    { status: 429, headers: { 'retry-after': '2' } },
    { outcome: 'retry', why: 'http 429', afterMs: 2_000 },
  ],
] as const)('%j is %j', async ([told, sent]) => {
  receiver.next(told)
  expect(await opened(receiver.url).send(aMessage('county-centre'), never())).toEqual(sent)
})

test.for([
  [{ url: 'http://county.example.org/', secret }, /^webhook\.endpoints\.x\.url: is plaintext/],
  [{ url: 'ftp://county.example.org/', secret }, /^webhook\.endpoints\.x\.url: is not an https/],
  [{ url: 'https://me:pw@county.example.org/', secret }, /^webhook\.endpoints\.x\.url: carries a password/],
  [{ url: 'https://county.example.org/', secret: 'whsec_c2hvcnQ=' }, /^webhook\.endpoints\.x\.secret: has 5 bytes/],
  [{ url: 'https://county.example.org/', secret: 'not base64!' }, /^webhook\.endpoints\.x\.secret: is not base64$/],
] as const)('%j is refused', ([endpoint, why]) => {
  expect(() => openWebhook({ endpoints: { x: endpoint } }, { clock, publicUrl })).toThrow(why)
})
