import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeAliyun } from '../../../../tests/harness/providers/aliyun.ts'
import { dingtalkRobot } from '../../../../tests/harness/providers/dingtalk-robot.ts'
import type { HttpProvider } from '../../../../tests/harness/providers/http-provider.ts'
import { mailRelay } from '../../../../tests/harness/providers/mail-relay.ts'
import { message, parts } from '../../../../tests/harness/providers/message.ts'
import { pushService } from '../../../../tests/harness/providers/push-service.ts'
import { fakeTwilio } from '../../../../tests/harness/providers/twilio.ts'
import { fakeWechat } from '../../../../tests/harness/providers/wechat.ts'
import { wecomRobot } from '../../../../tests/harness/providers/wecom-robot.ts'
import { selfSigned } from '../../broker/tls.fixture.ts'
import type { ChannelAdapter } from '../channel.ts'
import type { Opened } from '../provider.ts'
import { type Content, wordsOf } from '../words.ts'
import { openAliyunSms } from './aliyun-sms/aliyun-sms.ts'
import { openDingtalk } from './dingtalk.ts'
import { openSmtp } from './smtp/smtp.ts'
import { openTwilioSms } from './twilio-sms/twilio-sms.ts'
import { openWebPush } from './web-push/web-push.ts'
import { openWechatMini } from './wechat-mini/wechat-mini.ts'
import { openWechatOfficial } from './wechat-official/wechat-official.ts'
import { openWecom } from './wecom.ts'

// Whatever a locked telephone may show, as the providers got it: whoever is near may read it.

/** A channel that ends on a screen, and all that its provider was ever given, one text a message. */
interface Screen {
  readonly adapter: ChannelAdapter
  readonly address: string
  readonly given: () => readonly string[]
  readonly close: () => Promise<unknown>
}

const clock = systemClock
const KEYS = ['kind', 'at', 'code'] as const
const each = <T>(alarm: T, other = alarm) => {
  const both = (one: T) => ({ 'zh-CN': one, en: one })
  return { alarm: both(alarm), 'stand-down': both(other), notice: both(alarm) }
}
const only = ({ adapters: [adapter] }: Opened): ChannelAdapter => {
  if (!adapter) throw new Error('no adapter')
  return adapter
}
const texts = (all: readonly unknown[]): string[] => all.map((one) => JSON.stringify(one))
const bodies = ({ asked }: HttpProvider): string[] =>
  asked.map(({ path, body }) => decodeURIComponent(`${path} ${body.toString('utf8')}`.replaceAll('+', ' ')))

const aliyun = { accessKeyId: 'LTAI5tTest', accessKeySecret: 'no-secret-at-all', callbackKey: 'a-key-of-our-own-1234' }
const twilio = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twelve-thousand' }
const wechat = { appId: 'wx0123456789abcdef', appSecret: 'no-secret-at-all' }
const openId = 'oABCD0123456789-abcdefghijk_'
const fields = { thing1: 'kind', thing2: 'title', thing3: 'body', time4: 'at', character_string5: 'code' } as const
const dingtalk = { token: '5'.repeat(64), secret: `SEC${'0'.repeat(48)}` }
let dataDir: string

/** With every variable that a template may have. */
const SCREENS: Readonly<Record<string, () => Promise<Screen>>> = {
  'a short message through Aliyun': async () => {
    const templates = { SMS_1: [...KEYS, 'answer'], SMS_2: KEYS }
    const fake = await fakeAliyun({ ...aliyun, clock: parts().clock, templates, signName: '安居', showNumber: '' })
    const config = { ...aliyun, endpoint: fake.url, signName: '安居', templates: each('SMS_1', 'SMS_2') }
    const given = () => texts(fake.accepted)
    return { adapter: only(openAliyunSms(config, parts())), address: '13900001111', given, close: fake.close }
  },
  'a short message through Twilio': async () => {
    const fake = await fakeTwilio({ ...twilio, senders: ['+15005550006'] })
    const config = { ...twilio, endpoint: fake.url, from: '+15005550006', replies: true }
    const given = () => bodies(fake)
    return { adapter: only(openTwilioSms(config, parts())), address: '+8613900001111', given, close: fake.close }
  },
  'a WeChat service account': async () => {
    const fake = await fakeWechat({ ...wechat, people: [openId], templates: { T1: Object.keys(fields) } })
    const config = { ...wechat, endpoint: fake.url, token: 'AAAAA', templates: each({ id: 'T1', data: fields }) }
    const given = () => texts(fake.sent)
    return { adapter: only(openWechatOfficial(config, parts())), address: `oa:${openId}`, given, close: fake.close }
  },
  'a WeChat mini-programme': async () => {
    const fake = await fakeWechat({ ...wechat, people: [openId], templates: { T1: Object.keys(fields) } })
    const templates = each({ id: 'T1', data: fields })
    const config = { ...wechat, endpoint: fake.url, token: 'AAAAA', page: 'pages/answer', templates }
    const given = () => texts(fake.sent)
    return { adapter: only(openWechatMini(config, parts())), address: `mp:${openId}`, given, close: fake.close }
  },
  'web push': async () => {
    const push = await openWebPush(
      { services: ['127.0.0.1'], ca: selfSigned.cert },
      { clock, dataDir, publicUrl: 'https://anju.example.org' },
    )
    const service = await pushService(push.publicKey)
    const given = () => texts(service.waiting.map((one) => one.message))
    return { adapter: push.adapter, address: service.subscribe(), given, close: service.close }
  },
  mail: async () => {
    const account = { user: 'anju', password: 'pass-word-4711' }
    const relay = await mailRelay(account, 'starttls')
    const config = {
      host: '127.0.0.1',
      port: relay.port,
      encryption: 'starttls',
      from: 'alarm@anju.example.org',
    } as const
    const adapter = openSmtp({ ...config, ca: selfSigned.cert, ...account }, { clock })
    const given = () => relay.delivered.map(({ mail }) => `${mail.subject}\n${mail.text}\n${mail.html}`)
    return { adapter, address: 'li.na@example.org', given, close: relay.close }
  },
  'a WeCom robot': async () => {
    const key = '693a91f6-7b0c-4bc4-97a0-0ec2a1fa5aaa'
    const robot = await wecomRobot(key)
    const adapter = openWecom({ url: robot.url, robots: { night: { key } } }, { clock })
    return { adapter, address: 'night', given: () => texts(robot.posted), close: robot.close }
  },
  'a DingTalk robot': async () => {
    const robot = await dingtalkRobot(dingtalk.token, dingtalk.secret, clock)
    const adapter = openDingtalk({ url: robot.url, robots: { street: dingtalk } }, { clock })
    return { adapter, address: 'street', given: () => texts(robot.posted), close: robot.close }
  },
}

const about = { type: 'fall-detected', at: '02:10', code: '7ZK3QF', test: false }
const CONTENTS = {
  'an asking': ['alarm', { ...about, is: 'alarm' }],
  'that somebody goes': [
    'stand-down',
    { ...about, is: 'stand-down', because: 'accepted', going: ['周敏', 'Zhou Min'] },
  ],
  'that it is over': ['stand-down', { ...about, is: 'stand-down', because: 'closed', going: [] }],
  'a notice': ['notice', { ...about, is: 'notice' }],
  'which home': ['notice', { ...about, is: 'which', asked: [about, { at: '02:11', code: 'A1B2C3' }], of: 'asking' }],
  'a test of the way': ['notice', { ...about, is: 'way-test' }],
} as const satisfies Readonly<Record<string, readonly ['alarm' | 'stand-down' | 'notice', Content]>>
const LANGUAGES = ['zh-CN', 'en'] as const
const TELLTALE = ['周敏', 'zhou min', '跌倒', 'fall', 'sos', '求助按钮', '倒地']

const screens = new Map<string, Screen>()
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'anju-screens-'))
  for (const [name, open] of Object.entries(SCREENS)) screens.set(name, await open())
})
afterAll(async () => {
  for (const { close } of screens.values()) await close()
  await rm(dataDir, { recursive: true })
})

const table = Object.keys(SCREENS).flatMap((channel) =>
  LANGUAGES.flatMap((language) =>
    Object.entries(CONTENTS).map(([says, [purpose, content]]) => ({ channel, language, says, purpose, content })),
  ),
)
test.for(table)('$channel, $language: $says shows nobody’s name and nothing of health', async (row) => {
  const { channel, language, purpose, content } = row
  const screen = screens.get(channel)
  if (!screen) throw new Error(`no ${channel}`)
  const { address } = screen
  const answerUrl = purpose === 'stand-down' ? null : 'https://anju.example.cn/a/7Kq2ZP9w'
  const outgoing = message({ purpose, language, address, answerUrl, ...wordsOf(content, language) })
  const never = new AbortController().signal
  expect(
    await screen.adapter.send({ ...outgoing, id: `01JQ8ZK3W4M5N6P7R8S9T${String(++sent).padStart(5, '0')}` }, never),
  ).toMatchObject({
    outcome: expect.stringMatching(/^(sent|delivered)$/),
  })
  const given = screen.given().at(-1) ?? ''
  expect(given).toContain('02:10')
  expect(TELLTALE.filter((word) => given.toLowerCase().includes(word))).toEqual([])
})
let sent = 0
