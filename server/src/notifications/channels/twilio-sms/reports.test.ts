import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { ID, publicUrl } from '../../../../../tests/harness/providers/message.ts'
import { signedByTwilio } from '../../../../../tests/harness/providers/twilio.ts'
import { twilioSmsReader } from './reports.ts'

const token = 'twelve-thousand'
const reader = twilioSmsReader(token)
const address = `${publicUrl}/api/v1/callbacks/twilio-sms`
const read = (fields: Readonly<Record<string, string>>, url = `${address}?id=${ID}`) =>
  reader.read(signedByTwilio(token, url, fields))

const status = { MessageSid: 'SM01', SmsSid: 'SM01', AccountSid: 'AC01', From: '+15005550006', To: '+8613900001111' }
const report = { provider: 'twilio-sms', id: ID, providerId: 'SM01', why: null, addressDead: false }

test.for(['accepted', 'scheduled', 'queued', 'sending', 'sent'])(
  '%s is on its way: nothing to say yet',
  (MessageStatus) => {
    expect(read({ ...status, MessageStatus }).reports).toEqual([])
  },
)
test.for([
  { fields: { MessageStatus: 'delivered' }, says: 'delivered' },
  { fields: { MessageStatus: 'read' }, says: 'seen' },
  { fields: { MessageStatus: 'undelivered', ErrorCode: '30003' }, says: 'failed', why: '30003' },
  { fields: { MessageStatus: 'undelivered', ErrorCode: '30005' }, says: 'failed', why: '30005', addressDead: true },
  { fields: { MessageStatus: 'failed', ErrorCode: '30006' }, says: 'failed', why: '30006', addressDead: true },
  { fields: { MessageStatus: 'failed' }, says: 'failed', why: 'failed' },
  { fields: { MessageStatus: 'canceled' }, says: 'failed', why: 'canceled' },
] as { fields: Record<string, string>; says: string; why?: string; addressDead?: boolean }[])(
  '$fields is $says',
  ({ fields, ...expected }) => {
    expect(read({ ...status, ...fields }).reports).toEqual([{ ...report, ...expected }])
  },
)

test('twice the same says twice the same; late ones stand by themselves', () => {
  const said = ['delivered', 'sent', 'delivered'].map((MessageStatus) => read({ ...status, MessageStatus }).reports)
  expect(said).toEqual([[{ ...report, says: 'delivered' }], [], [{ ...report, says: 'delivered' }]])
})
test('what is new in it is no trouble, and without our id it is known by Twilio’s', () => {
  const { reports, answer } = read({ ...status, MessageStatus: 'delivered', RawDlrDoneDate: '26' }, address)
  expect(reports).toEqual([{ ...report, id: null, says: 'delivered' }])
  expect(answer).toEqual({
    status: 200,
    contentType: 'text/xml',
    body: expect.stringContaining('<Response></Response>'),
  })
})

const inbound = { MessageSid: 'SM02', From: '+8613900001111', To: '+15005550006', NumMedia: '0', SmsStatus: 'received' }
test.for([
  { Body: '1', says: 'accepted' },
  { Body: '２ ', says: 'declined' },
])('wrote back "$Body"', ({ Body, says }) => {
  expect(read({ ...inbound, Body }, address).reports).toEqual([
    { ...report, id: null, providerId: null, says, from: '+8613900001111' },
  ])
})
test('other words are no answer', () => {
  expect(read({ ...inbound, Body: '谢谢' }, address).reports).toEqual([])
})

test('a forged one is refused before it is read', () => {
  const forged = { ...signedByTwilio('guessed', address, { ...inbound, Body: '1' }) }
  expect(() => reader.read(forged)).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
  expect(() => reader.read({ ...forged, body: Buffer.from('\u0000\u0001') })).toThrow('this is not from twilio-sms')
})
test.for([
  { fields: { MessageStatus: 'delivered' }, says: 'MessageSid: missing' },
  { fields: { ...status, MessageStatus: 'teleported' }, says: 'MessageStatus: not one we know' },
  { fields: status, says: 'MessageStatus: missing, and no Body of a reply' },
  { fields: { Body: '1', From: 'whatsapp:x' }, says: 'From: not a telephone number' },
])('garbage: $says', ({ fields, says }) => {
  expect(() => read(fields as Record<string, string>)).toThrow(new DomainError('request-malformed', says))
})
