import { expect, test } from 'vitest'
import { hours, instant, millis, seconds } from './time.ts'
import { VirtualClock } from './virtual-clock.ts'

const start = instant(Date.UTC(2026, 0, 1))

test('stands still until told to pass', async () => {
  const clock = new VirtualClock(start)
  expect(clock.now()).toBe(start)
  expect(clock.monotonic()).toBe(0)
  await clock.pass(hours(48))
  expect(clock.now()).toBe(start + hours(48))
  expect(clock.monotonic()).toBe(hours(48))
})

test('runs what falls due in order, at the time it was due', async () => {
  const clock = new VirtualClock(start)
  const ran: [string, number][] = []
  const note = (what: string) => () => ran.push([what, clock.monotonic()])
  clock.after(seconds(3), note('late'))
  clock.after(seconds(1), note('first of two'))
  clock.after(seconds(1), note('second of two'))
  clock.after(millis(0), note('at once'))
  clock.after(seconds(9), note('never'))
  await clock.pass(seconds(3))
  expect(ran).toEqual([
    ['at once', 0],
    ['first of two', 1_000],
    ['second of two', 1_000],
    ['late', 3_000],
  ])
})

test('repeats until cancelled, first after one period', async () => {
  const clock = new VirtualClock(start)
  const at: number[] = []
  const timer = clock.every(seconds(10), () => {
    at.push(clock.monotonic())
    if (at.length === 3) timer.cancel()
  })
  await clock.pass(hours(1))
  expect(at).toEqual([10_000, 20_000, 30_000])
})

test('a cancelled timer does not run, not even one cancelled in the same moment', async () => {
  const clock = new VirtualClock(start)
  const ran: string[] = []
  clock.after(seconds(1), () => second.cancel())
  const second = clock.after(seconds(1), () => ran.push('second'))
  await clock.pass(seconds(2))
  expect(ran).toEqual([])
})

test('a timer set by a timer falls due in the same passing', async () => {
  const clock = new VirtualClock(start)
  const at: number[] = []
  clock.after(seconds(1), () => clock.after(seconds(1), () => at.push(clock.monotonic())))
  await clock.pass(seconds(2))
  expect(at).toEqual([2_000])
})

test('what a timer started with promises is done before the next timer', async () => {
  const clock = new VirtualClock(start)
  const ran: string[] = []
  clock.after(seconds(1), () => void Promise.resolve().then(() => ran.push('promise')))
  clock.after(seconds(1), () => ran.push('timer'))
  await clock.pass(seconds(1))
  expect(ran).toEqual(['promise', 'timer'])
})
