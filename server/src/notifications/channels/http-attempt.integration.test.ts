import { createServer, type Socket } from 'node:net'
import { instant } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HttpProvider, httpProvider } from '../../../../tests/harness/providers/http-provider.ts'
import { selfSigned } from '../../broker/tls.fixture.ts'
import { answerBytesMax, attempt, byStatus, jsonOf, retryAfterMs, unclear } from './http-attempt.ts'

const never = () => new AbortController().signal
const ask = (url: string, more: object = {}) => ({ url: new URL(url), headers: {}, body: '{}', ...more })

let provider: HttpProvider
beforeAll(async () => {
  provider = await httpProvider(() => ({ status: 200, body: '{"好":"🆘"}' }))
})
afterAll(() => provider.close())

test('an answer is read whole', async () => {
  const heard = await attempt(ask(provider.url), never())
  expect(heard).toMatchObject({ answered: true, answer: { status: 200, body: '{"好":"🆘"}', whole: true } })
  expect(heard.answered && jsonOf(heard.answer)).toEqual({ 好: '🆘' })
})

test('an answer without end is read up to the limit', async () => {
  provider.next('flood')
  const heard = await attempt(ask(provider.url), never())
  expect(heard).toMatchObject({ answered: true, answer: { status: 200, whole: false } })
  expect(heard.answered && heard.answer.body.length).toBe(answerBytesMax)
  expect(heard.answered && jsonOf(heard.answer)).toBeUndefined()
})

test('an answer that drips is cut short when the sender gives up; its status stands', async () => {
  provider.next('drip')
  const patience = new AbortController()
  const asking = attempt(ask(`${provider.url}/drip`), patience.signal)
  while ((await provider.arrived()).path !== '/drip');
  // Its first byte is on the way when the request has arrived: give up only with the status in hand.
  provider.next({ status: 204 })
  await attempt(ask(provider.url), never())
  patience.abort()
  expect(await asking).toMatchObject({ answered: true, answer: { status: 200, whole: false } })
})

test('a redirect is an answer, and goes nowhere', async () => {
  provider.next({ status: 307, headers: { location: `${provider.url}/elsewhere` } })
  const heard = await attempt(ask(provider.url), never())
  expect(heard).toMatchObject({ answered: true, answer: { status: 307 } })
  expect(heard.answered && byStatus(heard.answer, instant(0))).toEqual({
    outcome: 'failed',
    why: 'http 307',
    addressDead: false,
  })
})

test('a handshake that does not end has sent nothing; a request that was taken may have arrived', async () => {
  const sockets: Socket[] = []
  let connected: (() => void) | undefined
  const mute = createServer((socket) => {
    sockets.push(socket)
    socket.once('data', () => connected?.())
    socket.on('error', () => undefined)
  })
  const port = await new Promise<number>((resolve) =>
    mute.listen(0, '127.0.0.1', () => resolve((mute.address() as { port: number }).port)),
  )
  for (const [scheme, begun] of [
    ['https', false],
    ['http', true],
  ] as const) {
    const patience = new AbortController()
    const arrived = new Promise<void>((resolve) => (connected = resolve))
    const asking = attempt(ask(`${scheme}://127.0.0.1:${port}`), patience.signal)
    await arrived
    patience.abort()
    expect(await asking).toEqual({ answered: false, begun, why: 'timed out' })
  }
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => mute.close(resolve))
})

test('a certificate nobody vouches for: nothing is sent; with its own authority it is', async () => {
  const secure = await httpProvider(() => ({ status: 200 }), { tls: true })
  expect(await attempt(ask(secure.url), never())).toEqual({
    answered: false,
    begun: false,
    why: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  })
  expect(await attempt(ask(secure.url, { ca: selfSigned.cert }), never())).toMatchObject({ answered: true })
  await secure.close()
})

test.for([
  [
    { status: 200, body: '<html>' },
    { outcome: 'unknown', why: 'answer unreadable' },
  ],
  [{ status: 202 }, { outcome: 'unknown', why: 'answer unreadable' }],
  [{ status: 302 }, { outcome: 'failed', why: 'http 302', addressDead: false }],
  [{ status: 401 }, { outcome: 'failed', why: 'http 401', addressDead: false }],
  [{ status: 408 }, { outcome: 'retry', why: 'http 408', afterMs: null }],
  [
    { status: 429, headers: { 'retry-after': '3' } },
    { outcome: 'retry', why: 'http 429', afterMs: 3_000 },
  ],
  [
    { status: 503, headers: { 'retry-after': 'soon' } },
    { outcome: 'retry', why: 'http 503', afterMs: null },
  ],
  ['cut', { outcome: 'unknown', why: 'ECONNRESET' }],
] as const)('%j, of which nothing more is known, is %j', async ([told, sent]) => {
  provider.next(told)
  expect(unclear(await attempt(ask(provider.url), never()), instant(0))).toEqual(sent)
})

const read = (body: string, whole = true) => jsonOf({ status: 200, headers: {}, body, whole })
test('ids longer than a number are kept digit by digit', () => {
  expect(read('{"msgid":3451239876543210987,"errcode":-1,"small":12,"x":1e400}')).toEqual({
    msgid: '3451239876543210987',
    errcode: -1,
    small: 12,
    x: Number.POSITIVE_INFINITY,
  })
  expect([read('[]'), read('null'), read('<html>'), read(''), read('{}', false)]).toEqual(Array(5).fill(undefined))
})

const noon = instant(Date.parse('2026-03-01T12:00:00Z'))
test.for([
  [undefined, null],
  ['30', 30_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['86400', 3_600_000],
  ['soon', null],
  ['-5', null],
  ['1e9', null],
] as const)('Retry-After %s means %s ms', ([header, ms]) => {
  expect(retryAfterMs(header, noon)).toBe(ms)
})
