import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeAliyun, fakeAliyun } from '../../../../../tests/harness/providers/aliyun.ts'
import { ID, message, parts, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type AliyunSmsConfig, openAliyunSms } from './aliyun-sms.ts'

let aliyun: FakeAliyun
let config: AliyunSmsConfig
const key = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'no-secret-at-all' }
const needs = ['kind', 'at', 'code']
beforeEach(async () => {
  const templates = {
    SMS_1: [...needs, 'answer'],
    SMS_2: [...needs, 'answer'],
    SMS_3: needs,
    SMS_4: needs,
    SMS_5: [],
    SMS_6: [],
  }
  aliyun = await fakeAliyun({ ...key, clock: parts().clock, templates, signName: '安居', showNumber: '' })
  config = {
    ...key,
    endpoint: aliyun.url,
    signName: '安居',
    templates: {
      alarm: { 'zh-CN': 'SMS_1', en: 'SMS_2' },
      'stand-down': { 'zh-CN': 'SMS_3', en: 'SMS_4' },
      notice: { 'zh-CN': 'SMS_5', en: 'SMS_6' },
    },
    callbackKey: 'a-key-of-our-own-1234',
  }
})
afterEach(() => aliyun.close())

/** The parts are kept: a second message with the first one's nonce would be refused. */
const opened = (changes: Partial<AliyunSmsConfig> = {}) => {
  const [adapter] = openAliyunSms({ ...config, ...changes }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter
}
const send = (changes = {}, given = {}) => opened(given).send(message(changes), unhurried())

test('an alarm: number, signature, template, its variables, and our id', async () => {
  expect(await send()).toEqual({ outcome: 'sent', providerId: '100161^10000187' })
  expect(aliyun.accepted).toEqual([
    {
      action: 'SendSms',
      parameters: {
        PhoneNumbers: '13900001111',
        SignName: '安居',
        TemplateCode: 'SMS_1',
        TemplateParam: '{"kind":"求助键","at":"02:10","code":"T0V1X2","answer":"7Kq2ZP9w"}',
        OutId: ID,
      },
    },
  ])
})

test('each purpose and language has its template, and what asks for nothing has no answer in it', async () => {
  const adapter = opened()
  await adapter.send(message({ address: '+8613900001111', language: 'en' }), unhurried())
  await adapter.send(message({ purpose: 'stand-down', answerUrl: null }), unhurried())
  await adapter.send(message({ purpose: 'notice', language: 'en', answerUrl: null }), unhurried())
  expect(aliyun.accepted.map(({ parameters }) => [parameters['TemplateCode'], parameters['PhoneNumbers']])).toEqual([
    ['SMS_2', '13900001111'],
    ['SMS_3', '13900001111'],
    ['SMS_6', '13900001111'],
  ])
  expect(aliyun.accepted[1]?.parameters['TemplateParam']).not.toContain('answer')
})

test('a long word is cut to what a variable may hold, instead of the whole being refused', async () => {
  expect(await send({ facts: { kind: '很'.repeat(40), at: '02:10', code: 'T0V1X2' } })).toMatchObject({
    outcome: 'sent',
  })
})

test('letters that every encoding treats in its own way arrive as they were, and the signature holds', async () => {
  const kind = "SOS +1 (hall)*~'!&="
  expect(await send({ facts: { kind, at: '02:10', code: 'T0V1X2' } })).toMatchObject({ outcome: 'sent' })
  expect(JSON.parse(aliyun.accepted[0]?.parameters['TemplateParam'] ?? '')).toMatchObject({ kind })
})

test.for([
  { address: '1390000', sent: { outcome: 'failed', why: 'number-malformed', addressDead: true } },
  { address: '+8657112345678', sent: { outcome: 'failed', why: 'number-not-mobile', addressDead: true } },
  { address: '+85298765432', sent: { outcome: 'failed', why: 'number-not-mainland', addressDead: false } },
])('$address never leaves', async ({ address, sent }) => {
  expect(await send({ address })).toEqual(sent)
  expect(aliyun.asked).toHaveLength(0)
  expect(opened().takes?.(address)).toBe(false)
})

const failed = (why: string, addressDead = false) => ({ outcome: 'failed', why, addressDead })
const retry = (why: string, afterMs: number | null = null) => ({ outcome: 'retry', why, afterMs })

describe('what Aliyun answers', () => {
  const limit = 'isv.BUSINESS_LIMIT_CONTROL'
  test.for([
    { code: limit, sent: retry(limit) },
    { code: limit, words: '触发分钟级流控Permits:1', sent: retry(limit, 60_000) },
    { code: limit, words: '触发小时级流控Permits:5', sent: retry(limit, 3_600_000) },
    { code: limit, words: '触发天级流控Permits:10', sent: retry(limit, 86_400_000) },
    { code: 'isv.MOBILE_NUMBER_ILLEGAL', sent: failed('isv.MOBILE_NUMBER_ILLEGAL', true) },
    { code: 'isv.AMOUNT_NOT_ENOUGH', sent: failed('isv.AMOUNT_NOT_ENOUGH') },
    { code: 'isv.OUT_OF_SERVICE', sent: failed('isv.OUT_OF_SERVICE') },
    { code: 'isv.DAY_LIMIT_CONTROL', sent: failed('isv.DAY_LIMIT_CONTROL') },
    { code: 'isp.RAM_PERMISSION_DENY', sent: failed('isp.RAM_PERMISSION_DENY') },
    { code: 'isp.SYSTEM_ERROR', sent: retry('isp.SYSTEM_ERROR') },
    { code: 'Throttling.User', sent: retry('Throttling.User') },
    { code: '一个号码 13900001111', sent: failed('code unreadable') },
  ])('$code $words', async ({ code, words, sent }) => {
    aliyun.refuseNext(code, words)
    expect(await send()).toEqual(sent)
    expect(aliyun.asked).toHaveLength(1)
  })

  test.for([
    { what: 'another secret', given: { accessKeySecret: 'x' }, why: 'SignatureDoesNotMatch' },
    { what: 'a key nobody has', given: { accessKeyId: 'x' }, why: 'InvalidAccessKeyId.NotFound' },
    { what: 'an unknown signature name', given: { signName: 'x' }, why: 'isv.SMS_SIGNATURE_ILLEGAL' },
  ])('$what is a failure, and not the number’s', async ({ given, why }) => {
    expect(await send({}, given)).toEqual(failed(why))
  })
  test('an unknown template', async () => {
    const templates = { ...config.templates, alarm: { 'zh-CN': 'SMS_9', en: 'SMS_9' } }
    expect(await send({}, { templates })).toEqual(failed('isv.SMS_TEMPLATE_ILLEGAL'))
  })

  test.for([
    { told: { status: 503, body: '{"Code":"ServiceUnavailable"}' }, sent: retry('http 503') },
    { told: { status: 400, body: '{"Code":"Throttling.Api"}' }, sent: retry('Throttling.Api') },
    { told: { status: 403, body: '<html>' }, sent: failed('http 403') },
    { told: { status: 200, body: '<html>' }, sent: { outcome: 'unknown', why: 'answer unreadable' } },
    { told: { status: 200, body: '{"Code":"OK"}' }, sent: { outcome: 'sent', providerId: null } },
  ])('$told.status $told.body', async ({ told, sent }) => {
    aliyun.next(told)
    expect(await send()).toEqual(sent)
  })
})

test('our clock is wrong by more than a quarter of an hour: refused, and said so', async () => {
  const late = parts()
  await late.clock.pass(901_000 as never)
  const [adapter] = openAliyunSms(config, late).adapters
  expect(await adapter?.send(message(), unhurried())).toMatchObject({ why: 'InvalidTimeStamp.Expired' })
})
