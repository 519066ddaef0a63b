import { afterEach, beforeEach, expect, test } from 'vitest'
import { ID, message, parts, publicUrl, unhurried } from '../../../../../tests/harness/providers/message.ts'
import { type FakeTwilio, fakeTwilio, heardOn } from '../../../../../tests/harness/providers/twilio.ts'
import { openTwilioVoice, type TwilioVoiceConfig } from './twilio-voice.ts'

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twelve-thousand' }
let twilio: FakeTwilio
let config: TwilioVoiceConfig
beforeEach(async () => {
  twilio = await fakeTwilio({ ...account, senders: ['+15005550006'] })
  config = { ...account, endpoint: twilio.url, from: '+15005550006' }
})
afterEach(() => twilio.close())

const send = (changes = {}, given: Partial<TwilioVoiceConfig> = {}) => {
  const [adapter] = openTwilioVoice({ ...config, ...given }, parts()).adapters
  if (!adapter) throw new Error('no adapter')
  return adapter.send(message(changes), unhurried())
}
const form = () => twilio.created[0]?.form ?? new URLSearchParams()
const callback = `${publicUrl}/api/v1/callbacks/twilio-voice?id=${ID}`
/** On a 5xx, too, it is to be said again. */
const again = '#rc=5&rp=all'

test('an alarm is said in Chinese, twice, and one key is asked for', async () => {
  expect(await send()).toEqual({ outcome: 'sent', providerId: `CA${'1'.padStart(32, '0')}` })
  const { gathers, says } = heardOn(form().get('Twiml') ?? '')
  expect(gathers).toHaveLength(2)
  expect(gathers[0]).toMatchObject({ input: 'dtmf', numDigits: '1', method: 'POST' })
  expect(says[0]).toEqual({
    language: 'zh-CN',
    '#text': '安居报警：凌晨两点十分，有人按下求助键。 现在就去，请按 1。去不了，请按 2。',
  })
  // As XML has it; the telephone service reads the ampersand back.
  expect(gathers[0]?.action.replaceAll('&#38;', '&')).toBe(`${callback}&lang=zh-CN${again}`)
  expect(form().get('To')).toBe('+8613900001111')
  expect(form().get('Timeout')).toBe('30')
  expect(form().get('StatusCallback')).toBe(callback + again)
  expect(form().getAll('StatusCallbackEvent')).toEqual(['answered', 'completed'])
  expect(form().has('MachineDetection')).toBe(false)
})
test('a stand-down is only said', async () => {
  await send({
    purpose: 'stand-down',
    language: 'en',
    answerUrl: null,
    words: { title: '', body: '', speech: 'All is well.' },
  })
  const { gathers, says } = heardOn(form().get('Twiml') ?? '')
  expect([gathers.length, says.map((say) => say['#text'])]).toEqual([0, ['All is well.', 'All is well.']])
})
test('machines are listened for beside the call when asked', async () => {
  await send({}, { machineDetection: true, ringS: 20 })
  expect(Object.fromEntries(form())).toMatchObject({
    Timeout: '20',
    MachineDetection: 'Enable',
    AsyncAmd: 'true',
    AsyncAmdStatusCallback: `${callback}&listens=1${again}`,
    // What comes of it is read knowing that somebody listens.
    StatusCallback: `${callback}&listens=1${again}`,
  })
})
test('words that are no XML, and more of them than fit, still make a call', async () => {
  const words = { title: '', body: '', speech: `<Hangup/>&"'\u0000${'&'.repeat(3_000)}` }
  expect(await send({ words })).toMatchObject({ outcome: 'sent' })
  expect(heardOn(form().get('Twiml') ?? '').hangsUp).toBe(false)
})
test('what is no number is not called', async () => {
  expect(await send({ address: '110' })).toEqual({ outcome: 'failed', why: 'number-malformed', addressDead: true })
  expect(twilio.asked).toHaveLength(0)
})

const failed = (why: string, addressDead = false) => ({ outcome: 'failed', why, addressDead })
test.for([
  { code: 21211, sent: failed('21211', true) },
  { code: 13224, sent: failed('13224', true) },
  { code: 21215, sent: failed('21215') },
  { code: 10004, status: 429, sent: { outcome: 'retry', why: '10004', afterMs: null } },
  { code: 20429, status: 429, sent: { outcome: 'retry', why: '20429', afterMs: null } },
  { code: 20503, status: 503, sent: { outcome: 'retry', why: 'http 503', afterMs: null } },
])('$code is $sent.outcome', async ({ code, status, sent }) => {
  twilio.refuseNext(code, status)
  expect(await send()).toEqual(sent)
})
test('a caller id that is not ours, a wrong token', async () => {
  expect(await send({}, { from: '+15005550001' })).toEqual(failed('21210'))
  expect(await send({}, { authToken: 'x' })).toEqual(failed('20003'))
})
test('a line cut while calling: it may be ringing', async () => {
  twilio.next('cut')
  expect(await send()).toMatchObject({ outcome: 'unknown' })
})
