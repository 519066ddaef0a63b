import { expect, test } from 'vitest'
import { signedByTwilio } from '../../../../../tests/harness/providers/twilio.ts'
import { fromTwilio, twilioSignature } from './signature.ts'

const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const fields = {
  Digits: '1234',
  To: '+18005551212',
  From: '+14158675309',
  Caller: '+14158675309',
  CallSid: 'CA1234567890ABCDE',
}

test('the published signature', () => {
  expect(twilioSignature('12345', url, new URLSearchParams(fields))).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

const request = signedByTwilio('12345', url, { ...fields, Body: '你好 +&=%' })
test('what Twilio signed is taken, in its own letters', () => {
  expect(fromTwilio(request, 'twilio-sms', '12345').get('Body')).toBe('你好 +&=%')
})
test.for([
  { what: 'another field', changes: { body: Buffer.from('Digits=2') } },
  { what: 'a field more', changes: { body: Buffer.concat([request.body, Buffer.from('&X=1')]) } },
  { what: 'another address', changes: { url: url.replace('foo=1', 'foo=2') } },
  { what: 'no signature', changes: { headers: {} } },
  {
    what: 'two signatures',
    changes: { headers: { 'x-twilio-signature': [request.headers['x-twilio-signature'], 'x'] } },
  },
])('$what is refused', ({ changes }) => {
  expect(() => fromTwilio({ ...request, ...changes }, 'twilio-sms', '12345')).toThrow(
    expect.objectContaining({ code: 'credentials-wrong' }),
  )
})
test('another account’s token is refused', () => {
  expect(() => fromTwilio(request, 'twilio-sms', '54321')).toThrow('this is not from twilio-sms')
})
