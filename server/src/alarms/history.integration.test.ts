import type { AlarmId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

const kindsAfter = async (presses: number) => {
  await centre.intake.commit(Array.from({ length: presses }, () => centre.press({ home: 1 })))
  const [row] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where type = 'sos-pressed'`)
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), row?.id as AlarmId)
  const said = detail.timeline.map(({ kind }) => kind).filter((kind) => kind === 'raised' || kind === 'occurrence')
  return { first: said[0], entries: said.length, occurrences: detail.occurrenceList.length }
}

test('of more occurrences than are shown the earliest shown is not said to be the first', async () => {
  expect(await kindsAfter(200)).toEqual({ first: 'raised', entries: 200, occurrences: 200 })
  expect(await kindsAfter(1)).toEqual({ first: 'occurrence', entries: 200, occurrences: 200 })
})
