import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ChannelAdapter, Outgoing, Sent } from './channel.ts'

export interface ChannelUnderTest {
  readonly adapter: ChannelAdapter
  readonly address: string
  /** The same where nobody listens. */
  readonly nobody: { readonly adapter: ChannelAdapter; readonly address: string }
  /** What must never be in a ledger: keys, passwords, tokens, addresses with a key in them. */
  readonly secrets: readonly string[]
  /** What the provider does with the next message once it has it: say nothing, or hang up. */
  next(trouble: 'silent' | 'cut'): void
  /** Resolves when the message that has this trouble has arrived there. */
  arrived(): Promise<unknown>
  /** Everything a person reads or hears of what was taken, as the provider decoded it. */
  read(): readonly string[]
  /** What of a message they have to find there; without it the title, the words and the link. */
  says?(message: Outgoing): readonly string[]
  close(): Promise<void>
}

/** Characters of one, two, three and four bytes, and a family that is one emoji of seven code points. */
export const aMessage = (address: string, more: Partial<Outgoing> = {}): Outgoing => ({
  id: '01J9ZK3V7Q4T5M8N2P6R0S1X3Y',
  purpose: 'alarm',
  urgent: true,
  address,
  language: 'zh-CN',
  words: {
    title: '卫生间紧急按钮 🆘',
    body: '12:05 按下了卫生间的按钮 – «café» 👨‍👩‍👧‍👦。请确认是否前往。',
    speech: '卫生间的紧急按钮在十二点零五分被按下。',
  },
  event: '紧急按钮',
  facts: { kind: '紧急按钮', at: '12:05', code: 'S1X3Y7' },
  answerUrl: `https://anju.example.org/a/${answerSecret}`,
  ...more,
})
export const answerSecret = 'mT8wq1-answer-9vZ'

/** Sends with patience without end, or until `stop`. */
const never = () => new AbortController().signal
const outcomes: readonly Sent['outcome'][] = ['sent', 'delivered', 'failed', 'retry', 'unknown']

/** What the sender relies on, whichever channel it is. A test that hangs has found an adapter without bounds. */
export function channelSuite(open: () => Promise<ChannelUnderTest>): void {
  let under: ChannelUnderTest
  beforeAll(async () => {
    under = await open()
  })
  afterAll(() => under.close())

  const discreet = (sent: Sent) => {
    const said = JSON.stringify(sent)
    expect(outcomes).toContain(sent.outcome)
    expect(said.length).toBeLessThan(300)
    const secrets = [...under.secrets, answerSecret, under.address, under.nobody.address]
    for (const secret of secrets.filter((one) => one.length > 5)) expect(said).not.toContain(secret)
    return sent
  }
  const send = async (message: Outgoing, signal = never()) => discreet(await under.adapter.send(message, signal))

  test('what is said arrives whole, in every script', async () => {
    const message = aMessage(under.address)
    const before = under.read().length
    const sent = await send(message)
    expect(['sent', 'delivered']).toContain(sent.outcome)
    const last = under.read().slice(before).join('\n')
    const { words, answerUrl } = message
    for (const part of under.says?.(message) ?? [words.title, words.body, answerUrl]) expect(last).toContain(part)
  })

  test('a provider that takes it and says nothing: unknown, as soon as the sender gives up', async () => {
    under.next('silent')
    const patience = new AbortController()
    const sending = send(aMessage(under.address), patience.signal)
    await under.arrived()
    patience.abort()
    expect(await sending).toEqual({ outcome: 'unknown', why: 'timed out' })
  })

  test('a line that is cut after it was handed over: unknown', async () => {
    under.next('cut')
    const sending = send(aMessage(under.address))
    await under.arrived()
    expect((await sending).outcome).toBe('unknown')
  })

  test('nobody there: certainly not sent, and worth another try', async () => {
    const { adapter, address } = under.nobody
    expect(discreet(await adapter.send(aMessage(address), never()))).toMatchObject({ outcome: 'retry', afterMs: null })
  })

  test('a sender that has given up already sends nothing', async () => {
    const before = under.read().length
    expect(await send(aMessage(under.address), AbortSignal.abort())).toMatchObject({ outcome: 'retry' })
    expect(under.read().length).toBe(before)
  })

  test.for([
    '',
    ' ',
    'null',
    '{}',
    '[]',
    '"x"',
    '__proto__',
    'constructor',
    'x\r\nBcc: y',
    'http://127.0.0.1/',
    '../x',
    '\u{0}',
    '🆘',
    'x'.repeat(100_000),
  ])('an address that is none (%#) fails, and nothing is thrown or sent', async (address) => {
    const before = under.read().length
    expect(await send(aMessage(address))).toMatchObject({ outcome: 'failed' })
    expect(under.read().length).toBe(before)
  })

  test('after all that, it still sends', async () => {
    const before = under.read().length
    expect(['sent', 'delivered']).toContain((await send(aMessage(under.address))).outcome)
    expect(under.read().length).toBe(before + 1)
  })
}
