import { afterEach, beforeEach, expect, test } from 'vitest'
import { message, parts, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type FakeWechat, fakeWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { openWechatMini, type WechatMiniConfig } from './wechat-mini.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: 'no-secret-at-all' }
const openId = 'mABCD0123456789-abcdefghijk_'
let wechat: FakeWechat
let config: WechatMiniConfig
beforeEach(async () => {
  wechat = await fakeWechat({ ...account, people: [openId], templates: { T1: ['thing1', 'phrase2'], T2: ['thing1'] } })
  const alarm = { id: 'T1', data: { thing1: 'title', phrase2: 'kind' } } as const
  const other = { id: 'T2', data: { thing1: 'body' } } as const
  config = {
    ...account,
    endpoint: wechat.url,
    token: 'AAAAA',
    page: 'pages/answer',
    templates: {
      alarm: { 'zh-CN': alarm, en: alarm },
      'stand-down': { 'zh-CN': other, en: other },
      notice: { 'zh-CN': other, en: other },
    },
  }
})
afterEach(() => wechat.close())

const opened = (changes: Partial<WechatMiniConfig> = {}) => {
  const [adapter] = openWechatMini({ ...config, ...changes }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter
}
const send = (changes = {}, given: Partial<WechatMiniConfig> = {}) =>
  opened(given).send(message({ address: `mp:${openId}`, ...changes }), unhurried())

test('an alarm: the person, the template’s own fields, and the page with the answer’s code', async () => {
  expect(await send()).toEqual({ outcome: 'sent', providerId: '3451239876543210001' })
  expect(wechat.sent).toEqual([
    {
      path: '/cgi-bin/message/subscribe/send',
      order: {
        touser: openId,
        template_id: 'T1',
        page: 'pages/answer?answer=7Kq2ZP9w',
        miniprogram_state: 'formal',
        lang: 'zh_CN',
        data: { thing1: { value: '紧急求助' }, phrase2: { value: '求助键' } },
      },
    },
  ])
})
test('a stand-down opens the page without a code', async () => {
  await send({ purpose: 'stand-down', language: 'en', answerUrl: null }, { state: 'trial' })
  expect(wechat.sent[0]?.order).toMatchObject({
    template_id: 'T2',
    page: 'pages/answer',
    miniprogram_state: 'trial',
    lang: 'en_US',
    // Twenty characters fit; a lock screen shows no more.
    data: { thing1: { value: '02:10 有人按下求助键，编号 T0…' } },
  })
})
test('nobody drops a second one here', async () => {
  await send()
  await send()
  expect([opened().idempotent, wechat.sent.length]).toEqual([false, 2])
})
test('only its own open ids', async () => {
  expect(await send({ address: `oa:${openId}` })).toEqual({
    outcome: 'failed',
    why: 'open-id-malformed',
    addressDead: true,
  })
  expect([`oa:${openId}`, `mp:${openId}`].map((address) => opened().takes?.(address))).toEqual([false, true])
})

const failed = (why: string, addressDead = false) => ({ outcome: 'failed', why, addressDead })
test.for([
  { errcode: 43101, sent: failed('43101') },
  { errcode: 40003, sent: failed('40003', true) },
  { errcode: 41030, sent: failed('41030') },
  { errcode: 47003, sent: failed('47003') },
  { errcode: 43107, sent: failed('43107') },
  { errcode: 43108, sent: { outcome: 'retry', why: '43108', afterMs: null } },
  { errcode: 45009, sent: { outcome: 'retry', why: '45009', afterMs: null } },
])('$errcode is $sent.outcome', async ({ errcode, sent }) => {
  wechat.refuseNext(errcode)
  expect(await send()).toEqual(sent)
})
test('a token that has ended is got anew, and the message goes once', async () => {
  const adapter = opened()
  await adapter.send(message({ address: `mp:${openId}` }), unhurried())
  wechat.endToken()
  expect(await adapter.send(message({ address: `mp:${openId}` }), unhurried())).toMatchObject({ outcome: 'sent' })
  expect([wechat.sent.length, wechat.tokens.asked]).toEqual([2, 2])
})
test('a wrong secret is said as what it is', async () => {
  expect(await send({}, { appSecret: 'x' })).toEqual(failed('token: 40125'))
})
