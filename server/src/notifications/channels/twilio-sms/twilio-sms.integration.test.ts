import { afterEach, beforeEach, expect, test } from 'vitest'
import { ID, message, parts, publicUrl, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type FakeTwilio, fakeTwilio } from '../../../../../tests/harness/providers/twilio.ts'
import { openTwilioSms, type TwilioSmsConfig } from './twilio-sms.ts'

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twelve-thousand' }
const service = `MG${'1'.repeat(32)}`
let twilio: FakeTwilio
let config: TwilioSmsConfig
beforeEach(async () => {
  twilio = await fakeTwilio({ ...account, senders: ['+15005550006', service] })
  config = { ...account, endpoint: twilio.url, from: '+15005550006', replies: true }
})
afterEach(() => twilio.close())

const send = (changes = {}, given: Partial<TwilioSmsConfig> = {}) => {
  const [adapter] = openTwilioSms({ ...config, ...given }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter.send(message(changes), unhurried())
}
const created = () => Object.fromEntries(twilio.created[0]?.form ?? [])

test('an alarm: the words, the link, how to answer, and where to report', async () => {
  expect(await send()).toEqual({ outcome: 'sent', providerId: `SM${'1'.padStart(32, '0')}` })
  expect(created()).toEqual({
    To: '+8613900001111',
    From: '+15005550006',
    Body: '紧急求助\n02:10 有人按下求助键，编号 T0V1X2\nhttps://anju.example.cn/a/7Kq2ZP9w\n现在就去回复1，去不了回复2',
    StatusCallback: `${publicUrl}/api/v1/callbacks/twilio-sms?id=${ID}#rc=5&rp=all`,
  })
})
test('a messaging service, and nobody asked to reply where no reply arrives', async () => {
  await send({ language: 'en', address: '+85298765432' }, { from: service, replies: false })
  expect(created()).toMatchObject({ To: '+85298765432', MessagingServiceSid: service })
  expect(created()).not.toHaveProperty('From')
  expect(created()['Body']).not.toContain('Reply')
})
test('a stand-down asks for nothing', async () => {
  await send({ purpose: 'stand-down', answerUrl: null })
  expect(created()['Body']).toBe('紧急求助\n02:10 有人按下求助键，编号 T0V1X2')
})
test('words without end are cut, the link is not', async () => {
  const words = { title: 'a', body: 'b'.repeat(3_000), speech: '' }
  expect(await send({ words })).toMatchObject({ outcome: 'sent' })
  expect(created()['Body']).toHaveLength(1_600)
  expect(created()['Body']).toContain('/a/7Kq2ZP9w\n')
})
test('what is no number never leaves', async () => {
  expect(await send({ address: '0086 139' })).toEqual({ outcome: 'failed', why: 'number-malformed', addressDead: true })
  expect(twilio.asked).toHaveLength(0)
})

const failed = (why: string, addressDead = false) => ({ outcome: 'failed', why, addressDead })
test.for([
  { code: 21211, sent: failed('21211', true) },
  { code: 21614, sent: failed('21614', true) },
  { code: 21610, sent: failed('21610', true) },
  { code: 21408, sent: failed('21408') },
  { code: 21606, sent: failed('21606') },
  { code: 21611, sent: { outcome: 'retry', why: '21611', afterMs: null } },
  { code: 20429, status: 429, sent: { outcome: 'retry', why: '20429', afterMs: 2_000 } },
  { code: 20500, status: 500, sent: { outcome: 'retry', why: 'http 500', afterMs: 2_000 } },
  { code: 20503, status: 503, sent: { outcome: 'retry', why: 'http 503', afterMs: 2_000 } },
])('$code is $sent.outcome, and no word of theirs with the number in it is kept', async ({ code, status, sent }) => {
  twilio.refuseNext(code, status, status ? { 'retry-after': '2' } : {})
  expect(await send()).toEqual(sent)
  expect(twilio.asked).toHaveLength(1)
})
test.for([
  { given: { authToken: 'x' }, why: '20003' },
  { given: { from: '+15005550001' }, why: '21606' },
])('a wrong setting is ours, not the number’s: $why', async ({ given, why }) => {
  expect(await send({}, given)).toEqual(failed(why))
})
test.for([
  { told: { status: 201, body: 'fine' }, sent: { outcome: 'unknown', why: 'answer unreadable' } },
  { told: { status: 404, body: '' }, sent: failed('http 404') },
  { told: 'cut' as const, sent: { outcome: 'unknown' } },
])('$told', async ({ told, sent }) => {
  twilio.next(told)
  expect(await send()).toMatchObject(sent)
})
