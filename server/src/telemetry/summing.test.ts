import { instant, minutes } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { keepSumming } from './summing.ts'

test('sums until nothing is due, looks again, also after a failure, and no more when it is closed', async () => {
  const clock = new VirtualClock(instant(0))
  const answers: (number | Error)[] = [50, 20, 0, new Error('away'), 0, 0]
  let asked = 0
  const summing = keepSumming(async () => {
    asked++
    const answer = answers.shift() ?? 0
    if (answer instanceof Error) throw answer
    return answer
  }, clock)
  await clock.pass(minutes(1))
  expect(asked).toBe(3)
  await clock.pass(minutes(5))
  expect(asked).toBe(4)
  await clock.pass(minutes(5))
  expect(asked).toBe(5)
  await summing.close()
  await clock.pass(minutes(60))
  expect(asked).toBe(5)
})
