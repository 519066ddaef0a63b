import { instant, minutes, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { eraseOne, waitMax } from './erase-one.ts'

const never = new Promise<void>(() => undefined)

/** Gone after so many steps; none of them may ever end. */
function erasing({ stepsMin, hangs }: { readonly stepsMin: number; readonly hangs?: boolean }) {
  const clock = new VirtualClock(instant(0))
  const ending = new AbortController()
  let steps = 0
  const one = {
    isBegun: async () => steps < stepsMin,
    step: async () => {
      steps++
      if (hangs) await never
    },
  }
  return { clock, ending, ended: eraseOne(one, clock, ending.signal) }
}

test('it waits until it is gone, also when another process carries it out', async () => {
  const { clock, ended } = erasing({ stepsMin: 3 })
  for (let n = 0; n < 5; n++) await clock.pass(seconds(1))
  expect(await ended).toBe('gone')
})

test.for([
  ['is tried for ever', false],
  ['never answers', true],
] as const)('a store that %s is not waited for longer than may be', async ([, hangs]) => {
  const { clock, ended } = erasing({ stepsMin: Number.POSITIVE_INFINITY, hangs })
  const ends: string[] = []
  const heard = ended.then((end) => ends.push(end))
  await clock.pass(minutes(29))
  expect(ends).toEqual([])
  await clock.pass(minutes(2))
  await heard
  expect(ends).toEqual(['late'])
  expect(waitMax).toBe(minutes(30))
})

test.for([true, false])('who asked may leave it to the servers, also in the middle of a step (%s)', async (hangs) => {
  const { clock, ending, ended } = erasing({ stepsMin: Number.POSITIVE_INFINITY, hangs })
  await clock.pass(seconds(10))
  ending.abort()
  await clock.pass(seconds(1))
  expect(await ended).toBe('left')
})
