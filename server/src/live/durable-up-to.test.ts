import type { CentreId } from '@anju/contract'
import { expect, test } from 'vitest'
import { DurableUpTo } from './durable-up-to.ts'

const EAST = 'east' as CentreId
const WEST = 'west' as CentreId
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A disk in the test's hands: each flush is written, or lost, when the test says so. */
function aDisk() {
  const flushes: PromiseWithResolvers<void>[] = []
  const durable = new DurableUpTo(() => {
    const flush = Promise.withResolvers<void>()
    flushes.push(flush)
    return flush.promise
  })
  const told: string[] = []
  const reads = (centre: CentreId, id: number) =>
    durable.until(centre, id).then(
      () => void told.push(`${centre} ${id}`),
      () => void told.push(`${centre} ${id} lost`),
    )
  return { durable, flushes, told, reads }
}

test('what this process has waited for itself is waited for no more, nor is what was before it', async () => {
  const { durable, flushes } = aDisk()
  durable.reached(EAST, 7)
  durable.reached(EAST, 5)
  await Promise.all([durable.until(EAST, 7), durable.until(EAST, 0), durable.until(WEST, 0)])
  expect(flushes).toHaveLength(0)
})

test('two hundred who have read the same wait for one flush, and are told when it is done', async () => {
  const { flushes, told, reads } = aDisk()
  const all = Array.from({ length: 100 }, () => reads(EAST, 3))
  await turn()
  // These come while it is on its way: somebody had read the same before it began.
  all.push(...Array.from({ length: 100 }, () => reads(EAST, 3)))
  await turn()
  expect([flushes.length, told.length]).toEqual([1, 0])
  flushes[0]?.resolve()
  await Promise.all(all)
  expect([flushes.length, told.length]).toEqual([1, 200])
  await reads(EAST, 2)
  expect(flushes).toHaveLength(1)
})

test('what is read while a flush is on its way waits for the next, which begins when that is done, for all centres together', async () => {
  const { flushes, told, reads } = aDisk()
  const all = [reads(EAST, 3)]
  await turn()
  all.push(reads(EAST, 4), reads(WEST, 1), reads(EAST, 5))
  await turn()
  expect(flushes).toHaveLength(1)
  flushes[0]?.resolve()
  await turn()
  expect([flushes.length, told]).toEqual([2, ['east 3']])
  flushes[1]?.resolve()
  await Promise.all(all)
  expect([flushes.length, told.toSorted()]).toEqual([2, ['east 3', 'east 4', 'east 5', 'west 1']])
})

test('a flush that fails tells nobody that it is done, and those behind it have one of their own', async () => {
  const { flushes, told, reads } = aDisk()
  const all = [reads(EAST, 3)]
  await turn()
  all.push(reads(EAST, 4))
  flushes[0]?.reject(new Error('no connection'))
  await turn()
  all.push(reads(EAST, 3))
  await turn()
  expect([flushes.length, told]).toEqual([2, ['east 3 lost']])
  flushes[1]?.resolve()
  await Promise.all(all)
  expect(told.slice(1).toSorted()).toEqual(['east 3', 'east 4'])
})

test('of ids that a restored database gives out anew nothing is known', async () => {
  const { durable, flushes, told, reads } = aDisk()
  durable.reached(EAST, 100)
  durable.endsAt(EAST, 40)
  await reads(EAST, 40)
  const anew = reads(EAST, 41)
  await turn()
  expect([flushes.length, told]).toEqual([1, ['east 40']])
  flushes[0]?.resolve()
  await anew
})
