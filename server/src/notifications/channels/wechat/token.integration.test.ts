import { minutes, seconds } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parts, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type FakeWechat, fakeWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { openTokens } from './token.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: 'no-secret-at-all' }
let wechat: FakeWechat
let clock: ReturnType<typeof parts>['clock']
beforeEach(async () => {
  wechat = await fakeWechat({ ...account, people: [], templates: {} })
  clock = parts().clock
})
afterEach(() => wechat.close())
const open = (changes = {}) => openTokens({ ...account, endpoint: wechat.url, ...changes }, clock)

test('a token is kept until a minute before it ends', async () => {
  const tokens = open()
  expect(await tokens.get(unhurried())).toEqual({ token: 'TOKEN_1' })
  await clock.pass(minutes(118))
  await tokens.get(unhurried())
  expect(wechat.tokens).toEqual({ asked: 1, forced: 0 })
  await clock.pass(seconds(61))
  await tokens.get(unhurried())
  expect(wechat.tokens).toEqual({ asked: 2, forced: 0 })
})
test('a refused one is got anew, once, without force', async () => {
  const tokens = open()
  await tokens.get(unhurried())
  wechat.endToken()
  expect(await tokens.get(unhurried(), 'TOKEN_1')).toEqual({ token: 'TOKEN_2' })
  expect(await tokens.get(unhurried(), 'TOKEN_1')).toEqual({ token: 'TOKEN_2' })
  expect(wechat.tokens).toEqual({ asked: 2, forced: 0 })
})
test('only when the refused one is handed out again, it is got by force', async () => {
  const tokens = open()
  await tokens.get(unhurried())
  wechat.endToken('stuck')
  expect(await tokens.get(unhurried(), 'TOKEN_1')).toEqual({ token: 'TOKEN_2' })
  expect(wechat.tokens).toEqual({ asked: 3, forced: 1 })
})

const retry = (why: string) => ({ token: null, sent: { outcome: 'retry', why, afterMs: null } })
test.for([
  { changes: { appSecret: 'x' }, why: 'token: 40125' },
  { changes: { appId: 'x' }, why: 'token: 40013' },
])('a wrong account is a failure: $why', async ({ changes, why }) => {
  expect(await open(changes).get(unhurried())).toEqual({
    token: null,
    sent: { outcome: 'failed', why, addressDead: false },
  })
})
test.for([
  { told: { status: 200, body: '{"errcode":-1,"errmsg":"system error"}' }, why: 'token: -1' },
  { told: { status: 200, body: '{"errcode":45009}' }, why: 'token: 45009' },
  { told: { status: 502, body: '' }, why: 'token: http 502' },
  { told: { status: 200, body: '<html>' }, why: 'token: answer unreadable' },
])('$why: no message was on its way yet, so it is tried again', async ({ told, why }) => {
  wechat.next(told)
  expect(await open().get(unhurried())).toEqual(retry(why))
})
test('a line cut while asking for a token loses no message, either', async () => {
  wechat.next('cut')
  expect(await open().get(unhurried())).toMatchObject({ sent: { outcome: 'retry' } })
})
