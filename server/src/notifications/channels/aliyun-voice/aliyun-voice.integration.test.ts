import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeAliyun, fakeAliyun } from '../../../../../tests/harness/providers/aliyun.ts'
import { ID, message, parts, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type AliyunVoiceConfig, openAliyunVoice } from './aliyun-voice.ts'

let aliyun: FakeAliyun
let config: AliyunVoiceConfig
const key = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'no-secret-at-all' }
const needs = ['kind', 'at', 'code']
beforeEach(async () => {
  const templates = { TTS_1: needs, TTS_2: needs, TTS_3: needs, TTS_4: needs, TTS_YES: [], TTS_NO: [] }
  aliyun = await fakeAliyun({ ...key, clock: parts().clock, templates, signName: '', showNumber: '05710000000' })
  config = {
    ...key,
    endpoint: aliyun.url,
    calledShowNumber: '05710000000',
    templates: {
      alarm: { 'zh-CN': 'TTS_1', en: 'TTS_2' },
      'stand-down': { 'zh-CN': 'TTS_3', en: 'TTS_4' },
      notice: { 'zh-CN': 'TTS_3', en: 'TTS_4' },
    },
    keys: { accepted: { 'zh-CN': 'TTS_YES', en: 'TTS_YES' }, declined: { 'zh-CN': 'TTS_NO', en: 'TTS_NO' } },
    callbackKey: 'a-key-of-our-own-1234',
  }
})
afterEach(() => aliyun.close())

const send = (changes = {}, given: Partial<AliyunVoiceConfig> = {}) => {
  const [adapter] = openAliyunVoice({ ...config, ...given }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter.send(message(changes), unhurried())
}

test('an alarm is a call that collects 1 or 2', async () => {
  expect(await send()).toEqual({ outcome: 'sent', providerId: '100161^10000187' })
  expect(aliyun.accepted).toEqual([
    {
      action: 'IvrCall',
      parameters: {
        CalledShowNumber: '05710000000',
        CalledNumber: '13900001111',
        StartCode: 'TTS_1',
        StartTtsParams: '{"kind":"求助键","at":"02:10","code":"T0V1X2"}',
        PlayTimes: '2',
        'MenuKeyMap.1.Key': '1',
        'MenuKeyMap.1.Code': 'TTS_YES',
        'MenuKeyMap.2.Key': '2',
        'MenuKeyMap.2.Code': 'TTS_NO',
        Timeout: '8000',
        // No more than fifteen bytes are taken: a whole id would have the call refused.
        OutId: ID.slice(-15),
      },
    },
  ])
})

test('a stand-down only tells, and a landline is dialled with its 0', async () => {
  expect(
    await send({ purpose: 'stand-down', language: 'en', answerUrl: null, address: '+8657112345678' }),
  ).toMatchObject({
    outcome: 'sent',
  })
  expect(aliyun.accepted).toMatchObject([
    { action: 'SingleCallByTts', parameters: { CalledNumber: '057112345678', TtsCode: 'TTS_4' } },
  ])
})

test.for([
  { address: '1390000', sent: { outcome: 'failed', why: 'number-malformed', addressDead: true } },
  { address: '+85298765432', sent: { outcome: 'failed', why: 'number-not-mainland', addressDead: false } },
])('$address is not called', async ({ address, sent }) => {
  expect(await send({ address })).toEqual(sent)
  expect(aliyun.asked).toHaveLength(0)
})

test.for([
  {
    code: 'isv.BUSINESS_LIMIT_CONTROL',
    words: '触发分钟级流控',
    sent: { outcome: 'retry', why: 'isv.BUSINESS_LIMIT_CONTROL', afterMs: 60_000 },
  },
  {
    code: 'isv.MOBILE_NUMBER_ILLEGAL',
    sent: { outcome: 'failed', why: 'isv.MOBILE_NUMBER_ILLEGAL', addressDead: true },
  },
  { code: 'isv.COMPLAINT_REJECT', sent: { outcome: 'failed', why: 'isv.COMPLAINT_REJECT', addressDead: false } },
  { code: 'isp.SYSTEM_ERROR', sent: { outcome: 'retry', why: 'isp.SYSTEM_ERROR', afterMs: null } },
])('$code', async ({ code, words, sent }) => {
  aliyun.refuseNext(code, words)
  expect(await send()).toEqual(sent)
})

test.for([
  { given: { calledShowNumber: '400' }, why: 'isv.DISPLAY_NUMBER_ILLEGAL' },
  { given: { accessKeySecret: 'x' }, why: 'SignatureDoesNotMatch' },
])('a wrong setting is ours, not the number’s: $why', async ({ given, why }) => {
  expect(await send({}, given)).toEqual({ outcome: 'failed', why, addressDead: false })
})
test('a key’s template that does not exist', async () => {
  const keys = { ...config.keys, accepted: { 'zh-CN': 'TTS_9', en: 'TTS_9' } }
  expect(await send({}, { keys })).toEqual({ outcome: 'failed', why: 'isv.TTS_TEMPLATE_ILLEGAL', addressDead: false })
})
test('a line cut while calling: it may be ringing', async () => {
  aliyun.next('cut')
  expect(await send()).toMatchObject({ outcome: 'unknown' })
})
