import type { Alarm } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { againForMs, type Silence, silenceForMs, soundingAt } from './sounding.ts'

const receivedMs = Date.parse(anAlarm().receivedAt)
const owner = { personId: 'li-na', name: '李娜', session: 'here' }

/** What sounds at the seat `here`, `afterMs` after the alarm was received. */
function heard(
  alarm: Alarm,
  { againAt = null as number | null, afterMs = 1_000, silence = null as Silence | null } = {},
) {
  const now = receivedMs + afterMs
  return soundingAt({
    alarms: [{ alarm, againAt, touched: 1, cause: 'raised' }],
    silences: new Map(silence ? [[alarm.id, silence]] : []),
    session: 'here',
    now,
    serverNow: now,
  })
}
const silencedAt = (at: number): Silence => ({ at, until: at + silenceForMs })

describe('the sound of a seat', () => {
  test.for(['life', 'hazard'] as const)('%s sounds until somebody has it', (eventClass) => {
    const alarm = anAlarm({ class: eventClass })
    expect(heard(alarm)).toEqual([{ id: alarm.id, why: 'unclaimed', loud: false }])
    expect(heard({ ...alarm, handling: 'claimed', owner })).toEqual([])
  })

  test.for(['technical', 'info'] as const)('%s never sounds', (eventClass) => {
    expect(heard(anAlarm({ class: eventClass }))).toEqual([])
  })

  test('a closed or parked alarm is quiet; one that came back sounds', () => {
    expect(heard(anAlarm({ handling: 'closed' }))).toEqual([])
    expect(heard(anAlarm({ handling: 'parked' }))).toEqual([])
    expect(heard(anAlarm({ handling: 'new', abandoned: true }))).toHaveLength(1)
  })

  test('thirty seconds unclaimed is louder', () => {
    expect(heard(anAlarm(), { afterMs: 29_999 })[0]?.loud).toBe(false)
    expect(heard(anAlarm(), { afterMs: 30_000 })[0]?.loud).toBe(true)
  })

  test('a silence ends by itself, is of one alarm, and is broken by a further press', () => {
    const silence = silencedAt(receivedMs + 1_000)
    expect(heard(anAlarm(), { afterMs: 2_000, silence })).toEqual([])
    expect(heard(anAlarm(), { afterMs: 1_000 + silenceForMs, silence })).toHaveLength(1)
    expect(heard(anAlarm(), { afterMs: 3_000, silence, againAt: receivedMs + 2_500 })).toHaveLength(1)
    const other = anAlarm({ id: 'other' })
    const both = soundingAt({
      alarms: [anAlarm(), other].map((alarm) => ({ alarm, againAt: null, touched: 1, cause: 'raised' })),
      silences: new Map([[anAlarm().id, silence]]),
      session: 'here',
      now: receivedMs + 2_000,
      serverNow: receivedMs + 2_000,
    })
    expect(both.map(({ id }) => id)).toEqual(['other'])
  })

  test('pressing again sounds at the seat that holds the alarm, and at no other', () => {
    const mine = anAlarm({ handling: 'in-progress', owner, occurrences: 2 })
    const again = receivedMs + 5_000
    expect(heard(mine, { afterMs: 6_000, againAt: again })).toEqual([{ id: mine.id, why: 'again', loud: false }])
    expect(heard(mine, { afterMs: 5_000 + againForMs, againAt: again })).toEqual([])
    const theirs = { ...mine, owner: { ...owner, session: 'elsewhere' } }
    expect(heard(theirs, { afterMs: 6_000, againAt: again })).toEqual([])
  })
})
