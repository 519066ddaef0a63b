import { afterEach, beforeEach, expect, test } from 'vitest'
import { ID, message, parts, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type FakeWechat, fakeWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { openWechatOfficial, type WechatOfficialConfig } from './wechat-official.ts'

const account = { appId: 'wx0123456789abcdef', appSecret: 'no-secret-at-all' }
const openId = 'oABCD0123456789-abcdefghijk_'
let wechat: FakeWechat
let config: WechatOfficialConfig
beforeEach(async () => {
  const fields = ['thing1', 'time2', 'character_string3']
  wechat = await fakeWechat({ ...account, people: [openId], templates: { T1: fields, T2: fields } })
  const data = { thing1: 'kind', time2: 'at', character_string3: 'code' } as const
  const both = (id: string) => ({ 'zh-CN': { id, data }, en: { id, data } })
  config = {
    ...account,
    endpoint: wechat.url,
    token: 'AAAAA',
    templates: { alarm: both('T1'), 'stand-down': both('T2'), notice: both('T2') },
  }
})
afterEach(() => wechat.close())

const opened = (changes: Partial<WechatOfficialConfig> = {}) => {
  const [adapter] = openWechatOfficial({ ...config, ...changes }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter
}
const send = (changes = {}, given: Partial<WechatOfficialConfig> = {}) =>
  opened(given).send(message({ address: `oa:${openId}`, ...changes }), unhurried())

test('an alarm: the person, the template’s own fields, our id, and the link', async () => {
  // More digits than a number holds: the id must come back as it was.
  expect(await send()).toEqual({ outcome: 'sent', providerId: '3451239876543210001' })
  expect(wechat.sent).toEqual([
    {
      path: '/cgi-bin/message/template/send',
      order: {
        touser: openId,
        template_id: 'T1',
        client_msg_id: ID,
        url: 'https://anju.example.cn/a/7Kq2ZP9w',
        data: { thing1: { value: '求助键' }, time2: { value: '02:10' }, character_string3: { value: 'T0V1X2' } },
      },
    },
  ])
})
test('with a mini-programme beside the account, that is opened', async () => {
  await send({}, { miniProgram: { appId: 'wxmini', page: 'pages/answer' } })
  expect(wechat.sent[0]?.order.miniprogram).toEqual({ appid: 'wxmini', pagepath: 'pages/answer?answer=7Kq2ZP9w' })
})
test('a stand-down has its own template and leads nowhere', async () => {
  await send({ purpose: 'stand-down', answerUrl: null })
  expect(wechat.sent[0]?.order).toMatchObject({ template_id: 'T2' })
  expect(wechat.sent[0]?.order).not.toHaveProperty('url')
})
test('a long word is cut to what its field holds', async () => {
  expect(await send({ facts: { kind: '很'.repeat(40), at: '02:10', code: 'T0V1X2' } })).toMatchObject({
    outcome: 'sent',
  })
})
test('the same message twice is one: WeChat drops it by our id', async () => {
  const adapter = opened()
  const one = message({ address: `oa:${openId}` })
  const first = await adapter.send(one, unhurried())
  expect(await adapter.send(one, unhurried())).toEqual(first)
  expect([adapter.idempotent, wechat.sent.length, wechat.tokens.asked]).toEqual([true, 1, 1])
})

test.for([`mp:${openId}`, openId, 'oa:', 'oa:short', 'oa:has a space in it 0123456789'])(
  '"%s" never leaves',
  async (address) => {
    expect(await send({ address })).toEqual({ outcome: 'failed', why: 'open-id-malformed', addressDead: true })
    expect(wechat.asked).toHaveLength(0)
  },
)
test('whose open ids these are', () => {
  expect([`oa:${openId}`, `mp:${openId}`].map((address) => opened().takes?.(address))).toEqual([true, false])
})

test.for(['ended', 'stuck'] as const)('a token that has %s is got anew, and the message goes', async (how) => {
  const adapter = opened()
  await adapter.send(message({ address: `oa:${openId}` }), unhurried())
  wechat.endToken(how === 'stuck' ? 'stuck' : undefined)
  const next = message({ address: `oa:${openId}`, id: '01JQ8ZK3W4M5N6P7R8S9T0V1X3' })
  expect(await adapter.send(next, unhurried())).toMatchObject({ outcome: 'sent' })
  expect(wechat.sent).toHaveLength(2)
})
test('a token that is refused again is not got a third time', async () => {
  const adapter = opened()
  await adapter.send(message({ address: `oa:${openId}` }), unhurried())
  const before = wechat.asked.length
  const ended = { status: 200, body: '{"errcode":42001}' }
  wechat.next(ended, { status: 200, body: '{"access_token":"TOKEN_9","expires_in":7200}' }, ended)
  expect(await adapter.send(message({ address: `oa:${openId}` }), unhurried())).toEqual({
    outcome: 'retry',
    why: 'token-refused',
    afterMs: null,
  })
  expect(wechat.asked.length - before).toBe(3)
})

const failed = (why: string, addressDead = false) => ({ outcome: 'failed', why, addressDead })
const retry = (why: string) => ({ outcome: 'retry', why, afterMs: null })
test.for([
  { errcode: 43004, sent: failed('43004') },
  { errcode: 43019, sent: failed('43019') },
  { errcode: 43101, sent: failed('43101') },
  { errcode: 40003, sent: failed('40003', true) },
  { errcode: 40037, sent: failed('40037') },
  { errcode: 47003, sent: failed('47003') },
  { errcode: 43116, sent: failed('43116') },
  { errcode: 45009, sent: retry('45009') },
  { errcode: 45011, sent: retry('45011') },
  { errcode: 43117, sent: retry('43117') },
  { errcode: -1, sent: retry('-1') },
])('$errcode is $sent.outcome', async ({ errcode, sent }) => {
  wechat.refuseNext(errcode)
  expect(await send()).toEqual(sent)
})
test('WeChat itself refuses a stranger, and a value its field does not take', async () => {
  expect(await send({ address: 'oa:oSomebodyElse0123456789' })).toEqual(failed('40003', true))
  expect(await send({ facts: { kind: '求助键', at: 'ten past two', code: 'T0V1X2' } })).toEqual(failed('47003'))
})
test('a line cut after the message: it may have been sent', async () => {
  const adapter = opened()
  await adapter.send(message({ address: `oa:${openId}` }), unhurried())
  wechat.next('cut')
  expect(await adapter.send(message({ address: `oa:${openId}` }), unhurried())).toMatchObject({ outcome: 'unknown' })
})
