import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { history, played, Tally } from './history.ts'

/** The short form; `npm run observe -- C-24` plays ten times as many. */
const histories = 10_000

test('over ten thousand histories the machines do what the rules say, step by step', () => {
  const tally = new Tally()
  fc.assert(
    fc.property(history, (one) => {
      expect(played(one, tally)).toBeUndefined()
    }),
    { numRuns: histories },
  )
  expect(tally.rarerThan(histories / 1_000)).toEqual([])
})
