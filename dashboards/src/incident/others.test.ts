import { expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { othersOf } from './others.ts'

const fall = anAlarm({ id: 'fall', type: 'fall-detected' })
const longLie = anAlarm({ id: 'long-lie', type: 'long-lie' })
const battery = anAlarm({ id: 'battery', type: 'battery-low', class: 'technical' })
const elsewhere = anAlarm({ id: 'elsewhere', homeId: 'home-2' })
const over = anAlarm({ id: 'over', handling: 'closed' })
const outage = anAlarm({ id: 'outage', type: 'outage', class: 'technical', children: 400 })

test('a fall shows the long lie of the same person, what is most urgent first; nothing that is over or another’s', () => {
  const all = [battery, elsewhere, over, longLie, fall, outage]
  expect(othersOf(fall, all).map(({ id }) => id)).toEqual(['long-lie', 'battery'])
  expect(othersOf(elsewhere, all)).toEqual([])
})

test('an outage is of no home, although its alarm names the first that was lost', () => {
  expect(othersOf(outage, [fall, outage])).toEqual([])
})
