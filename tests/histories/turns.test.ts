import type { Target } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { Reach } from './reach.ts'
import type { Row } from './rows.ts'
import { Track } from './track.ts'
import { turnsOf } from './turns.ts'

const never = { from: 0, to: 0 }
const people = (count: number) => Array.from({ length: count }, (_, nth) => `helper-${nth + 1}`)

/** What is known of numbers: `son`'s by their letters, from the beginning on. */
function reachOf(responders: readonly string[], numbers: Readonly<Record<string, string>>): Reach {
  const reach = new Reach({
    homes: [{ id: 'home-1', gateways: ['gw-1'], contacts: ['son'], accounts: [] }],
    responders,
    supervisors: [],
    numbers: new Map(),
    onCall: { who: 'han', span: never },
    supervisorShift: null,
    channels: new Set(['sms']),
  })
  for (const [owner, all] of Object.entries(numbers)) for (const number of all) become(reach, owner, number, 0, null)
  return reach
}
function become(reach: Reach, owner: string, number: string, at: number, deadSince: number | null): void {
  const said = { id: `${owner} ${number}`, owner_kind: kindOf(owner), owner, channel: 'sms', dead_since: deadSince }
  const row = { ...said, address: `${owner} ${number}` }
  reach.learn({ seq: 0, at, xact: '1', what: 'way', fresh: false, alarm: '', said: row })
}
const kindOf = (owner: string): string => (owner === 'son' ? 'contact' : 'responder')

/** One step, of which each round asked these, ten seconds after the one before: `son a` by his first number. */
function judged(reach: Reach, target: Target, rounds: readonly (readonly string[])[]) {
  const rows = rounds.flatMap((asked, round) =>
    asked.map((number, nth): Row => {
      const [owner = ''] = number.split(' ')
      const who = { recipient_kind: kindOf(owner), recipient: owner, channel: 'sms', address: number }
      const at = { round, step: 0, wave: 0, queued_at: (round + 1) * 10_000 }
      return { id: `${round} ${nth}`, purpose: 'alarm', state: 'failed', ...who, ...at }
    }),
  )
  const policy = {
    startAfterS: 0,
    repeatAfterS: 10,
    quietWhileHeld: true,
    steps: [{ targets: [target], waves: [{ channels: ['sms' as const], timeoutS: 20 }] }],
  }
  const alarm = { home: 'home-1', handling: 'new', test: false, received_at: 0, l5: null }
  const around = { reach, servedFrom: (at: number) => at, families: () => [], goingUnasked: () => [] }
  return turnsOf(new Track('family', policy, alarm, 0, around, rows), reach)
}

describe('of the numbers of one', () => {
  const son: Target = { to: 'contact', position: 1 }
  const asked = (numbers: string, letters: string) =>
    judged(
      reachOf([], { son: numbers }),
      son,
      Array.from(letters, (letter) => [`son ${letter}`]),
    )

  test.for([
    ['ab', 'abab', 3],
    ['ab', 'baba', 3],
    ['abc', 'abcabc', 5],
    ['a', 'aaa', 0],
  ] as const)('%s, asked in turn by %s, nothing is wrong', ([numbers, letters, judgements]) => {
    const { wrong, counts } = asked(numbers, letters)
    expect([wrong, counts.otherNumbers]).toEqual([[], judgements])
  })
  test.for([
    ['ab', 'aa'],
    ['ab', 'abb'],
    ['abc', 'aba'],
    ['abc', 'abcb'],
  ] as const)('%s, asked by %s, one has waited too long', ([numbers, letters]) => {
    expect(asked(numbers, letters).wrong).toEqual([
      `contact son is asked by sms son ${letters.at(-1)} again, before each of their ${numbers.length} numbers has rung`,
    ])
  })
  test('one that has died has no turn, and the other one has it each time', () => {
    const reach = reachOf([], { son: 'ab' })
    become(reach, 'son', 'b', 15_000, 15_000)
    expect(judged(reach, son, [['son a'], ['son a'], ['son a']])).toMatchObject({
      wrong: [],
      counts: { besideDead: 2 },
    })
    expect(judged(reach, son, [['son a'], ['son b']]).wrong).toEqual([
      'contact son is asked by sms son b, which was dead',
    ])
  })
  test('at the moment at which one dies either is right', () => {
    const reach = reachOf([], { son: 'ab' })
    become(reach, 'son', 'b', 20_000, 20_000)
    for (const number of ['son a', 'son b']) expect(judged(reach, son, [['son a'], [number]]).wrong).toEqual([])
  })
  test('no number is asked twice in one wave', () => {
    expect(judged(reachOf([], { son: 'ab' }), son, [['son a', 'son a']]).wrong).toContain(
      'sms son a is asked twice in one wave',
    )
  })
})

const all = (count: number, numbers: string) =>
  reachOf(people(count), Object.fromEntries(people(count).map((name) => [name, numbers])))
/** Ten of so many from this one on, and then from the front again. */
const ten = (first: number, count: number, number: string) =>
  Array.from({ length: 10 }, (_, nth) => `helper-${((first + nth) % count) + 1} ${number}`)

describe('of many responders', () => {
  const responders: Target = { to: 'responders' }

  test('ten and then the others: nothing is wrong', () => {
    const { wrong, counts } = judged(all(12, 'a'), responders, [ten(0, 12, 'a'), ten(10, 12, 'a'), ten(8, 12, 'a')])
    expect([wrong, counts.nextResponders]).toEqual([[], 2])
  })
  test('the same ten each time: the eleventh and the twelfth had no turn', () => {
    expect(judged(all(12, 'a'), responders, [ten(0, 12, 'a'), ten(0, 12, 'a')]).wrong).toEqual([
      'responder helper-11 had no turn by sms in 2 rounds',
      'responder helper-12 had no turn by sms in 2 rounds',
    ])
  })
  test('twenty with two numbers each, the rounds in step with the numbers: half of the numbers never ring', () => {
    const inStep = [ten(0, 20, 'a'), ten(10, 20, 'b'), ten(0, 20, 'a')]
    expect(judged(all(20, 'ab'), responders, inStep).wrong).toContain(
      'responder helper-1 is asked by sms helper-1 a again, before each of their 2 numbers has rung',
    )
    const each = [ten(0, 20, 'a'), ten(10, 20, 'a'), ten(0, 20, 'b'), ten(10, 20, 'b')]
    expect(judged(all(20, 'ab'), responders, each).wrong).toEqual([])
  })
  test('never more than ten at once', () => {
    const eleven = people(11).map((name) => `${name} a`)
    expect(judged(all(11, 'a'), responders, [eleven]).wrong).toEqual(['11 responders are asked at once'])
  })
})
