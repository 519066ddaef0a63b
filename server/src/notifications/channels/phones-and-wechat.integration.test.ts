import { describe } from 'vitest'
import { freePort } from '../../../../tests/harness/ports.ts'
import { fakeAliyun } from '../../../../tests/harness/providers/aliyun.ts'
import type { HttpProvider } from '../../../../tests/harness/providers/http-provider.ts'
import { parts } from '../../../../tests/harness/providers/message.ts'
import { fakeTwilio, heardOn } from '../../../../tests/harness/providers/twilio.ts'
import { fakeWechat } from '../../../../tests/harness/providers/wechat.ts'
import { aMessage, type ChannelUnderTest, channelSuite } from '../channel.suite.ts'
import type { ChannelAdapter } from '../channel.ts'
import type { Opened } from '../provider.ts'
import { openAliyunSms } from './aliyun-sms/aliyun-sms.ts'
import { openAliyunVoice } from './aliyun-voice/aliyun-voice.ts'
import { answerCode } from './answers.ts'
import { openTwilioSms } from './twilio-sms/twilio-sms.ts'
import { openTwilioVoice } from './twilio-voice/twilio-voice.ts'
import { openWechatMini } from './wechat-mini/wechat-mini.ts'
import { openWechatOfficial } from './wechat-official/wechat-official.ts'

// What each of them does in its own way is tested beside it; here, that each is a channel as the sender expects one.

const each = <T>(one: T) => {
  const both = { 'zh-CN': one, en: one }
  return { alarm: both, 'stand-down': both, notice: both }
}

const only = ({ adapters: [adapter] }: Opened): ChannelAdapter => {
  if (!adapter) throw new Error('no adapter')
  return adapter
}

/** A provider and the same one where nobody listens, opened alike. */
async function underTest<P extends HttpProvider>(
  fake: P,
  open: (endpoint: string) => Opened,
  rest: Pick<ChannelUnderTest, 'address' | 'secrets' | 'read' | 'says'>,
): Promise<ChannelUnderTest> {
  return {
    ...rest,
    adapter: only(open(fake.url)),
    nobody: { adapter: only(open(`http://127.0.0.1:${await freePort()}`)), address: rest.address },
    next: fake.next,
    arrived: fake.arrived,
    close: fake.close,
  }
}

const aliyun = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'no-secret-at-all', callbackKey: 'a-key-of-our-own-1234' }
const variables = ['kind', 'at', 'code']
const aliyunSettings = {
  ...aliyun,
  clock: parts().clock,
  templates: { SMS_1: [...variables, 'answer'], TTS_1: variables, KEY_1: [] },
  signName: '安居',
  showNumber: '05710000000',
}

describe('a short message through Aliyun as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeAliyun(aliyunSettings)
    const config = { ...aliyun, signName: '安居', templates: each('SMS_1') }
    return underTest(fake, (endpoint) => openAliyunSms({ ...config, endpoint }, parts()), {
      address: '13900001111',
      secrets: [aliyun.accessKeySecret],
      read: () => fake.accepted.map(({ parameters }) => parameters['TemplateParam'] ?? ''),
      says: (message) => [...Object.values(message.facts), answerCode(message) ?? ''],
    })
  })
})

describe('a call through Aliyun as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeAliyun(aliyunSettings)
    const keys = { accepted: { 'zh-CN': 'KEY_1', en: 'KEY_1' }, declined: { 'zh-CN': 'KEY_1', en: 'KEY_1' } }
    const config = { ...aliyun, calledShowNumber: '05710000000', templates: each('TTS_1'), keys }
    return underTest(fake, (endpoint) => openAliyunVoice({ ...config, endpoint }, parts()), {
      address: '+8657112345678',
      secrets: [aliyun.accessKeySecret],
      read: () => fake.accepted.map(({ parameters }) => parameters['StartTtsParams'] ?? ''),
      says: ({ facts }) => Object.values(facts),
    })
  })
})

const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twelve-thousand', from: '+15005550006' }
const twilioSettings = { ...twilio, senders: [twilio.from] }

describe('a short message through Twilio as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeTwilio(twilioSettings)
    return underTest(fake, (endpoint) => openTwilioSms({ ...twilio, replies: true, endpoint }, parts()), {
      address: '+85298765432',
      secrets: [twilio.authToken],
      read: () => fake.created.map(({ form }) => form.get('Body') ?? ''),
    })
  })
})

describe('a call through Twilio as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeTwilio(twilioSettings)
    return underTest(fake, (endpoint) => openTwilioVoice({ ...twilio, endpoint }, parts()), {
      address: '+85298765432',
      secrets: [twilio.authToken],
      read: () =>
        fake.created.map(({ form }) => {
          const { says } = heardOn(form.get('Twiml') ?? '')
          return says.map((say) => say['#text']).join('\n')
        }),
      says: ({ words }) => [words.speech],
    })
  })
})

const wechat = { appId: 'wx0123456789abcdef', appSecret: 'no-secret-at-all', token: 'AAAAA' }
const openId = 'oABCD0123456789-abcdefghijk_'
const template = { id: 'T1', data: { thing1: 'title', time2: 'at', character_string3: 'code' } } as const
const wechatSettings = { ...wechat, people: [openId], templates: { T1: Object.keys(template.data) } }

/** Each message has an id of its own, because WeChat drops one that it knows; and the token is there before the first trouble. */
async function ready(under: ChannelUnderTest): Promise<ChannelUnderTest> {
  let sent = 0
  const { adapter } = under
  await adapter.send(aMessage(under.address, { id: 'the first' }), new AbortController().signal)
  return {
    ...under,
    adapter: {
      ...adapter,
      send: (message, signal) => adapter.send({ ...message, id: `${message.id}${++sent}` }, signal),
    },
  }
}

describe('a WeChat service account as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeWechat(wechatSettings)
    const config = { ...wechat, templates: each(template) }
    const under = await underTest(fake, (endpoint) => openWechatOfficial({ ...config, endpoint }, parts()), {
      address: `oa:${openId}`,
      secrets: [wechat.appSecret, wechat.token, 'TOKEN_1'],
      read: () => fake.sent.map(({ order }) => JSON.stringify(order)),
      says: ({ words, facts, answerUrl }) => [words.title, facts.at, facts.code, answerUrl ?? ''],
    })
    return ready(under)
  })
})

describe('a WeChat mini-programme as every channel', () => {
  channelSuite(async () => {
    const fake = await fakeWechat(wechatSettings)
    const config = { ...wechat, templates: each(template), page: 'pages/answer' }
    const under = await underTest(fake, (endpoint) => openWechatMini({ ...config, endpoint }, parts()), {
      address: `mp:${openId}`,
      secrets: [wechat.appSecret, wechat.token, 'TOKEN_1'],
      read: () => fake.sent.map(({ order }) => JSON.stringify(order)),
      says: (message) => [message.words.title, message.facts.at, message.facts.code, answerCode(message) ?? ''],
    })
    return ready(under)
  })
})
