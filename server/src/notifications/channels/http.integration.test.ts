import { afterEach, beforeEach, expect, test } from 'vitest'
import { json, type Loopback, loopback } from '../../../../tests/harness/providers/loopback.ts'
import { ask, jsonObject, sentByStatus } from './http.ts'

let server: Loopback
beforeEach(async () => {
  server = await loopback(() => json({ fine: true }))
})
afterEach(() => server.close())

const asked = async (signal = new AbortController().signal, url = server.url) =>
  sentByStatus(await ask(new URL(url), { method: 'POST' }, signal))

test.for([
  { status: 200, sent: { outcome: 'unknown', why: 'answer-unreadable' } },
  { status: 302, sent: { outcome: 'failed', why: 'http-302', addressDead: false } },
  { status: 400, sent: { outcome: 'failed', why: 'http-400', addressDead: false } },
  { status: 401, sent: { outcome: 'failed', why: 'http-401', addressDead: false } },
  { status: 408, sent: { outcome: 'retry', why: 'http-408', afterMs: null } },
  { status: 429, retryAfter: '3', sent: { outcome: 'retry', why: 'http-429', afterMs: 3_000 } },
  { status: 503, retryAfter: 'soon', sent: { outcome: 'retry', why: 'http-503', afterMs: null } },
])('a bare $status', async ({ status, retryAfter, sent }) => {
  const headers = { location: `${server.url}/elsewhere`, ...(retryAfter && { 'retry-after': retryAfter }) }
  server.next({ status, headers, body: '' })
  expect(await asked()).toEqual(sent)
  expect(server.asked).toHaveLength(1)
})

test('nobody there: nothing was sent', async () => {
  await server.close()
  expect(await asked()).toEqual({ outcome: 'retry', why: 'ECONNREFUSED', afterMs: null })
  server = await loopback(() => json({}))
})

test('a line that is cut after the question: it may have been sent', async () => {
  server.next('cut')
  expect(await asked()).toMatchObject({ outcome: 'unknown' })
})

test('time runs out while the provider is silent: it may have been sent', async () => {
  server.next('silent')
  const patience = new AbortController()
  const sent = asked(patience.signal)
  await server.arrival()
  patience.abort()
  expect(await sent).toEqual({ outcome: 'unknown', why: 'timed-out' })
})

test('time had run out before: nothing was sent', async () => {
  expect(await asked(AbortSignal.abort())).toEqual({ outcome: 'retry', why: 'no-time-left', afterMs: null })
  expect(server.asked).toHaveLength(0)
})

test('an endless answer is read as no answer, and its status still counts', async () => {
  server.next({ status: 200, body: 'x'.repeat(65_537) }, { status: 500, body: 'x'.repeat(65_537) })
  expect(await ask(new URL(server.url), {}, new AbortController().signal)).toMatchObject({ status: 200, text: '' })
  expect(await asked()).toEqual({ outcome: 'retry', why: 'http-500', afterMs: null })
})

test('ids longer than a number are kept digit by digit', () => {
  expect(jsonObject('{"msgid":3451239876543210987,"errcode":-1,"small":12,"x":1e400}')).toEqual({
    msgid: '3451239876543210987',
    errcode: -1,
    small: 12,
    x: Number.POSITIVE_INFINITY,
  })
  expect([jsonObject('[]'), jsonObject('null'), jsonObject('<html>'), jsonObject('')]).toEqual(Array(4).fill(undefined))
})
