import type { Way } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { numbersOf } from './numbers.ts'

const way = (id: string, channel: Way['channel'], address: string): Way => ({
  id,
  channel,
  address,
  lastProvenOn: null,
  dead: null,
})

test('a number that takes messages and calls is dialled once, and what is said of the call is said of its calls', () => {
  const { numbers } = numbersOf([way('s', 'sms', '1'), way('v', 'voice', '1'), way('t', 'sms', '2')])
  expect(numbers.map(({ number, called, ways }) => [number, called.id, ways.length])).toEqual([
    ['1', 'v', 2],
    ['2', 't', 1],
  ])
})

test('a browser and a mailbox are no numbers', () => {
  const { numbers, others } = numbersOf([way('p', 'push', '••••'), way('v', 'voice', '1'), way('m', 'email', 'a@b.cn')])
  expect(numbers.map(({ number }) => number)).toEqual(['1'])
  expect(others.map(({ id }) => id)).toEqual(['p', 'm'])
})
