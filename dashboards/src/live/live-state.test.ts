import type { Alarm } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { type LiveInput, type LiveState, nothingKnown, take } from './live-state.ts'

const said = (id: string, prev: string | null, alarm: Alarm, at = 0): LiveInput => ({
  type: 'item',
  id,
  item: { event: 'alarm', data: { prev, alarm, cause: 'raised' } },
  at,
})
const listed = (state: LiveState, alarms: readonly Alarm[], asked = state.changes): LiveInput => ({
  type: 'listed',
  alarms,
  asked,
  wanted: state.listWanted,
  at: 0,
})
const after = (...inputs: readonly LiveInput[]) => inputs.reduce(take, nothingKnown)
const versionOf = (state: LiveState, id = anAlarm().id) => state.alarms.get(id)?.alarm.version

describe('the numbered stream', () => {
  test('in order needs no list, and holds the newest version', () => {
    const state = after(said('7', '6', anAlarm()), said('8', '7', anAlarm({ version: 2 })))
    expect(state).toMatchObject({ lastId: '8', gaps: 0, listWanted: 0 })
    expect(versionOf(state)).toBe(2)
  })

  test('whose item names another predecessor asks for the list', () => {
    const state = after(said('7', '6', anAlarm()), said('9', '8', anAlarm({ id: 'other' })))
    expect(state).toMatchObject({ lastId: '9', gaps: 1, listWanted: 1 })
    expect(state.alarms.size).toBe(2)
  })

  test('said twice is taken once', () => {
    const once = after(said('7', '6', anAlarm()))
    expect(take(once, said('7', '6', anAlarm()))).toBe(once)
  })

  test('that starts anew or was reset asks for the list', () => {
    const placed = after({ type: 'placed', at: '6' })
    expect(placed).toMatchObject({ lastId: '6', listWanted: 1 })
    expect(take(placed, said('7', '6', anAlarm())).gaps).toBe(0)
    expect(take(placed, said('8', '7', anAlarm())).gaps).toBe(1)
    const reset = after(said('7', '6', anAlarm()), {
      type: 'item',
      id: '39',
      item: { event: 'reset', data: { prev: null } },
      at: 0,
    })
    expect(reset).toMatchObject({ lastId: '39', listWanted: 1 })
    expect(take(reset, said('40', '39', anAlarm({ version: 5 }))).gaps).toBe(0)
  })

  test('carries the state of the store outside the numbers', () => {
    const state = after(said('7', '6', anAlarm()), {
      type: 'item',
      id: null,
      item: { event: 'status', data: { prev: null, store: 'degraded', telemetry: 'ok', at: '' } },
      at: 0,
    })
    expect(state).toMatchObject({ store: 'degraded', lastId: '7', gaps: 0 })
  })
})

describe('two copies of one alarm', () => {
  test('are ordered by version, whichever way they came', () => {
    const state = after(said('7', '6', anAlarm({ version: 4, handling: 'claimed' })))
    expect(take(state, { type: 'answered', alarm: anAlarm({ version: 3 }), at: 0 })).toBe(state)
    expect(versionOf(take(state, listed(state, [anAlarm({ version: 2 })])))).toBe(4)
  })

  test('a further occurrence is remembered with its time, also when only the list told of it', () => {
    const once = after(said('7', '6', anAlarm()))
    expect(once.alarms.get(anAlarm().id)?.againAt).toBeNull()
    const twice = take(once, said('8', '7', anAlarm({ version: 2, occurrences: 2 }), 5_000))
    expect(twice.alarms.get(anAlarm().id)?.againAt).toBe(5_000)
    const thrice = take(twice, { ...listed(twice, [anAlarm({ version: 3, occurrences: 3 })]), at: 9_000 } as LiveInput)
    expect(thrice.alarms.get(anAlarm().id)?.againAt).toBe(9_000)
    const claimed = take(thrice, said('9', '8', anAlarm({ version: 4, occurrences: 3, handling: 'claimed' }), 12_000))
    expect(claimed.alarms.get(anAlarm().id)?.againAt).toBe(9_000)
  })
})

const againAt = (state: LiveState) => state.alarms.get(anAlarm().id)?.againAt
describe('a further occurrence that came late', () => {
  const late = { times: 1, heardAt: '2026-01-05T01:00:00.000Z', lateByS: 10_800 }
  const taken = after(said('7', '6', anAlarm({ version: 2, handling: 'claimed' })))
  const lately = (quiet: number, occurrences = 2) =>
    anAlarm({ version: 3, handling: 'claimed', occurrences, lateAgain: { ...late, quiet } })

  test('and was pressed before it was taken is no press of this moment, whoever tells of it', () => {
    expect(againAt(take(taken, said('8', '7', lately(1), 5_000)))).toBeNull()
    expect(againAt(take(taken, { ...listed(taken, [lately(1)]), at: 5_000 } as LiveInput))).toBeNull()
  })

  test('and was pressed after it was taken is news to who took it', () => {
    expect(againAt(take(taken, said('8', '7', lately(0), 5_000)))).toBe(5_000)
  })

  test('hides no fresh press that came with it', () => {
    expect(againAt(take(taken, said('8', '7', lately(1, 3), 5_000)))).toBe(5_000)
  })
})

describe('the list of open alarms', () => {
  test('removes what it lacks', () => {
    const state = after(said('7', '6', anAlarm()), said('8', '7', anAlarm({ id: 'other' })))
    expect([...take(state, listed(state, [anAlarm()])).alarms.keys()]).toEqual([anAlarm().id])
  })

  test('does not remove an alarm raised while it was being read', () => {
    const asked = after(said('7', '6', anAlarm()))
    const meanwhile = take(asked, said('8', '7', anAlarm({ id: 'new' })))
    const state = take(meanwhile, listed(meanwhile, [anAlarm()], asked.changes))
    expect([...state.alarms.keys()].sort()).toEqual([anAlarm().id, 'new'].sort())
  })

  test('is answered only for the wish it was asked for', () => {
    const first = after({ type: 'placed', at: '6' })
    const again = take(first, { type: 'placed', at: '9' })
    const state = take(again, { type: 'listed', alarms: [], asked: 0, wanted: 1, at: 0 })
    expect(state).toMatchObject({ listWanted: 2, listRead: 1 })
  })
})

test('a closed alarm is kept for as long as its close can be undone', () => {
  const closed = anAlarm({ version: 2, handling: 'closed', undoUntil: '2026-01-05T02:01:00.000Z' })
  const state = after(said('7', '6', closed))
  const until = Date.parse('2026-01-05T02:01:00.000Z')
  expect(take(state, { type: 'forget', at: until })).toBe(state)
  expect(take(state, { type: 'forget', at: until + 1 }).alarms.size).toBe(0)
})
