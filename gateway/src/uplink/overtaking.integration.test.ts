import { millis, seconds } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aTestUplink, type TestUplink } from '../testing/uplink.ts'

let home: TestUplink
beforeEach(() => {
  home = aTestUplink()
})
afterEach(() => home.stop())

test('a press after a quiet minute is waited for like any other: the connection is not given up at once', async () => {
  home.connect()
  await home.clock.pass(seconds(60))
  await home.press()
  await home.clock.pass(millis(1_500))
  expect([home.opened, home.sent.length]).toEqual([1, 1])
  // Still not a byte, eight seconds after it was sent: now it is deaf.
  await home.clock.pass(seconds(6))
  expect(home.opened).toBe(1)
  await home.clock.pass(seconds(2))
  expect(home.opened).toBe(2)
})
