import { instant, type Monotonic, millis } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { admit, type MessageNumber } from './admission.ts'
import { newMemory } from './memory.ts'

/** Presses of one button, each with the number in its message; what became of them. */
function presses(guard: MessageNumber['guard'], ...messages: (readonly [atS: number, number: number])[]) {
  let memory = newMemory(instant(0))
  const admitted = messages.map(([atS, number]) => {
    const heard = { at: instant(atS * 1_000), mono: (atS * 1_000) as Monotonic }
    const one = admit(memory, { named: ['sos-pressed'], sequence: { number, guard }, heard, retained: false })
    memory = one.memory
    return one
  })
  return {
    fates: admitted.map(({ named, doubted }) =>
      named.length > 0 ? 'press' : doubted.length > 0 ? 'doubted' : 'repeat',
    ),
    oddities: memory.oddities.map(({ kind, times }) => `${kind} ${times}`),
  }
}

describe('a device whose counter must rise', () => {
  test.for([
    {
      when: 'it rises',
      messages: [
        [0, 5],
        [9, 6],
        [20, 90],
      ],
      fates: ['press', 'press', 'press'],
      oddities: [],
    },
    {
      when: 'the radio repeats it',
      messages: [
        [0, 5],
        [1, 5],
      ],
      fates: ['press', 'repeat'],
      oddities: [],
    },
    {
      when: 'somebody recorded it and sends it again',
      messages: [
        [0, 5],
        [3_600, 5],
        [7_200, 4],
      ],
      fates: ['press', 'doubted', 'doubted'],
      oddities: ['message-replayed 2'],
    },
    {
      when: 'somebody recorded a row of presses and sends them again',
      messages: [
        [0, 98],
        [9, 99],
        [20, 100],
        [60, 98],
        [61, 99],
        [62, 100],
      ],
      fates: ['press', 'press', 'press', 'doubted', 'doubted', 'doubted'],
      oddities: ['message-replayed 3'],
    },
    {
      when: 'its battery was changed: the first press is brought before a person, the second is believed',
      messages: [
        [0, 5_000],
        [60, 1],
        [70, 2],
        [80, 3],
      ],
      fates: ['press', 'doubted', 'press', 'press'],
      oddities: ['message-replayed 1', 'count-restarted 1'],
    },
  ] as const)('$when', ({ messages, fates, oddities }) => {
    expect(presses('rises', ...messages)).toEqual({ fates, oddities })
  })
})

test('a packet number of one byte only tells repeats apart: it comes round, and the same number later is another press', () => {
  expect(presses('differs', [0, 255], [1, 255], [2, 0], [600, 0]).fates).toEqual(['press', 'repeat', 'press', 'press'])
})

test('a press that a broker kept is no press, but somebody is asked, and that is written down', () => {
  const heard = { at: instant(0), mono: 0 as Monotonic }
  const kept = admit(newMemory(instant(0)), { named: ['sos-pressed'], sequence: undefined, heard, retained: true })
  expect(kept).toMatchObject({ named: [], doubted: ['sos-pressed'], counts: true })
  expect(kept.memory.oddities).toMatchObject([{ kind: 'press-retained', of: 'sos-pressed', times: 1 }])
})

test.for([
  { when: 'with the announcement of its device', agoMs: 300, named: [], doubted: ['sos-pressed'] },
  { when: 'after the button had to come back first', agoMs: 4_500, named: ['sos-pressed'], doubted: [] },
] as const)('a press $when', ({ agoMs, named, doubted }) => {
  const heard = { at: instant(9_000), mono: 9_000 as Monotonic }
  const arrival = { named: ['sos-pressed'], sequence: undefined, heard, retained: false } as const
  const admitted = admit(newMemory(instant(0)), { ...arrival, announcedAgo: millis(agoMs) })
  expect(admitted).toMatchObject({ counts: true, named, doubted })
  expect(admitted.memory.oddities).toHaveLength(doubted.length)
})
