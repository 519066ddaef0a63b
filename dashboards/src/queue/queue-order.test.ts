import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { compareAlarms, inReadingOrder, queueOf, sectionsOf, steady } from './queue-order.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 2, minute)).toISOString()
const press = anAlarm({ id: 'press', class: 'life', receivedAt: at(10) })
const olderPress = anAlarm({ id: 'older', class: 'life', receivedAt: at(5) })
const smoke = anAlarm({ id: 'smoke', class: 'hazard', receivedAt: at(1) })
const battery = anAlarm({ id: 'battery', class: 'technical', receivedAt: at(0) })

describe('the queue', () => {
  test('puts life before hazard however old, then the one that waits longest', () => {
    const { people, technical } = sectionsOf([battery, smoke, press, olderPress])
    expect(people.map(({ id }) => id)).toEqual(['older', 'press', 'smoke'])
    expect(technical.map(({ id }) => id)).toEqual(['battery'])
  })

  test('shows neither closed alarms nor records, and parked ones apart', () => {
    const closed = anAlarm({ id: 'closed', handling: 'closed' })
    const record = anAlarm({ id: 'record', class: 'info' })
    const parked = anAlarm({ id: 'parked', handling: 'parked' })
    const sections = sectionsOf([closed, record, parked])
    expect(inReadingOrder(sections).map(({ id }) => id)).toEqual(['parked'])
    expect(sections.people).toEqual([])
  })

  test('puts what is urgent before the rest of its class, and behind the others', () => {
    const silent = anAlarm({ id: 'silent', class: 'technical', urgent: true, receivedAt: at(30) })
    expect(inReadingOrder(sectionsOf([battery, silent, smoke])).map(({ id }) => id)).toEqual([
      'smoke',
      'silent',
      'battery',
    ])
  })

  test('leaves out what an outage stands for, but for what somebody has in hand', () => {
    const outage = anAlarm({ id: 'outage', type: 'outage', class: 'technical', children: 2, folds: 'mains-lost' })
    const part = anAlarm({ id: 'part', class: 'technical', parent: 'outage' })
    const held = anAlarm({ id: 'held', class: 'technical', parent: 'outage', handling: 'claimed' })
    expect(sectionsOf([outage, part, held]).technical.map(({ id }) => id)).toEqual(['held', 'outage'])
  })

  test('puts what a colleague offers before the rest of its class for whom it is offered to, and for nobody else', () => {
    const by = { personId: 'chen', name: '陈静' }
    const offer = { to: { personId: 'li-na', name: '李娜' }, by, at: at(11), until: at(21), note: null }
    const offered = anAlarm({ id: 'offered', receivedAt: at(12), handling: 'claimed', offer })
    const ids = (personId?: string) =>
      sectionsOf([smoke, press, olderPress, offered], personId).people.map(({ id }) => id)
    expect(ids('li-na')).toEqual(['offered', 'older', 'press', 'smoke'])
    expect(ids('chen')).toEqual(['older', 'press', 'offered', 'smoke'])
    expect(ids()).toEqual(['older', 'press', 'offered', 'smoke'])
  })

  test('is sorted once for one state of the page, and anew for the next and for another person', () => {
    const known = (alarm: typeof press) =>
      [alarm.id, { alarm, againAt: null, asked: null, touched: 1, cause: '' }] as const
    const before = new Map([smoke, press].map(known))
    const after = new Map([smoke, press, olderPress].map(known))
    expect(queueOf(before, 'li-na')).toBe(queueOf(before, 'li-na'))
    expect(queueOf(before, 'li-na')).not.toBe(queueOf(before, 'chen'))
    expect(inReadingOrder(queueOf(after, 'li-na')).map(({ id }) => id)).toEqual(['older', 'press', 'smoke'])
  })

  test('is one total order, whatever came first', () => {
    const alarm = fc
      .record({
        id: fc.string({ minLength: 1 }),
        class: fc.constantFrom('life', 'hazard', 'technical'),
        minute: fc.nat(59),
      })
      .map(({ minute, ...rest }) => anAlarm({ ...rest, receivedAt: at(minute) }))
    fc.assert(
      fc.property(fc.uniqueArray(alarm, { selector: ({ id }) => id }), (alarms) => {
        const there = [...alarms].sort(compareAlarms)
        const back = [...alarms].reverse().sort(compareAlarms)
        expect(back).toEqual(there)
      }),
    )
  })
})

describe('while somebody points at the queue', () => {
  test('rows stay where they are, and what is new is pinned on top', () => {
    const sorted = [olderPress, press, smoke]
    expect(steady(sorted, ['smoke', 'older']).map(({ id }) => id)).toEqual(['press', 'smoke', 'older'])
  })

  test('a row that is gone leaves without moving the others among themselves', () => {
    expect(steady([press, smoke], ['older', 'smoke', 'press']).map(({ id }) => id)).toEqual(['smoke', 'press'])
  })

  test('nobody pointing, the order is the order', () => {
    expect(steady([press, smoke], null)).toEqual([press, smoke])
  })
})
