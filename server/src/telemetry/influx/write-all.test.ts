import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Refusal, TelemetryBatch } from '../store.ts'
import { LineProtocol } from './line-protocol.ts'
import type { Written } from './wire.ts'
import { writeAll } from './write-all.ts'

/** So many messages of two rows; the rows' values count up from 0. */
function batchOf(messages: number): TelemetryBatch {
  const rows = messages * 2
  return {
    series: [{ centre: 'c', home: 'h', placement: 'p', point: 'q', unit: 'W' }],
    rows,
    seriesOf: new Int32Array(rows),
    at: Float64Array.from({ length: rows }, (_, row) => row),
    value: Float64Array.from({ length: rows }, (_, row) => row),
    absent: new Uint8Array(rows),
    messageEnds: Int32Array.from({ length: messages }, (_, message) => message * 2 + 2),
    messages,
  }
}
const valuesIn = (lines: string) => [...lines.matchAll(/watts=(\d+)/g)].map(([, value]) => Number(value))

async function writing(
  messages: number,
  answer: (values: readonly number[]) => Written,
  known: readonly number[] = [],
) {
  const batch = batchOf(messages)
  const protocol = new LineProtocol()
  const refused = new Map<number, Refusal>(known.map((n) => [n, { code: 'message-malformed', why: 'known' }]))
  protocol.refuse(batch, refused)
  const asked: number[][] = []
  const wire = {
    async write(lines: string) {
      asked.push(valuesIn(lines))
      return answer(valuesIn(lines))
    },
  }
  await writeAll(wire, protocol, batch, refused)
  return { refused, asked }
}
/** Stores the rest, as a partial write does. */
const dropping =
  (bad: ReadonlySet<number>) =>
  (values: readonly number[]): Written => {
    const dropped = values.filter((value) => bad.has(value)).length
    return dropped === 0
      ? { is: 'stored' }
      : { is: 'refused', code: 'outside-retention', dropped, why: 'partial write' }
  }
/** Stores nothing, as a line that cannot be read makes it. */
const allOrNothing =
  (bad: ReadonlySet<number>) =>
  (values: readonly number[]): Written =>
    values.some((value) => bad.has(value))
      ? { is: 'refused', code: 'message-malformed', dropped: undefined, why: 'unable to parse' }
      : { is: 'stored' }

test('a batch that is taken is one request', async () => {
  expect((await writing(8, dropping(new Set()))).asked).toHaveLength(1)
})

test.for([
  ['dropped', dropping],
  ['unread', allOrNothing],
] as const)(
  'whatever is %s, exactly its messages are refused, with the reason, and all others are stored',
  async ([, answerFor]) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.uniqueArray(fc.nat(79), { maxLength: 12 }),
        async (messages, rows) => {
          const bad = new Set(rows.filter((row) => row < messages * 2))
          const stored = new Set<number>()
          const answer = answerFor(bad)
          const { refused } = await writing(messages, (values) => {
            const written = answer(values)
            if (written.is === 'stored') for (const value of values) stored.add(value)
            return written
          })
          const expected = [...new Set([...bad].map((row) => row >> 1))].sort((a, b) => a - b)
          expect([...refused.keys()].sort((a, b) => a - b)).toEqual(expected)
          const others = Array.from({ length: messages * 2 }, (_, row) => row).filter(
            (row) => !expected.includes(row >> 1),
          )
          expect(others.filter((row) => !stored.has(row))).toEqual([])
        },
      ),
      { numRuns: 100 },
    )
  },
)

test('a backlog of which all is dropped costs one request, not one a message', async () => {
  const { asked, refused } = await writing(1_000, dropping(new Set(Array.from({ length: 2_000 }, (_, row) => row))))
  expect(asked).toHaveLength(1)
  expect(refused.size).toBe(1_000)
  expect(refused.get(7)).toEqual({ code: 'outside-retention', why: 'partial write' })
})

test('too much at once is written in parts', async () => {
  const { asked, refused } = await writing(8, (values) =>
    values.length > 4 ? { is: 'too-large', why: 'too large' } : { is: 'stored' },
  )
  expect(asked.filter((values) => values.length <= 4).flat()).toEqual(Array.from({ length: 16 }, (_, row) => row))
  expect(refused.size).toBe(0)
})

test('what is refused before the wire is not sent, and keeps its reason', async () => {
  const { asked, refused } = await writing(2, dropping(new Set()), [0])
  expect(asked).toEqual([[2, 3]])
  expect(refused.get(0)?.why).toBe('known')
  expect((await writing(1, dropping(new Set()), [0])).asked).toEqual([])
})
