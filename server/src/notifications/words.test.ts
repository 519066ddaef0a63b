import { EVENT_TYPES } from '@anju/contract'
import { expect, test } from 'vitest'
import { type Content, wordsOf } from './words.ts'

const about = { type: 'fall-detected', at: '02:10', code: '7ZK3QF', test: false }
const contents: readonly Content[] = [
  { ...about, is: 'alarm' },
  { ...about, is: 'notice' },
  { ...about, is: 'way-test' },
  { ...about, is: 'stand-down', because: 'accepted', going: ['周敏'] },
  { ...about, is: 'stand-down', because: 'closed', going: [] },
  { ...about, is: 'which', asked: [about, { at: '02:11', code: 'A1B2C3' }], of: 'asking' },
]
const languages = ['zh-CN', 'en'] as const

test.for(languages.flatMap((language) => contents.map((content) => [language, content.is, content] as const)))(
  'in %s, a lock screen does not say what has happened in a(n) %s, and names its time',
  ([language, , content]) => {
    for (const type of Object.keys(EVENT_TYPES).filter((name) => name !== 'test')) {
      const { words, facts, event } = wordsOf({ ...content, type }, language)
      const shown = [words.title, words.body, ...Object.values(facts)].join(' ').toLowerCase()
      expect(shown).not.toContain(event.toLowerCase())
      expect(shown).not.toContain('周敏')
      expect(words.body).toContain('02:10')
    }
  },
)
test('who answers the telephone is told what has happened', () => {
  expect(wordsOf({ ...about, is: 'alarm' }, 'zh-CN').words.speech).toMatch(/02:10.*跌倒.*能否前往/)
  expect(wordsOf({ ...about, is: 'alarm' }, 'en').words.speech).toMatch(/02:10.*fall.*whether you can go/)
})
test.for([
  ['zh-CN', ['周敏'], /周敏正在前往，您不必前往/],
  ['zh-CN', [], /已有人正在前往/],
  ['en', ['Zhou Min'], /Zhou Min is on the way\. You need not go/],
  ['en', ['Zhou Min', 'Li Na'], /Zhou Min and Li Na are on the way/],
  ['en', [], /somebody is on the way/],
] as const)(
  'who answers the telephone is told who goes, in %s: %j; a lock screen only that somebody does',
  ([language, going, says]) => {
    const { words } = wordsOf({ ...about, is: 'stand-down', because: 'accepted', going }, language)
    expect(words.body).toMatch(/已有人正在前往|somebody is on the way/)
    expect(words.speech).toMatch(says)
  },
)
test('an exercise says so first', () => {
  const over = { ...about, is: 'stand-down', because: 'closed', going: [], test: true } as const
  expect(wordsOf(over, 'zh-CN').words.title).toMatch(/^【演练】/)
  expect(wordsOf(over, 'en').words.speech).toMatch(/^Exercise: /)
})
test('what happens in a test asks whether it is real', () => {
  const asked = { ...about, is: 'alarm', test: true } as const
  for (const says of Object.values(wordsOf(asked, 'zh-CN').words)) expect(says).toMatch(/测试期间/)
  for (const says of Object.values(wordsOf(asked, 'en').words)) expect(says).toMatch(/during a test/i)
  expect(wordsOf(asked, 'en').words.body).toMatch(/Is it real\?/)
})
test('every type of the contract has a word of its own', () => {
  const words = Object.keys(EVENT_TYPES).map((type) => wordsOf({ ...about, type, is: 'alarm' }, 'en').event)
  expect(words).not.toContain('alarm')
  expect(new Set(words).size).toBe(words.length)
})
test('a type nobody knows yet has a word, too', () => {
  expect(wordsOf({ ...about, type: 'flood-2031', is: 'alarm' }, 'en')).toMatchObject({
    event: 'alarm',
    facts: { kind: 'home safety', at: '02:10', code: '7ZK3QF' },
  })
})
