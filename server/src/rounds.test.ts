import { instant, millis, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { startRounds } from './rounds.ts'

function someRounds({ healthy = true, gathersFor = seconds(0) } = {}) {
  const clock = new VirtualClock(instant(0))
  const open: PromiseWithResolvers<void>[] = []
  const asked: (() => boolean)[] = []
  const said: string[] = []
  const rounds = startRounds(
    (isStopping) => {
      asked.push(isStopping)
      const round = Promise.withResolvers<void>()
      open.push(round)
      return round.promise
    },
    {
      every: seconds(1),
      gathersFor,
      clock,
      database: { healthy },
      log: { error: (_detail, message) => void said.push(message) },
      trouble: 'it did not go well',
    },
  )
  /** Ends the round that is under way, and lets what follows from it happen. */
  const end = async (error?: Error) => {
    const round = open.at(-1)
    if (error) round?.reject(error)
    else round?.resolve()
    await clock.pass(seconds(0))
  }
  return { clock, rounds, said, asked, end, begun: () => open.length }
}

test('one round at a time: the clock begins none beside another', async () => {
  const { clock, end, begun } = someRounds()
  await clock.pass(seconds(3))
  expect(begun()).toBe(1)
  await end()
  await clock.pass(seconds(1))
  expect(begun()).toBe(2)
})

test('whoever is woken while at work goes once more, however often', async () => {
  const { rounds, end, begun } = someRounds()
  rounds.wake()
  rounds.wake()
  rounds.wake()
  expect(begun()).toBe(1)
  await end()
  expect(begun()).toBe(2)
  await end()
  expect(begun()).toBe(2)
})

test.for([0, 1, 2, 3, 4, 5])('woken %i turns after the end of a round: another one begins', async (turns) => {
  const { clock, rounds, end, begun } = someRounds()
  rounds.wake()
  const ended = end()
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  rounds.wake()
  await ended
  await clock.pass(seconds(0))
  expect(begun()).toBe(2)
})

test('rounds that are to stand apart: whoever wakes soon after one has begun shares the next', async () => {
  const { clock, rounds, end, begun } = someRounds({ gathersFor: millis(50) })
  rounds.wake()
  expect(begun()).toBe(1)
  await clock.pass(millis(10))
  rounds.wake()
  await end()
  await clock.pass(millis(39))
  rounds.wake()
  expect(begun()).toBe(1)
  await clock.pass(millis(1))
  expect(begun()).toBe(2)
  await end()
  await clock.pass(millis(50))
  expect(begun()).toBe(2)
  rounds.wake()
  expect(begun()).toBe(3)
})

test('a stop does not wait until what gathers has gathered, and begins no round', async () => {
  const { rounds, end, begun } = someRounds({ gathersFor: millis(50) })
  rounds.wake()
  await end()
  rounds.wake()
  await rounds.stop()
  expect(begun()).toBe(1)
})

test('a round that fails is told of, and the next one begins all the same', async () => {
  const { clock, said, end, begun } = someRounds()
  await clock.pass(seconds(1))
  await end(new Error('no'))
  expect(said).toEqual(['it did not go well'])
  await clock.pass(seconds(1))
  expect(begun()).toBe(2)
})

test('of a database that is away nothing is said here', async () => {
  const { clock, said, end } = someRounds({ healthy: false })
  await clock.pass(seconds(1))
  await end(new Error('no'))
  expect(said).toEqual([])
})

test('a stop waits for the round under way, which is told of it, and begins none', async () => {
  const { clock, rounds, asked, end, begun } = someRounds()
  rounds.wake()
  rounds.wake()
  let stopped = false
  const stopping = rounds.stop().then(() => {
    stopped = true
    return undefined
  })
  expect(asked[0]?.()).toBe(true)
  await clock.pass(seconds(5))
  expect(stopped).toBe(false)
  await end()
  await stopping
  rounds.wake()
  await clock.pass(seconds(5))
  expect(begun()).toBe(1)
})
