import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SamplePage } from '../archive.ts'
import { digestOf } from './digest.ts'
import { mergedPages } from './merged.ts'

type Row = readonly [at: number, value: number, why?: number]
async function* pages(rows: readonly Row[], pageRows = 1_000): AsyncGenerator<SamplePage> {
  for (let row = 0; row < rows.length; row += pageRows) {
    const page = rows.slice(row, row + pageRows)
    yield {
      at: Float64Array.from(page, ([at]) => at),
      value: Float64Array.from(page, ([, value]) => value),
      absent: Uint8Array.from(page, ([, , why = 0]) => why),
    }
  }
}
const rows: Row[] = [
  [1, 0.1],
  [2, 0, 3],
  [5, -1e300],
]
const hashOf = async (given: readonly Row[], pageRows?: number) => (await digestOf(pages(given, pageRows))).hash

test.for([
  [
    'another instant',
    [
      [1, 0.1],
      [2, 0, 3],
      [6, -1e300],
    ],
  ],
  [
    'another last bit',
    [
      [1, 0.1 + 2 ** -56],
      [2, 0, 3],
      [5, -1e300],
    ],
  ],
  [
    'another sign',
    [
      [1, 0.1],
      [2, 0, 3],
      [5, 1e300],
    ],
  ],
  [
    'another reason',
    [
      [1, 0.1],
      [2, 0, 4],
      [5, -1e300],
    ],
  ],
  [
    '0 for a reason',
    [
      [1, 0.1],
      [2, 0],
      [5, -1e300],
    ],
  ],
  [
    'one less',
    [
      [1, 0.1],
      [2, 0, 3],
    ],
  ],
] as const satisfies readonly (readonly [string, readonly Row[]])[])('%s is another hash', async ([, other]) => {
  expect(await hashOf(other)).not.toBe(await hashOf(rows))
})

test('minus nothing is nothing, and what stands beside a reason is nobody’s', async () => {
  expect(await hashOf([[1, -0]])).toBe(await hashOf([[1, 0]]))
  expect(await hashOf([[1, 7, 3]])).toBe(await hashOf([[1, 0, 3]]))
})

test('where pages end changes nothing', async () => {
  const many = Array.from({ length: 100 }, (_, row): Row => [row, row / 7])
  for (const pageRows of [1, 3, 99, 100]) expect(await hashOf(many, pageRows)).toBe(await hashOf(many))
})

test('series that are told as one are what is left when one is written after the other', async () => {
  const sample = fc.tuple(fc.nat(20), fc.double({ noNaN: true }), fc.constantFrom(0, 0, 1, 2))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(sample), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 4 }),
      async (given, pageRows) => {
        const left = new Map<number, Row>()
        const series = given.map((rows) => {
          const once = new Map(rows.map((row): [number, Row] => [row[0], row]))
          return [...once.values()].sort(([a], [b]) => a - b)
        })
        for (const rows of series)
          for (const row of rows) {
            const before = left.get(row[0])
            if (row[2] === 0 || !before || before[2] !== 0) left.set(row[0], row)
          }
        const merged = await digestOf(mergedPages(series.map((rows) => pages(rows, pageRows))))
        expect(merged).toEqual(await digestOf(pages([...left.values()].sort(([a], [b]) => a - b))))
      },
    ),
  )
})
