import { instant, minutes } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { RestoredClock } from './restored-clock.ts'

const known = instant(Date.parse('2026-03-01T08:00:00Z'))

test('after a power cut that set the machine to 1970, time goes on from what was known', async () => {
  const machine = new VirtualClock(instant(0))
  const clock = new RestoredClock(machine)
  expect(clock.synced).toBe(false)
  clock.restore(known)
  expect(clock.now()).toBe(known)
  await machine.pass(minutes(5))
  expect(clock.now()).toBe(known + minutes(5))
  expect(clock.synced).toBe(false)
  expect(clock.offsetMs).toBe(0 - known)
})

test('a machine that is set right is believed again, and its own timers are used', async () => {
  const machine = new VirtualClock(instant(known + 1_000))
  const clock = new RestoredClock(machine)
  clock.restore(known)
  expect(clock.now()).toBe(known + 1_000)
  expect(clock.synced).toBe(true)
  expect(clock.offsetMs).toBeNull()
  const ran: number[] = []
  clock.after(minutes(1), () => ran.push(clock.now()))
  await machine.pass(minutes(2))
  expect(ran).toEqual([known + 61_000])
})
