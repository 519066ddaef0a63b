import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock as clock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../../tests/harness/ports.ts'
import { type PushService, pushService } from '../../../../../tests/harness/providers/push-service.ts'
import { selfSigned } from '../../../broker/tls.fixture.ts'
import { aMessage, channelSuite } from '../../channel.suite.ts'
import { openWebPush } from './web-push.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'anju-push-'))
})
afterAll(() => rm(dataDir, { recursive: true }))

const publicUrl = 'https://anju.example.org'
const opened = () => openWebPush({ services: ['127.0.0.1'], ca: selfSigned.cert }, { clock, dataDir, publicUrl })
const never = () => new AbortController().signal

describe('web push as every channel', () => {
  channelSuite(async () => {
    const { adapter, publicKey } = await opened()
    const service = await pushService(publicKey)
    const address = service.subscribe()
    const elsewhere = address.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${await freePort()}`)
    // Without a code there is no topic, and one does not take the place of another.
    const plain = {
      ...adapter,
      send: (...[message, signal]: Parameters<typeof adapter.send>) =>
        adapter.send({ ...message, facts: { ...message.facts, code: '' } }, signal),
    }
    return {
      adapter: plain,
      address,
      nobody: { adapter: plain, address: elsewhere },
      secrets: [(JSON.parse(address) as { endpoint: string }).endpoint],
      next: service.next,
      arrived: service.arrived,
      read: () => service.waiting.map(({ message }) => [message.title, message.body, message.url].join('\n')),
      close: service.close,
    }
  })
})

let service: PushService
let push: Awaited<ReturnType<typeof openWebPush>>
beforeAll(async () => {
  push = await opened()
  service = await pushService(push.publicKey)
})
afterAll(() => service.close())

test('the browser gets what it shows, in time or not at all', async () => {
  const message = aMessage(service.subscribe())
  expect(await push.adapter.send(message, never())).toEqual({ outcome: 'sent', providerId: null })
  expect(service.problems).toEqual([])
  expect(service.waiting.at(-1)).toEqual({
    to: message.address,
    ttlS: 3_600,
    urgency: 'high',
    topic: 'alarm-S1X3Y7',
    message: {
      id: message.id,
      purpose: 'alarm',
      urgent: true,
      language: 'zh-CN',
      title: message.words.title,
      body: message.words.body,
      tag: 'alarm-S1X3Y7',
      url: message.answerUrl,
    },
  })
})

test('a later message of the same alarm takes the place of the one that waits', async () => {
  const address = service.subscribe()
  const count = service.waiting.length
  const send = (more: object) => push.adapter.send(aMessage(address, more), never())
  await send({ facts: { kind: 'k', at: '12:05', code: 'REPLAC' } })
  await send({ facts: { kind: 'k', at: '12:05', code: 'REPLAC' }, purpose: 'stand-down', urgent: false })
  expect(service.waiting.slice(count).map(({ message, urgency }) => [message.purpose, urgency])).toEqual([
    ['stand-down', 'normal'],
  ])
  await send({ facts: { kind: 'k', at: '12:05', code: 'ANOTHR' }, purpose: 'notice' })
  expect(service.waiting.slice(count).map(({ ttlS }) => ttlS)).toEqual([3_600, 86_400])
})

test('a browser that unsubscribed is a dead address', async () => {
  const address = service.subscribe()
  service.unsubscribe(address)
  expect(await push.adapter.send(aMessage(address), never())).toEqual({
    outcome: 'failed',
    why: 'http 410',
    addressDead: true,
  })
})

test('a subscription with broken keys is one, too', async () => {
  const address = JSON.stringify({ ...JSON.parse(service.subscribe()), keys: { p256dh: 'AAAA', auth: 'AAAA' } })
  expect(await push.adapter.send(aMessage(address), never())).toMatchObject({ outcome: 'failed', addressDead: true })
})

test('nobody has the server call an address that is of no push service', async () => {
  for (const endpoint of ['https://10.0.0.1/x', 'https://evil-127.0.0.1.example.org/', 'https://localhost/x'])
    expect(
      await push.adapter.send(aMessage(JSON.stringify({ ...JSON.parse(service.subscribe()), endpoint })), never()),
    ).toEqual({ outcome: 'failed', why: 'endpoint is of no known push service', addressDead: false })
})

test('more than a push service takes is refused by it', async () => {
  const message = aMessage(service.subscribe(), { words: { title: 't', body: '长'.repeat(1_500), speech: '' } })
  expect(await push.adapter.send(message, never())).toEqual({ outcome: 'failed', why: 'http 413', addressDead: false })
})

test('a service that knows other keys does not believe us', async () => {
  const strict = await pushService('another')
  expect(await push.adapter.send(aMessage(strict.subscribe()), never())).toMatchObject({ why: 'http 403' })
  expect(strict.problems).toEqual(['vapid key'])
  await strict.close()
})

test.for([
  [{ status: 404 }, { outcome: 'failed', why: 'http 404', addressDead: true }],
  [{ status: 400 }, { outcome: 'failed', why: 'http 400', addressDead: false }],
  [
    { status: 429, headers: { 'retry-after': '120' } },
    { outcome: 'retry', why: 'http 429', afterMs: 120_000 },
  ],
  [{ status: 406 }, { outcome: 'retry', why: 'http 429', afterMs: null }],
  [{ status: 503 }, { outcome: 'retry', why: 'http 503', afterMs: null }],
  [{ status: 202 }, { outcome: 'sent', providerId: null }],
] as const)('%j is %j', async ([told, sent]) => {
  service.next(told)
  expect(await push.adapter.send(aMessage(service.subscribe()), never())).toEqual(sent)
})

describe('the server’s own keys', () => {
  test('are made once, for its eyes only, and the same after a restart', async () => {
    expect((await opened()).publicKey).toBe(push.publicKey)
    const file = join(dataDir, 'push-vapid.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const { privateKey } = JSON.parse(await readFile(file, 'utf8')) as { privateKey: string }
    const given = await openWebPush({ vapid: { privateKey } }, { clock, dataDir: '/nowhere', publicUrl })
    expect(given.publicKey).toBe(push.publicKey)
  })

  test('are the same for servers that start at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anju-push-'))
    const keys = await Promise.all(
      Array.from({ length: 2 }, () => openWebPush({}, { clock, dataDir: folder, publicUrl })).map(
        async (one) => (await one).publicKey,
      ),
    )
    expect(new Set(keys).size).toBe(1)
    await rm(folder, { recursive: true })
  })

  test.for(['', '{}', '{"privateKey":"c2hvcnQ"}'])('a file with %j is not overwritten', async (text) => {
    const folder = await mkdtemp(join(tmpdir(), 'anju-push-'))
    await writeFile(join(folder, 'push-vapid.json'), text)
    await expect(openWebPush({}, { clock, dataDir: folder, publicUrl })).rejects.toThrow(
      /push-vapid\.json: (holds no|is not)/,
    )
    expect(await readFile(join(folder, 'push-vapid.json'), 'utf8')).toBe(text)
    await rm(folder, { recursive: true })
  })
})
