import { expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { ClosedHere } from './closed-here.ts'

const at = (second: number) => Date.parse('2026-01-05T02:00:00.000Z') + second * 1_000
const closed = (id: string, second: number) =>
  anAlarm({ id, handling: 'closed', undoUntil: new Date(at(second + 60)).toISOString() })

/** A page that is reloaded: what it kept is what the next one begins with. */
function aPage(kept: { text: string | null } = { text: null }) {
  return { here: new ClosedHere((text) => Object.assign(kept, { text }), kept.text), kept }
}

test('a close can be taken back after a reload, for as long as its minute lasts', () => {
  const first = aPage()
  first.here.add(closed('fall', 0))
  first.here.add(closed('smoke', 20))
  const { here } = aPage(first.kept)
  expect(here.ids(at(30))).toEqual(['fall', 'smoke'])
  expect(here.ids(at(60))).toEqual(['smoke'])
  expect(here.ids(at(80))).toEqual([])
})

test('what is closed again counts once, and last', () => {
  const { here } = aPage()
  for (const [id, second] of [
    ['fall', 0],
    ['smoke', 1],
    ['fall', 2],
  ] as const)
    here.add(closed(id, second))
  expect(here.ids(at(3))).toEqual(['smoke', 'fall'])
})

test.for(['{broken', '{}', '[1, {"id": 1}]', 'null'])('a storage that says %s remembers nothing', (text) => {
  expect(aPage({ text }).here.ids(at(0))).toEqual([])
})
