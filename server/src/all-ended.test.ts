import { expect, test } from 'vitest'
import { allEnded } from './all-ended.ts'

test('one that fails is told of when the others have ended, and not before', async () => {
  const slow = Promise.withResolvers<string>()
  let told = false
  const all = allEnded([Promise.reject(new Error('first')), slow.promise, Promise.reject(new Error('third'))])
  const caught = all.catch((error: unknown) => {
    told = true
    return error
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(told).toBe(false)
  slow.resolve('second')
  expect(await caught).toEqual(new Error('first'))
})

test('their answers are in their order', async () => {
  expect(await allEnded([Promise.resolve('one'), Promise.resolve('two')])).toEqual(['one', 'two'])
})
