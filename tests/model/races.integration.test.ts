import { expect, test } from 'vitest'
import { race } from './races.ts'

/** The short form; `npm run observe -- C-24-races` is the long one. */
const batches = 60

test('people, gateways, crashes and time at once, on two servers: as if all had happened one after the other, by the rules', async () => {
  const { wrong, ...figures } = await race(batches, 0xa1a)
  console.log(JSON.stringify(figures))
  expect(wrong).toEqual([])
  expect(figures.crashed).toBeGreaterThan(5)
  expect(figures.lost).toBeGreaterThan(2)
})
