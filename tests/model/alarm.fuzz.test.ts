import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { played } from './history.ts'
import { history } from './steps.ts'
import { Tally } from './tally.ts'

/** The short form; `npm run observe -- C-24` plays ten times as many. */
const histories = 10_000

test('over ten thousand histories the machines do what the rules say, step by step', { timeout: 300_000 }, () => {
  const tally = new Tally()
  fc.assert(
    fc.property(history, (one) => {
      expect(played(one, tally)).toBeUndefined()
    }),
    { numRuns: histories },
  )
  expect(tally.rarerThan(histories / 1_000)).toEqual([])
})
