import { systemClock as clock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../../tests/harness/ports.ts'
import { type Delivered, type MailRelay, mailRelay } from '../../../../../tests/harness/providers/mail-relay.ts'
import { selfSigned } from '../../../broker/tls.fixture.ts'
import { aMessage, channelSuite } from '../../channel.suite.ts'
import { openSmtp } from './smtp.ts'

const account = { user: 'anju', password: 'pass-word-4711' }
const from = '安居 <alarm@anju.example.org>'
const address = 'li.na@example.org'
type Encryption = 'tls' | 'starttls' | 'none'
const opened = (port: number, encryption: Encryption, more: object = {}) =>
  openSmtp({ host: '127.0.0.1', port, encryption, from, ca: selfSigned.cert, ...account, ...more }, { clock })
const never = () => new AbortController().signal

describe.for(['tls', 'starttls', 'none'] as const)('mail (%s) as every channel', (encryption) => {
  channelSuite(async () => {
    const relay = await mailRelay(account, encryption)
    return {
      adapter: opened(relay.port, encryption),
      address,
      nobody: { adapter: opened(await freePort(), encryption), address },
      secrets: [account.password],
      next: relay.next,
      arrived: relay.arrived,
      read: () => relay.delivered.map(({ mail }) => [mail.subject, mail.text].join('\n')),
      close: relay.close,
    }
  })
})

let relay: MailRelay
beforeAll(async () => {
  relay = await mailRelay(account, 'starttls')
})
afterAll(() => relay.close())
const send = (more: object = {}, to = address) => opened(relay.port, 'starttls').send(aMessage(to, more), never())

function lastDelivered(): Delivered {
  const last = relay.delivered.at(-1)
  if (!last) throw new Error('nothing was delivered')
  return last
}

test('the mailbox gets one message with our id, as text and as a page', async () => {
  const message = aMessage(address)
  expect(await opened(relay.port, 'starttls').send(message, never())).toMatchObject({ outcome: 'sent' })
  const { envelope, mail, encrypted } = lastDelivered()
  expect(encrypted).toBe(true)
  expect(envelope).toEqual({ from: 'alarm@anju.example.org', to: [address] })
  expect(mail.messageId).toBe(`<${message.id}@anju.example.org>`)
  expect(mail.from?.value).toEqual([{ name: '安居', address: 'alarm@anju.example.org' }])
  expect(mail.subject).toBe(message.words.title)
  expect(mail.headers.get('priority')).toBe('high')
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
  expect(mail.html).toContain(`<a href="${message.answerUrl}">`)
  expect(mail.html).toContain(message.words.body)
  expect(mail.attachments).toEqual([])
})

test('words cannot become markup or headers', async () => {
  const words = { title: 'a\r\nBcc: thief@example.org', body: '<script>x</script> & "y"', speech: '' }
  expect(await send({ words, answerUrl: null })).toMatchObject({ outcome: 'sent' })
  const { envelope, mail } = lastDelivered()
  expect(envelope.to).toEqual([address])
  expect(mail.bcc).toBeUndefined()
  expect(mail.html).toContain('&lt;script&gt;x&lt;/script&gt; &amp; &quot;y&quot;')
  expect(mail.text).toContain(words.body)
})

test.for([
  ['RCPT', 550, '5.1.1 no such user', { outcome: 'failed', why: 'smtp 550 5.1.1', addressDead: true }],
  ['RCPT', 550, 'mailbox unavailable', { outcome: 'failed', why: 'smtp 550', addressDead: true }],
  ['RCPT', 550, '5.2.1 mailbox disabled', { outcome: 'failed', why: 'smtp 550 5.2.1', addressDead: true }],
  ['RCPT', 550, '5.7.1 relaying denied', { outcome: 'failed', why: 'smtp 550 5.7.1', addressDead: false }],
  ['RCPT', 552, '5.2.2 mailbox full', { outcome: 'failed', why: 'smtp 552 5.2.2', addressDead: false }],
  ['RCPT', 451, '4.7.1 greylisted', { outcome: 'retry', why: 'smtp 451 4.7.1', afterMs: null }],
  ['MAIL', 421, '4.3.2 shutting down', { outcome: 'retry', why: 'smtp 421 4.3.2', afterMs: null }],
  ['MAIL', 553, '5.1.8 bad sender', { outcome: 'failed', why: 'smtp 553 5.1.8', addressDead: false }],
  ['DATA', 554, '5.6.0 looks like spam', { outcome: 'failed', why: 'smtp 554 5.6.0', addressDead: false }],
  ['DATA', 550, '5.1.1 found out late', { outcome: 'failed', why: 'smtp 550 5.1.1', addressDead: false }],
  ['DATA', 452, '4.3.1 no space', { outcome: 'retry', why: 'smtp 452 4.3.1', afterMs: null }],
] as const)('%s answered with %i %s', async ([refuse, code, text, sent]) => {
  relay.next({ refuse, code, text })
  expect(await send()).toEqual(sent)
})

test('a wrong password is ours to mend', async () => {
  const wrong = opened(relay.port, 'starttls', { password: 'wrong' })
  expect(await wrong.send(aMessage(address), never())).toEqual({
    outcome: 'failed',
    why: 'smtp 535 5.7.8',
    addressDead: false,
  })
})

test('a session that is cut before the content certainly delivered nothing', async () => {
  relay.next('cut before the content')
  expect(await send()).toMatchObject({ outcome: 'retry' })
})

test('a relay that does not even greet is given up with nothing sent', async () => {
  relay.next('mute')
  const patience = new AbortController()
  const sending = opened(relay.port, 'starttls').send(aMessage(address), patience.signal)
  await relay.arrived()
  patience.abort()
  expect(await sending).toEqual({ outcome: 'retry', why: 'timed out', afterMs: null })
})

test('a relay without encryption, or with a stranger’s certificate, gets neither the password nor the mail', async () => {
  const plain = await mailRelay(account, 'none')
  expect(await opened(plain.port, 'starttls').send(aMessage(address), never())).toMatchObject({ addressDead: false })
  const trusting = openSmtp(
    { host: '127.0.0.1', port: relay.port, encryption: 'starttls', from, ...account },
    { clock },
  )
  const count = relay.delivered.length
  expect(await trusting.send(aMessage(address), never())).toMatchObject({ outcome: 'retry' })
  expect([plain.delivered.length, relay.delivered.length - count]).toEqual([0, 0])
  await plain.close()
})

test.for([
  [{ host: 'mail.example.org', from, encryption: 'none' }, /^email\.encryption: none is for loopback only/],
  [{ host: 'mail.example.org', from: '安居' }, /^email\.from: has no e-mail address/],
  [{ host: 'mail.example.org', from, user: 'anju' }, /^email\.password: is missing/],
] as const)('%j is refused', ([config, why]) => {
  expect(() => openSmtp(config, { clock })).toThrow(why)
})
