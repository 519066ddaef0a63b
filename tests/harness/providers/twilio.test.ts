import { expect, test } from 'vitest'
import { signedByTwilio } from './twilio.ts'

test('the fake’s own signature is that of the documentation’s example', () => {
  const { headers } = signedByTwilio('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  })
  expect(headers['x-twilio-signature']).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})
