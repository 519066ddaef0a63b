import { type Monotonic, seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { isCalm, judgeTurn, type Switch, turnsPerMinuteMax } from './chatter.ts'

/** A switch that turns at these times (ms), beginning open; what each turn was. */
function turning(everyMs: number, times: number) {
  let state: Switch | undefined = judgeTurn(undefined, 0, 0 as Monotonic).now
  const turns: string[] = []
  for (let i = 1; i <= times; i++) {
    const { now, turn } = judgeTurn(state, i % 2, (i * everyMs) as Monotonic)
    state = now
    turns.push(turn)
  }
  return { state, turns }
}

test('a door that people walk through is no chatter', () => {
  expect(new Set(turning(4_000, 200).turns)).toEqual(new Set(['calm']))
})

test('a contact that turns ten times a second chatters after its first twenty turns, and begins with a turn to 1', () => {
  const { turns, state } = turning(100, 100)
  expect(turns.indexOf('began')).toBe(turnsPerMinuteMax)
  expect(turnsPerMinuteMax % 2).toBe(0)
  expect(turns.slice(turnsPerMinuteMax + 1)).toEqual(Array.from({ length: 79 }, () => 'chattering'))
  expect(state.turns.length).toBeLessThanOrEqual(turnsPerMinuteMax + 1)
})

test('it is calm a minute after its last turn, however often it repeats the same', () => {
  const { state } = turning(100, 100)
  const { now, turn } = judgeTurn(state, state.value, 40_000 as Monotonic)
  expect(turn).toBe('chattering')
  expect(isCalm(now, 0 as Monotonic, (10_000 + seconds(59)) as Monotonic)).toBe(false)
  expect(isCalm(now, 0 as Monotonic, (10_000 + seconds(60)) as Monotonic)).toBe(true)
})
