import { expect, test } from 'vitest'
import { gapsMax } from '../questions.ts'
import type { Row } from './answer.ts'
import { ofAll } from './flux.ts'
import { askedAtOnceMax, askGaps } from './gaps.ts'
import type { Inquiry } from './inquiry.ts'

const minuteMs = 60_000
const field = 'watts'

/** A point with a value every two minutes, and the reasons of the silences between them. */
function aPointWithGaps(gaps: number) {
  const under = { way: 0, most: 0, asked: 0 }
  const lengthMs = 2 * minuteMs
  const end = gaps * lengthMs
  const found: Row[] = [
    { result: 'first', field, at: 0, value: '1' },
    ...Array.from({ length: gaps }, (_, index) => ({
      result: 'gap',
      field,
      at: (index + 1) * lengthMs,
      value: String(lengthMs * 1_000_000),
    })),
    { result: 'last', field, at: end, value: '1' },
    { result: 'absent', field, at: end - minuteMs, value: 'no-answer' },
  ]
  const query: Inquiry['wire']['query'] = async (script, bound) => {
    if (script === ofAll.gaps) return found
    under.asked++
    under.most = Math.max(under.most, ++under.way)
    // Later ones are answered sooner: their order must not be that of the answers.
    for (let turn = 0; turn < 7 - (under.asked % 7); turn++) await Promise.resolve()
    under.way--
    const begin = bound['begin'] && 'time' in bound['begin'] ? bound['begin'].time : Number.NaN
    const even = Math.floor(begin / lengthMs) % 2 === 0
    return [{ result: 'absent', field, at: begin, value: even ? 'no-answer' : 'line-down' }]
  }
  const shelves: Inquiry['shelves'] = { now: () => Promise.reject(new Error('nobody asks')) }
  const inquiry: Inquiry = { wire: { query }, scripts: ofAll, series: {}, shelves }
  return { inquiry, under, lengthMs, to: end + 1 }
}

test('a request asks for the reasons of its gaps a few at once, and names each of them', async () => {
  const { inquiry, under, lengthMs, to } = aPointWithGaps(gapsMax)
  const named = { home: 'home-1', placement: 'meter', point: 'power' }
  const { gaps } = await askGaps(inquiry, { ...named, from: 0, to, longerThanMs: minuteMs })
  expect(gaps).toEqual(
    Array.from({ length: gapsMax }, (_, index) => ({
      from: index * lengthMs,
      to: (index + 1) * lengthMs,
      why: index % 2 === 0 ? 'no-answer' : 'line-down',
    })),
  )
  expect(under).toEqual({ way: 0, most: askedAtOnceMax, asked: gapsMax })
})
