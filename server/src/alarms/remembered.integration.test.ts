import type { AlarmId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

test('what others did to an alarm since is seen, however well it was remembered', async () => {
  const li = centre.person('li')
  await centre.intake.commit([centre.press()])
  const [row] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  const id = row?.id as AlarmId
  // The intake remembers version 1; a person takes it, a deadline abandons it, a person parks it: each unseen by the intake.
  const { lease } = await centre.alarms.command(li, id, { type: 'claim' })
  await centre.intake.commit([centre.press()])
  const after = async () => (await centre.queries.detail(identityOf(li), id)).detail
  expect(await after()).toMatchObject({ handling: 'claimed', occurrences: 2, owner: { personId: 'li' } })
  await centre.alarms.command(li, id, {
    type: 'contact',
    lease: Number(lease?.token),
    contact: 'c1',
    reached: true,
    outcome: 'reached',
  })
  await centre.intake.commit([centre.press()])
  expect(await after()).toMatchObject({ handling: 'in-progress', occurrences: 3, ladder: { L5: expect.any(String) } })
  await centre.store.passes(61_000)
  await centre.deadlines.runOnce()
  await centre.intake.commit([centre.press()])
  expect(await after()).toMatchObject({ handling: 'new', abandoned: true, occurrences: 4 })
})

test('a batch that was rolled back is not remembered', async () => {
  await centre.store.sql(`alter table event add constraint trap check (device <> 'sos-1') not valid`)
  await expect(centre.intake.commit([centre.press({ home: 2 })])).rejects.toThrow(/trap/)
  await centre.store.sql('alter table event drop constraint trap')
  await centre.intake.commit([centre.press({ home: 2 })])
  await centre.intake.commit([centre.press({ home: 2 })])
  expect(await centre.store.sql(`select occurrences, version from alarm where home = 'home-2'`)).toEqual([
    { occurrences: 2, version: '2' },
  ])
})
