import type { AlarmId, Instant } from '@anju/contract'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE, HOME, identityOf } from '../../../tests/harness/alarms.ts'
import { createRoster } from '../roster/roster.ts'

let centre: AlarmCentre
let id: AlarmId
let lease: number
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.intake.commit([centre.press()])
  const [row] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  id = row?.id as AlarmId
  const claimed = await centre.alarms.command(centre.person('li'), id, { type: 'claim' })
  lease = Number(claimed.lease?.token)
  await centre.store.sql(`update home set latitude = 39, longitude = 118 where id = 'home-1'`)
  await centre.store.sql(`insert into home_area values ('home-1', 'east', '130203001002', '2026-01-01', null)`)
})
afterAll(() => centre.close())
beforeEach(() => centre.store.sql('delete from responder; delete from way; delete from consent; delete from shift'))

/** `offKm`: how far to the west of the home they set out. */
const responder = (name: string, more: { zone?: string; hours?: object; offKm?: number; kind?: string } = {}) =>
  centre.store.sql(
    `insert into responder (id, centre, name, phone, zone, hours, kind, organisation, latitude, longitude)
     values ($1, 'east', $1, '1', $2, $3, $4, 'Sunshine house', $5, $6)`,
    [
      name,
      more.zone ?? '',
      more.hours ? JSON.stringify(more.hours) : null,
      more.kind ?? 'volunteer',
      more.offKm === undefined ? null : 39,
      more.offKm === undefined ? null : 118 - more.offKm / 86.4,
    ],
  )
const consent = (name: string, withdrawn: boolean) =>
  centre.store.sql(
    `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence, withdrawn_at)
     values ($1, 'east', 'home-1', 'r1', 'alarm', 'responder', $1, now(), 'paper', case when $2 then now() end)`,
    [name, withdrawn],
  )
const number = (name: string, way: string, channel: string, address: string, dead = false) =>
  centre.store.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position, dead_since)
     values ($1, 'east', 'responder', $2, $3, $4, length($1), case when $5 then now() end)`,
    [way, name, channel, address, dead],
  )
async function offered() {
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), id)
  return detail.responders ?? []
}
const sent = (name: string) =>
  centre.alarms.command(centre.person('li'), id, { type: 'dispatch', lease, responder: name })
/** An hour of the other half of the day, every day. */
const otherHours = () => [{ days: [1, 2, 3, 4, 5, 6, 7], from: inHours(11), to: inHours(12) }]
/** The full hour of then, by the clock on the home's wall. */
function inHours(ahead: number): string {
  const there = new Date(Date.now() + (8 + ahead) * 3_600_000)
  return `${String(there.getUTCHours()).padStart(2, '0')}:00`
}

test('who can go is offered as the escalation would ask: within their hours, the narrowest zone, the nearest; then who is for other places', async () => {
  await responder('aaa-elsewhere', { zone: '1303' })
  await responder('bbb-asleep', { hours: otherHours(), zone: '130203001', offKm: 1 })
  await responder('ccc-far', { offKm: 20 })
  await responder('ddd-near', { offKm: 2 })
  await responder('eee-street', { zone: '130203001', offKm: 9 })
  await responder('fff-not-wanted')
  await consent('fff-not-wanted', true)
  expect((await offered()).map(({ name }) => name)).toEqual([
    'eee-street',
    'ddd-near',
    'ccc-far',
    'bbb-asleep',
    'aaa-elsewhere',
  ])
  expect((await offered())[1]).toMatchObject({ kind: 'volunteer', organisation: 'Sunshine house', distanceKm: 2 })
  expect((await offered())[3]).toMatchObject({ withinHours: false, inZone: true })
  expect((await offered())[4]).toMatchObject({ withinHours: true, inZone: false, distanceKm: null })
})

test('with the number that lives, and whether they are on duty', async () => {
  await responder('a')
  await number('a', 'w1', 'voice', '13800000001', true)
  await number('a', 'w22', 'voice', '13800000002')
  await responder('b')
  await number('b', 'w333', 'voice', '13800000003', true)
  await centre.store.sql(
    `insert into shift (id, centre, kind, who_kind, who, days, from_time, to_time, valid_from)
     values ('s', 'east', 'on-call', 'responder', 'b', '{1,2,3,4,5,6,7}', '00:00', '00:00', '2026-01-01')`,
  )
  expect(await offered()).toMatchObject([
    { id: 'a', phone: '13800000002', phoneDead: false, onDuty: false },
    { id: 'b', phone: '13800000003', phoneDead: true, onDuty: true },
  ])
})

test('who was removed, or whom the resident does not want, is not said to be on their way', async () => {
  await responder('gone')
  await responder('unwanted')
  await consent('unwanted', true)
  await centre.store.sql(`update responder set removed_at = now() where id = 'gone'`)
  await expect(sent('gone')).rejects.toMatchObject({ code: 'responder-unknown' })
  await expect(sent('unwanted')).rejects.toMatchObject({ code: 'consent-withdrawn' })
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), id)
  expect(detail.ladder.L5).toBeNull()
  expect(detail.timeline.map(({ kind }) => kind)).not.toContain('dispatched')

  // They agreed anew.
  await centre.store.sql(`update consent set id = 'before'`)
  await consent('unwanted', false)
  expect((await sent('unwanted')).alarm.ladder.L5).not.toBeNull()
})

test('who is not to come to mend things is not sent for that, nor offered or asked; for a life they go', async () => {
  await responder('fitter')
  const visits = (recipient: string, kind: string) =>
    centre.store.sql(
      `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence, withdrawn_at)
       values ($1, 'east', 'home-1', 'r1', 'responder-visit', $2, $1, now(), 'paper', now())`,
      [recipient, kind],
    )
  await centre.intake.commit([centre.press({ type: 'battery-low', class: 'technical', placement: 'meter' })])
  const [row] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where type = 'battery-low'`)
  const technical = row?.id as AlarmId
  const li = centre.person('li')
  const claimed = await centre.alarms.command(li, technical, { type: 'claim' })
  const goes = (alarm: AlarmId, token: number) =>
    centre.alarms.command(li, alarm, { type: 'dispatch', lease: token, responder: 'fitter' })
  const shown = async (alarm: AlarmId) =>
    (await centre.queries.detail(identityOf(li), alarm)).detail.responders?.map(({ id: one }) => one)
  const asked = (keepsHours: boolean) =>
    centre.database.transaction({ kind: 'system', part: 'escalation' }, async (tx) => {
      const whose = { centre: CENTRE, home: HOME, keepsHours }
      return (await createRoster().resolve(tx, whose, { to: 'responders' }, 0 as Instant, 0)).map(({ id: one }) => one)
    })
  await number('fitter', 'w', 'voice', '13800000001')
  for (const [recipient, kind] of [
    ['fitter', 'responder'],
    ['east', 'centre'],
  ] as const) {
    await centre.store.sql('delete from consent')
    expect([await shown(technical), await asked(true)]).toEqual([['fitter'], ['fitter']])
    await visits(recipient, kind)
    const refused = goes(technical, Number(claimed.lease?.token))
    await expect(refused).rejects.toMatchObject({ code: 'consent-missing', detail: { purpose: 'responder-visit' } })
    expect([await shown(technical), await asked(true)]).toEqual([[], []])
    expect([await shown(id), await asked(false)]).toEqual([['fitter'], ['fitter']])
    expect((await goes(id, lease)).alarm.ladder.L5).not.toBeNull()
  }
})
