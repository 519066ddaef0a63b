import { beforeAll, expect, test } from 'vitest'
import { decoders, fuzz } from '../../tests/harness/random-buffers.ts'

/** The short form; `npm run observe -- random-buffers` runs ten times as many. */
const runs = 100_000

// The test runner keeps stacks of a hundred calls for every error, and a refusal is one; the gateway keeps Node's ten.
beforeAll(() => {
  Error.stackTraceLimit = 10
})

test.for(decoders)('%s: whatever comes is told or refused, and never thrown at', async (decoder) => {
  const { frames, told, refused, wrong } = await fuzz(decoder, runs)
  expect(wrong).toBeUndefined()
  expect(frames).toBeGreaterThan(0)
  expect(told).toBeGreaterThan(runs / 1_000)
  expect(refused).toBeGreaterThan(runs / 10)
})
