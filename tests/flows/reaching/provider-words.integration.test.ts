import { type AlarmId, seconds } from '@anju/contract'
import type { EscalationPolicy } from '@anju/contract/api'
import { afterEach, expect, test } from 'vitest'
import type { Arrived } from '../../harness/story/phones.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

type Word = () => Promise<void>

/** Every order in which they may come in. */
function orders<T>(given: readonly T[]): T[][] {
  if (given.length <= 1) return [[...given]]
  return given.flatMap((one, index) => orders(given.toSpliced(index, 1)).map((rest) => [one, ...rest]))
}

const became = async (alarm: AlarmId) => {
  const { notifications } = await story.alarm(alarm)
  const [asked] = notifications.filter(({ purpose, recipient }) => purpose === 'alarm' && recipient.id === 'daughter')
  const log = await story.log(alarm)
  const answers = log.filter((kind) => kind === 'accepted' || kind === 'declined')
  return { state: asked?.state, answers }
}

/** The centre asks its own people by their consoles alone; the daughter is asked on one channel, and for a long time. */
const only = (channel: 'sms' | 'voice'): EscalationPolicy => ({
  centre: {
    startAfterS: 0,
    repeatAfterS: 30,
    quietWhileHeld: true,
    steps: [{ targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 3_600 }] }],
  },
  family: {
    startAfterS: 0,
    repeatAfterS: 3_600,
    quietWhileHeld: true,
    steps: [{ targets: [{ to: 'contact', position: 1 }], waves: [{ channels: [channel], timeoutS: 3_600 }] }],
  },
})

async function inEveryOrder(channel: 'sms' | 'voice', words: (of: Arrived) => readonly Word[]) {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    contacts: [{ name: 'daughter' }],
    policy: only(channel),
  })
  const outcomes = new Set<string>()
  const count = orders(words({} as Arrived)).length
  for (let nth = 0; nth < count; nth++) {
    const alarm = await story.press({ placement: `sos-${nth}` })
    const asked = await story.expect(channel, 'daughter')
    for (const word of orders(words(asked))[nth] ?? []) {
      await word()
      await word() // The provider did not hear our answer, and says it again.
    }
    outcomes.add(JSON.stringify(await became(alarm)))
    // While she goes to the home she is not asked about its next alarm.
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm)
    await story.passes(seconds(60))
    await story.expect(channel, 'daughter', /不必/)
  }
  return [...outcomes].map((one) => JSON.parse(one) as unknown)
}

const ofAMessage = (of: Arrived): Word[] => ['sent', 'delivered', 'read'].map((status) => () => story.says(of, status))
const interim = (of: Arrived): Word[] => [
  () => story.says(of, 'undelivered', { ErrorCode: '30008' }),
  () => story.says(of, 'delivered'),
  () => story.says(of, 'sent'),
]
const ofACall = (of: Arrived): Word[] => [
  () => story.says(of, 'in-progress'),
  () => story.presses(of, '1'),
  () => story.says(of, 'no-answer'),
  () => story.says(of, 'completed', { CallDuration: '20' }),
]

test('what is said of a message, each twice and in every order: it was read', async () => {
  expect(await inEveryOrder('sms', ofAMessage)).toEqual([{ state: 'seen', answers: [] }])
})

test('"not delivered" was an interim verdict, whether "delivered" comes after it or came before', async () => {
  expect(await inEveryOrder('sms', interim)).toEqual([{ state: 'delivered', answers: [] }])
})

test('a call that was answered and accepted is that, whatever else is said of it, and the acceptance counts once', async () => {
  expect(await inEveryOrder('voice', ofACall)).toEqual([{ state: 'accepted', answers: ['accepted'] }])
})
