import type { Channel } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { numberToDial, onlyTelephone } from './ways.ts'

const way = (channel: Channel, address: string, dead = false) => ({ channel, address, dead })

test.for([
  { ways: [way('sms', '2'), way('voice', '1')], dials: '1' },
  { ways: [way('voice', '1', true), way('voice', '2')], dials: '2' },
  { ways: [way('voice', '1', true), way('sms', '2')], dials: '2' },
  { ways: [way('sms', '2', true), way('voice', '1', true)], dials: '1' },
  { ways: [way('push', 'browser'), way('email', 'a@example.org')], dials: '' },
])('of $ways a person dials $dials: what lives, and only then what is for calls', ({ ways, dials }) => {
  expect(numberToDial(ways)).toBe(dials)
})

test.for([
  { ways: [way('sms', '1'), way('voice', '1')], meant: '1' },
  { ways: [way('voice', '1', true)], meant: '1' },
  { ways: [way('voice', '1'), way('voice', '2')], meant: undefined },
  // They were offered the other one, which lives.
  { ways: [way('voice', '1', true), way('sms', '2')], meant: undefined },
  { ways: [way('sms', '1')], meant: undefined },
])('of $ways a call that names none went to $meant', ({ ways, meant }) => {
  expect(onlyTelephone(ways)?.address).toBe(meant)
})
