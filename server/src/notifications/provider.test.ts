import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { aliyunSms } from './channels/aliyun-sms/aliyun-sms.ts'
import { aliyunVoice } from './channels/aliyun-voice/aliyun-voice.ts'
import { twilioSms } from './channels/twilio-sms/twilio-sms.ts'
import { twilioVoice } from './channels/twilio-voice/twilio-voice.ts'
import { wechatMini } from './channels/wechat-mini/wechat-mini.ts'
import { wechatOfficial } from './channels/wechat-official/wechat-official.ts'

const both = (one: unknown) => ({ 'zh-CN': one, en: one })
const each = (one: unknown) => ({ alarm: both(one), 'stand-down': both(one), notice: both(one) })
const aliyun = {
  accessKeyId: 'LTAI5t',
  accessKeySecret: 'x',
  callbackKey: 'a-key-of-our-own-1234',
  templates: each('SMS_1'),
}
const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'x', from: '+15005550006' }
const template = { id: 'T1', data: { thing1: 'kind', time2: 'at', character_string3: 'code' } }
const wechat = {
  appId: 'wx01',
  appSecret: 'x',
  token: 'AAAAA',
  encodingAesKey: 'a'.repeat(43),
  templates: each(template),
}

/** One whole configuration each, as it stands in the file. */
const CONFIGS = [
  { name: 'aliyun-sms', schema: aliyunSms, config: { ...aliyun, signName: '安居' } },
  {
    name: 'aliyun-voice',
    schema: aliyunVoice,
    config: { ...aliyun, calledShowNumber: '0571', keys: { accepted: both('TTS_1'), declined: both('TTS_2') } },
  },
  { name: 'twilio-sms', schema: twilioSms, config: { ...twilio, replies: true } },
  { name: 'twilio-voice', schema: twilioVoice, config: { ...twilio, ringS: 20, machineDetection: true } },
  { name: 'wechat-official', schema: wechatOfficial, config: wechat },
  { name: 'wechat-mini', schema: wechatMini, config: { ...wechat, page: 'pages/answer', state: 'trial' } },
]

test.for(CONFIGS)('$name takes its configuration, and no misspelt or missing field', ({ schema, config }) => {
  const validator = Compile(schema)
  expect(validator.Check(config)).toBe(true)
  expect(validator.Check({ ...config, endpiont: 'https://x' })).toBe(false)
  for (const field of Object.keys(config).filter((name) => !OPTIONAL.has(name)))
    expect([field, validator.Check({ ...config, [field]: undefined })]).toEqual([field, false])
})
const OPTIONAL = new Set(['ringS', 'machineDetection', 'encodingAesKey', 'state'])

test.for([
  ['https://dysmsapi.ap-southeast-1.aliyuncs.com', true],
  ['http://127.0.0.1:8090', true],
  ['http://[::1]:8090', true],
  ['http://api.example.cn', false],
  ['http://127.0.0.1.example.cn', false],
  ['https://user:pass@api.example.cn', false],
  ['https://api.example.cn/v2', false],
  ['ftp://api.example.cn', false],
] as const)('an endpoint %s: %s', ([endpoint, taken]) => {
  for (const { schema, config } of CONFIGS) expect(Compile(schema).Check({ ...config, endpoint })).toBe(taken)
})

test.for(['thing', 'Thing1', '__proto__', 'thing 1'])('a template field "%s" is none of WeChat’s', (field) => {
  const data = Object.fromEntries([[field, 'kind']])
  expect(Compile(wechatMini).Check({ ...wechat, page: 'p', templates: each({ id: 'T1', data }) })).toBe(false)
})
