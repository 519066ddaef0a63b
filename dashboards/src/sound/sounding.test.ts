import type { Alarm, AskedConsole } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import type { Known } from '../live/live-state.ts'
import { anAlarm } from '../testing/alarms.ts'
import { againForMs, type Silence, silenceForMs, soundingAt } from './sounding.ts'

const receivedMs = Date.parse(anAlarm().receivedAt)
const owner = { personId: 'li-na', name: '李娜', session: 'here' }
const me = { session: 'here', personId: 'li-na', centre: { id: 'east', name: 'East' }, seat: null }
const desk = (id: string) => ({ ...me, seat: { id, name: id } })

interface Heard {
  readonly againAt: number | null
  readonly asked: Known['asked']
  readonly afterMs: number
  readonly silence: Silence | null
  readonly who: Parameters<typeof soundingAt>[0]['me']
}
/** What sounds at the seat `here`, `afterMs` after the alarm was received. */
function heard(
  alarm: Alarm,
  { againAt = null, asked = null, afterMs = 1_000, silence = null, who = me }: Partial<Heard> = {},
) {
  const now = receivedMs + afterMs
  return soundingAt({
    alarms: [{ alarm, againAt, asked, touched: 1, cause: 'raised' }],
    silences: new Map(silence ? [[alarm.id, silence]] : []),
    me: who,
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

  test('that a step is late is heard: it is of a life alarm nobody is asked about', () => {
    const alarm = anAlarm({ class: 'technical', type: 'escalation-late' })
    expect(heard(alarm)).toEqual([{ id: alarm.id, why: 'unclaimed', loud: false }])
    expect(heard({ ...alarm, handling: 'claimed', owner })).toEqual([])
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
      alarms: [anAlarm(), other].map((alarm) => ({ alarm, againAt: null, asked: null, touched: 1, cause: 'raised' })),
      silences: new Map([[anAlarm().id, silence]]),
      me,
      now: receivedMs + 2_000,
      serverNow: receivedMs + 2_000,
    })
    expect(both.map(({ id }) => id)).toEqual(['other'])
  })

  const at = receivedMs + 5_000
  const asks = (...consoles: AskedConsole[]) => ({ at, consoles })
  test.for([
    ['the queue', asks({ kind: 'queue', id: 'east' }), true],
    ['one seat of it', asks({ kind: 'queue', id: 'seat-4' }), true],
    ['this person', asks({ kind: 'person', id: 'li-na' }), true],
    ['another person', asks({ kind: 'person', id: 'zhou' }), false],
    ['the centre next door', asks({ kind: 'centre', id: 'west' }), false],
  ] as const)('an escalation that asks %s breaks a silence here: %s', ([, asked, here]) => {
    const silence = silencedAt(receivedMs + 1_000)
    expect(heard(anAlarm(), { asked, silence, afterMs: 6_000 })).toHaveLength(here ? 1 : 0)
    // One that was asked before is what the operator turned away from.
    expect(heard(anAlarm(), { asked, silence: silencedAt(at + 1), afterMs: 6_000 })).toEqual([])
  })

  test.for([
    ['seat-4 here', desk('seat-4'), 1],
    ['another seat', desk('seat-5'), 0],
    ['a console that has said none', me, 1],
  ] as const)('a step that asks seat-4 is heard at %s', ([, who, times]) => {
    const silence = silencedAt(receivedMs + 1_000)
    const asked = asks({ kind: 'queue', id: 'seat-4' })
    expect(heard(anAlarm(), { asked, silence, afterMs: 6_000, who })).toHaveLength(times)
    const all = asks({ kind: 'queue', id: 'east' })
    expect(heard(anAlarm(), { asked: all, silence, afterMs: 6_000, who })).toHaveLength(1)
  })

  test('at the centre an alarm was handed on to, its own queue asks for nothing and the centre itself does', () => {
    const silence = silencedAt(receivedMs + 1_000)
    const alarm = anAlarm({ centre: { id: 'west', name: 'West' } })
    expect(heard(alarm, { asked: asks({ kind: 'queue', id: 'west' }), silence, afterMs: 6_000 })).toEqual([])
    expect(heard(alarm, { asked: asks({ kind: 'centre', id: 'east' }), silence, afterMs: 6_000 })).toHaveLength(1)
  })

  test('of one that is held, its holder and who is asked by name are reminded; nobody else of the queue', () => {
    const queue = asks({ kind: 'queue', id: 'east' })
    const mine = anAlarm({ handling: 'in-progress', owner })
    const theirs = { ...mine, owner: { ...owner, session: 'elsewhere' } }
    expect(heard(mine, { asked: queue, afterMs: 6_000 })).toEqual([{ id: mine.id, why: 'asked', loud: false }])
    expect(heard(mine, { asked: queue, afterMs: 5_000 + againForMs })).toEqual([])
    expect(heard(theirs, { asked: queue, afterMs: 6_000 })).toEqual([])
    const byName = asks({ kind: 'person', id: 'li-na' })
    expect(heard(theirs, { asked: byName, afterMs: 6_000 })).toHaveLength(1)
  })

  test('that a colleague offers it is heard by whom it is offered to, for a while, and breaks their silence', () => {
    const offer = {
      to: { personId: 'li-na', name: '李娜' },
      by: { personId: 'chen', name: '陈静' },
      at: new Date(receivedMs + 5_000).toISOString(),
      until: new Date(receivedMs + 605_000).toISOString(),
      note: null,
    }
    const chens = { personId: 'chen', name: '陈静', session: 'elsewhere' }
    const theirs = anAlarm({ handling: 'in-progress', owner: chens, offer })
    expect(heard(theirs, { afterMs: 6_000 })).toEqual([{ id: theirs.id, why: 'offered', loud: false }])
    expect(heard(theirs, { afterMs: 5_000 + againForMs })).toEqual([])
    expect(heard(theirs, { afterMs: 6_000, silence: silencedAt(receivedMs + 1_000) })).toHaveLength(1)
    expect(heard(theirs, { afterMs: 6_000, silence: silencedAt(receivedMs + 5_500) })).toEqual([])
    expect(heard({ ...theirs, offer: { ...offer, to: chens } }, { afterMs: 6_000 })).toEqual([])
    expect(heard({ ...theirs, class: 'technical' }, { afterMs: 6_000 })).toEqual([])
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
