import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { ID, publicUrl } from '../../../../../tests/harness/providers/message.ts'
import { heardOn, signedByTwilio } from '../../../../../tests/harness/providers/twilio.ts'
import { twilioVoiceReader } from './reports.ts'

const token = 'twelve-thousand'
const reader = twilioVoiceReader(token)
const address = `${publicUrl}/api/v1/callbacks/twilio-voice?id=${ID}`
const read = (fields: Readonly<Record<string, string>>, url = address) =>
  reader.read(signedByTwilio(token, url, fields))

const call = { CallSid: 'CA01', AccountSid: 'AC01', From: '+15005550006', To: '+8613900001111' }
const report = { provider: 'twilio-voice', id: ID, providerId: 'CA01', why: null, addressDead: false }

test.for(['queued', 'initiated', 'ringing'])('%s: nothing to say yet', (CallStatus) => {
  expect(read({ ...call, CallStatus }).reports).toEqual([])
})
test.for([{ CallStatus: 'in-progress' }, { AnsweredBy: 'unknown', MachineDetectionDuration: '30000' }] as Record<
  string,
  string
>[])('%o of a call that is listened to for machines: nobody knows who picked up', (fields) => {
  expect(read({ ...call, ...fields }, `${address}&listens=1`).reports).toEqual([])
})
test.for([
  { CallStatus: 'completed', CallDuration: '20' },
  { CallStatus: 'completed', AnsweredBy: 'unknown' },
] as Record<string, string>[])(
  '%o of a call that is listened to: it is over, and nobody is known to have heard it',
  (fields) => {
    const { reports } = read({ ...call, ...fields }, `${address}&listens=1`)
    expect(reports).toEqual([{ ...report, says: 'failed', why: 'unclear' }])
  },
)
test.for([
  { fields: { CallStatus: 'in-progress' }, says: 'delivered' },
  { fields: { CallStatus: 'completed', CallDuration: '20' }, says: 'delivered' },
  { fields: { CallStatus: 'completed', AnsweredBy: 'human' }, says: 'seen' },
  { fields: { CallStatus: 'completed', AnsweredBy: 'machine_start' }, says: 'failed', why: 'machine' },
  { fields: { AnsweredBy: 'machine_end_beep' }, says: 'failed', why: 'machine' },
  { fields: { AnsweredBy: 'fax', MachineDetectionDuration: '3000' }, says: 'failed', why: 'machine' },
  { fields: { AnsweredBy: 'human', MachineDetectionDuration: '1200' }, says: 'delivered' },
  { fields: { CallStatus: 'busy' }, says: 'failed', why: 'busy' },
  { fields: { CallStatus: 'no-answer' }, says: 'failed', why: 'no-answer' },
  { fields: { CallStatus: 'canceled' }, says: 'failed', why: 'canceled' },
  { fields: { CallStatus: 'failed', SipResponseCode: '503' }, says: 'failed', why: 'failed' },
  { fields: { CallStatus: 'failed', SipResponseCode: '404' }, says: 'failed', why: 'failed', addressDead: true },
] as { fields: Record<string, string>; says: string; why?: string; addressDead?: boolean }[])(
  '$fields is $says $why',
  ({ fields, ...expected }) => {
    expect(read({ ...call, ...fields }).reports).toEqual([{ ...report, ...expected }])
  },
)

test.for([
  { Digits: '1', says: 'accepted', lang: 'zh-CN', thanks: '已记录，谢谢。' },
  { Digits: '2', says: 'declined', lang: 'en', thanks: 'Noted. Thank you.' },
])('key $Digits is $says, and is thanked for', ({ Digits, says, lang, thanks }) => {
  const { reports, answer } = read({ ...call, CallStatus: 'in-progress', Digits }, `${address}&lang=${lang}`)
  expect(reports).toEqual([{ ...report, says }])
  expect(answer.contentType).toBe('text/xml')
  expect(heardOn(answer.body)).toMatchObject({ gathers: [], says: [{ '#text': thanks }], hangsUp: true })
})
test('a wrong key: somebody is there, and is asked again', () => {
  const { reports, answer } = read({ ...call, CallStatus: 'in-progress', Digits: '5' }, `${address}&lang=en`)
  expect(reports).toEqual([{ ...report, says: 'seen' }])
  const { gathers, says, hangsUp } = heardOn(answer.body)
  expect([gathers.length, hangsUp, says[0]?.['#text']]).toEqual([
    2,
    false,
    'If you are going there now, press 1. If you cannot, press 2.',
  ])
  expect(gathers[0]?.action.replaceAll('&#38;', '&')).toBe(`${address}&lang=en#rc=5&rp=all`)
})

test('in any order, and twice: each stands by itself', () => {
  const said = [
    { CallStatus: 'completed' },
    { CallStatus: 'in-progress', Digits: '1' },
    { CallStatus: 'completed' },
  ].map((fields) =>
    read({ ...call, ...(fields as Record<string, string>), Future: 'x' }).reports.map(({ says }) => says),
  )
  expect(said).toEqual([['delivered'], ['accepted'], ['delivered']])
})

test('a forged key is refused', () => {
  const forged = signedByTwilio('guessed', address, { ...call, CallStatus: 'in-progress', Digits: '1' })
  expect(() => reader.read(forged)).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
})
test('a key moved to another notification’s address is refused', () => {
  const moved = signedByTwilio(token, address, { ...call, Digits: '1' })
  expect(() => reader.read({ ...moved, url: address.replace(ID, '01JQ8ZK3W4M5N6P7R8S9T0V1X3') })).toThrow('not from')
})
test.for([
  { fields: { CallStatus: 'completed' }, says: 'CallSid: missing' },
  { fields: call, says: 'CallStatus: missing' },
  { fields: { ...call, CallStatus: 'levitating' }, says: 'CallStatus: not one we know' },
  { fields: { ...call, AnsweredBy: 'a dog' }, says: 'AnsweredBy: not one we know' },
])('garbage: $says', ({ fields, says }) => {
  expect(() => read(fields as Record<string, string>)).toThrow(new DomainError('request-malformed', says))
})
