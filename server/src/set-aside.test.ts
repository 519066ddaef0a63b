import { DomainError, instant, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { isItsOwnFault, SetAside } from './set-aside.ts'

test('what failed is set aside for two seconds, from the last time it did', async () => {
  const clock = new VirtualClock(instant(0))
  const aside = new SetAside<string>(clock)
  aside.add('one')
  await clock.pass(seconds(1))
  aside.add('other')
  expect(aside.keys).toEqual(['one', 'other'])
  await clock.pass(seconds(1))
  expect(aside.keys).toEqual(['other'])
  aside.add('other')
  await clock.pass(seconds(1))
  expect(aside.keys).toEqual(['other'])
  await clock.pass(seconds(1))
  expect(aside.keys).toEqual([])
})

test('of very many the oldest are tried again first', () => {
  const aside = new SetAside<number>(new VirtualClock(instant(0)))
  for (let n = 0; n <= 10_000; n++) aside.add(n)
  expect(aside.keys).toHaveLength(10_000)
  expect(aside.keys[0]).toBe(1)
})

test('a database that is away is nobody’s own fault', () => {
  expect(isItsOwnFault(new DomainError('store-unavailable', 'away'))).toBe(false)
  expect(isItsOwnFault(new DomainError('overloaded', 'too many'))).toBe(false)
  expect(isItsOwnFault(new TypeError('policy.steps is undefined'))).toBe(true)
})
