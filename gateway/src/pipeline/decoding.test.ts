import { type DeviceId, DomainError, type PlacementId } from '@anju/contract'
import { profileById } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import type { Device } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import { Decoding } from './decoding.ts'

const deviceWith = (decode: () => unknown): Device => {
  const profile = profileById('tuya/ts0215a-sos')
  if (!profile) throw new Error('the button is gone')
  const place = { id: 'd-1' as DeviceId, placement: 'here' as PlacementId, options: {} }
  return { ...place, profile: { ...profile, decode: decode as never } }
}

test.for([
  [
    'a refusal of the codec',
    () => {
      throw new DomainError('payload-malformed', 'not JSON')
    },
    'payload-malformed',
  ],
  [
    'a fault of ours',
    () => {
      throw new TypeError('x is undefined')
    },
    'internal',
  ],
  ['a fault of ours that comes later', () => Promise.reject(new TypeError('x is undefined')), 'internal'],
] as const)('%s is the message’s refusal', async ([, decode, code]) => {
  expect(await new Decoding(silentLog).decode(deviceWith(decode), {})).toMatchObject({ ok: false, error: { code } })
})

test('what is decoded later does not overtake', async () => {
  const decoding = new Decoding(silentLog)
  const { promise: slow, resolve: release } = Promise.withResolvers<object>()
  const order: string[] = []
  const first = decoding
    .decode(
      deviceWith(() => slow),
      {},
    )
    .then(() => order.push('first'))
  const second = decoding
    .decode(
      deviceWith(() => Promise.resolve({})),
      {},
    )
    .then(() => order.push('second'))
  release({})
  await Promise.all([first, second])
  expect(order).toEqual(['first', 'second'])
})
