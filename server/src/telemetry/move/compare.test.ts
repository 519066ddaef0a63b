import { describe, expect, test } from 'vitest'
import type { Differences } from './differences.ts'
import type { Kept } from './memory-end.fixture.ts'
import { aMove, fill, seriesOf, start } from './move.fixture.ts'

const none: Differences = { missing: 0, beyond: 0, extra: 0, changed: 0, reasons: 0, held: 0, first: undefined }
const point = (number: number) => JSON.stringify([`home-${number % 3}`, 'meter', `point-${number}`, 'W'])

describe('whoever only compares', () => {
  const at = start - 1_000_000 + 2_500
  /** A whole move, and then something happens to the target. */
  async function spoilt(spoil: (target: ReturnType<typeof aMove>['target']['data']) => void) {
    const one = aMove()
    fill(one)
    one.source.put(seriesOf('home-0', 'point-6'), at, { value: 0.1 })
    await one.run()
    spoil(one.target.data)
    one.told.length = 0
    const before = [structuredClone(one.target.data), structuredClone(one.ledger.state), one.target.rowsWritten]
    const moved = await one.run({ compareOnly: true })
    expect([one.target.data, one.ledger.state, one.target.rowsWritten]).toEqual(before)
    return { one, moved, found: one.comparedAs('different') }
  }
  test('finds nothing when nothing happened', async () => {
    const { moved } = await spoilt(() => undefined)
    expect(moved).toMatchObject({ found: { series: 8, different: 0, more: 0 } })
  })

  test.for([
    ['a sample is gone', (samples) => samples.delete(at), { missing: 1, first: at }],
    ['a sample was added', (samples) => samples.set(at + 1, { value: 0 }), { extra: 1, first: at + 1 }],
    [
      'the last bit of a value is another',
      (samples) => samples.set(at, { value: 0.1 + 2 ** -56 }),
      { changed: 1, first: at },
    ],
    ['a value became a reason', (samples) => samples.set(at, { why: 2 }), { changed: 1, first: at }],
    [
      'a sample lies a millisecond later',
      (samples) => {
        samples.set(at + 1, samples.get(at) as Kept)
        samples.delete(at)
      },
      { missing: 1, extra: 1, first: at },
    ],
  ] as const satisfies readonly (readonly [string, (samples: Map<number, Kept>) => unknown, Partial<Differences>])[])(
    'finds that %s, in which series, and when',
    async ([, spoil, differences]) => {
      const { found, moved } = await spoilt((data) => spoil(data.get(point(6))?.samples as Map<number, Kept>))
      expect(moved).toMatchObject({ found: { different: 1, copiedAgain: 0 } })
      expect(found[0]?.series).toEqual({ home: 'home-0', placement: 'meter', point: 'point-6', unit: 'W' })
      expect(found[0]?.outcome).toMatchObject({ differences })
    },
  )

  test('a whole series that is gone, and one that nobody moved', async () => {
    const { found } = await spoilt((data) => {
      data.delete(point(5))
      const key = seriesOf('home-2', 'zz')
      data.set(JSON.stringify([key.home, key.placement, key.point, key.unit]), {
        key,
        samples: new Map([[start - 1, { value: 1 }]]),
      })
    })
    expect(found.map(({ series, outcome }) => [series.point, outcome])).toEqual([
      ['point-5', { is: 'different', differences: { ...none, missing: 13, first: start - 1_000_000 } }],
      ['zz', { is: 'different', differences: { ...none, extra: 1, first: start - 1 } }],
    ])
  })
})

describe('a move that goes on', () => {
  test('mends what is missing or other at the target, and says how often it had to', async () => {
    const one = aMove()
    fill(one)
    let spoil = true
    one.onStep((step) => {
      if (step !== 'target series' || !spoil) return
      spoil = false
      const samples = one.target.data.get(point(6))?.samples as Map<number, Kept>
      const [first = 0, second = 0, third = 0] = samples.keys()
      samples.delete(first)
      samples.set(second, { value: 123 })
      samples.set(third, { why: 9 })
    })
    expect(await one.run()).toMatchObject({ found: { different: 0, copiedAgain: 1 } })
    expect(one.target.data).toEqual(one.source.data)
  })

  test('cannot turn a value at the target into a reason: it holds, and is told', async () => {
    const one = aMove()
    const key = seriesOf('home-0', 'p')
    one.source.put(key, start - 2, { why: 3 })
    one.target.put(key, start - 2, { value: 3 })
    expect(await one.run()).toMatchObject({ found: { different: 1 } })
    expect(one.comparedAs('different')[0]?.outcome).toMatchObject({
      differences: { ...none, held: 1, first: start - 2 },
    })
    expect(await one.run({ inUse: true })).toMatchObject({ found: { different: 0, more: 1 } })
  })

  test('after a difference begins to compare where it was, so that it is told again', async () => {
    const one = aMove()
    fill(one)
    one.target.put(seriesOf('home-1', 'point-4', 'm3'), start - 1, { value: 1 })
    for (const run of [1, 2]) {
      one.told.length = 0
      expect(await one.run()).toMatchObject({ found: { different: 1 } })
      expect(one.comparedAs('different').map(({ series }) => series.point)).toEqual(['point-4'])
      expect([run, one.ledger.state?.position?.series.home]).toEqual([run, 'home-1'])
    }
  })
})
