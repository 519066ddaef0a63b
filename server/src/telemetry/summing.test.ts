import { instant, minutes } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { keepSumming } from './summing.ts'

test('sums, looks again, also after a failure, and no more when it is closed', async () => {
  const clock = new VirtualClock(instant(0))
  const failures = [undefined, new Error('a series is broken'), undefined]
  const signals: AbortSignal[] = []
  const summing = keepSumming(
    async (signal) => {
      signals.push(signal)
      const failure = failures.shift()
      if (failure) throw failure
    },
    () => undefined,
    clock,
  )
  for (const looked of [1, 2, 3]) {
    await clock.pass(minutes(looked === 1 ? 1 : 5))
    expect(signals).toHaveLength(looked)
  }
  await summing.close()
  expect(signals[0]?.aborted).toBe(true)
  await clock.pass(minutes(60))
  expect(signals).toHaveLength(3)
})

test('why it fails is told once, and again after all was well', async () => {
  const clock = new VirtualClock(instant(0))
  const said: string[] = []
  const answers = ['one', 'two', '', 'three']
  const summing = keepSumming(
    async () => {
      const why = answers.shift()
      if (why) throw new Error(why)
    },
    (why) => void said.push(why),
    clock,
  )
  await clock.pass(minutes(16))
  expect(said).toEqual(['one', 'three'])
  await summing.close()
})
