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

test('presses that were sent behind a refused batch are all counted, once each, while others change the alarm', async () => {
  const li = centre.person('li')
  const press = () => centre.press({ home: 3 })
  const first = press()
  await centre.intake.commit([first])
  const [row] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where home = 'home-3'`)
  // The second of each round is a repetition: its batch is refused by the event's key, and with it what was built on it.
  let pressed = 1
  for (let round = 0; round < 5; round++) {
    const batches = [[press()], [press(), first], [press()], [press(), press()]]
    pressed += 5
    const claimed = round === 2 ? centre.alarms.command(li, row?.id as AlarmId, { type: 'claim' }) : undefined
    const outcomes = await Promise.all(batches.map((batch) => centre.intake.commit(batch)))
    await claimed
    expect(outcomes.flat().filter(({ outcome }) => outcome === 'committed')).toHaveLength(5)
    expect(outcomes[1]?.[1]).toMatchObject({ outcome: 'duplicate' })
  }
  expect(
    await centre.store.sql(
      `select occurrences, handling, (select count(*)::integer from event where alarm = alarm.id) as events
       from alarm where home = 'home-3' and type = 'sos-pressed'`,
    ),
  ).toEqual([{ occurrences: pressed, handling: 'claimed', events: pressed }])
})

test('a remembered alarm whose time has moved on is judged by the new time', async () => {
  const press = () => centre.press({ home: 4 })
  const realerts = () =>
    centre.store.sql(
      `select 1 from timeline join alarm on alarm.id = timeline.alarm where home = 'home-4' and kind = 're-alerted'`,
    )
  for (let n = 0; n < 4; n++) await centre.intake.commit([press()])
  expect(await realerts()).toHaveLength(1)
  await centre.store.passes(11_000)
  await centre.intake.commit([press()])
  expect(await realerts()).toHaveLength(2)
})

test('a press of a remembered alarm by somebody who went away meanwhile ends "away"', async () => {
  const press = () => centre.press({ home: 5 })
  for (let n = 0; n < 2; n++) await centre.intake.commit([press()])
  await centre.store.sql(`update home set mode = 'away', mode_until = app_now() + interval '1 day' where id = 'home-5'`)
  await centre.intake.commit([press()])
  expect(await centre.store.sql(`select mode from home where id = 'home-5'`)).toEqual([{ mode: 'home' }])
})
