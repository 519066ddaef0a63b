import type { AlarmId } from '@anju/contract'
import type { Disposition } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createRoster } from '../roster/roster.ts'
import { type Escalator, startEscalator } from './escalator.ts'

// Which tracks are looked at when something has become of their alarm: each look costs as much as asking somebody.
let centre: AlarmCentre
let escalator: Escalator
const disposition: Disposition = { code: 'accidental', cause: 'pressed-by-mistake', outcome: 'no-help-needed' }
const homeWithTheSon = 1
const homeOfNobody = 2

beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql(`insert into way (id, centre, home, owner_kind, owner, channel, address, position)
    values ('sms', 'east', 'home-1', 'contact', 'c1', 'sms', '+8613900001111', 1)`)
  escalator = startEscalator({
    database: centre.database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({
      clock: systemClock,
      random: systemRandom,
      sends: ({ channel }) => channel === 'sms',
      onQueued: () => undefined,
    }),
    roster: createRoster(),
    clock: { ...systemClock, every: () => ({ cancel: () => undefined }) },
    log: { error: () => undefined },
  })
})
afterAll(async () => {
  await escalator.stop()
  await centre.close()
})

async function press(home: number, more: { readonly test?: boolean } = {}): Promise<AlarmId> {
  await centre.store.sql('truncate notification, alarm, event, timeline, live_block, escalation cascade')
  await centre.intake.commit([centre.press({ home, ...more })])
  await looked()
  const [alarm] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  return alarm?.id as AlarmId
}
/** Which tracks were due; nothing is any more. */
async function looked(): Promise<readonly string[]> {
  const due = await centre.store.sql<{ track: string }>(
    'select track from escalation where due_at <= app_now() order by track',
  )
  while ((await escalator.runOnce()) > 0);
  return due.map(({ track }) => track)
}
const states = async () =>
  Object.fromEntries(
    (await centre.store.sql<{ track: string; state: string }>('select track, state from escalation')).map(
      ({ track, state }) => [track, state],
    ),
  )
const operator = () => centre.person('li')
const claim = async (alarm: AlarmId) =>
  (await centre.alarms.command(operator(), alarm, { type: 'claim' })).lease?.token ?? ''
const close = async (alarm: AlarmId) =>
  centre.alarms.command(operator(), alarm, {
    type: 'close',
    lease: Number(await claim(alarm)),
    disposition,
    note: null,
  })

test('a claim is nothing to the clock that runs until somebody was reached; that somebody was is', async () => {
  const alarm = await press(homeOfNobody)
  const lease = Number(await claim(alarm))
  expect(await looked()).toEqual(['centre', 'family'])
  expect(await states()).toEqual({ centre: 'quiet', family: 'quiet', 'long-lie': 'starting' })
  await centre.store.sql(`insert into contact (id, centre, home, name, relation, phone, position)
    values ('c2', 'east', 'home-2', 'Daughter', 'daughter', '3', 1) on conflict do nothing`)
  await centre.alarms.command(operator(), alarm, {
    type: 'contact',
    lease,
    contact: 'c2',
    reached: true,
    outcome: 'reached',
  })
  expect(await looked()).toEqual(['centre', 'family', 'long-lie'])
  expect((await states())['long-lie']).toBe('ended')
})

test('of a test a claim concerns all of them', async () => {
  const alarm = await press(homeOfNobody, { test: true })
  await claim(alarm)
  expect(await looked()).toEqual(['centre', 'family', 'long-lie'])
})

test('closed, where nobody was asked elsewhere than at our consoles, there is nobody to be told, and nothing to wait for', async () => {
  await centre.store.sql(`delete from contact where home = 'home-2'`)
  await close(await press(homeOfNobody))
  expect(await looked()).toEqual(['centre', 'family', 'long-lie'])
  expect(await states()).toEqual({ centre: 'ended', family: 'ended', 'long-lie': 'ended' })
  await centre.store.passes(61_000)
  expect(await looked()).toEqual([])
})

test('undone, it goes on as if it had never been closed', async () => {
  const alarm = await press(homeOfNobody)
  await close(alarm)
  await looked()
  await centre.alarms.command(operator(), alarm, { type: 'undo-close' })
  expect(await looked()).toEqual(['centre', 'family', 'long-lie'])
  expect(await states()).toEqual({ centre: 'quiet', family: 'quiet', 'long-lie': 'starting' })
})

test('closed, where somebody was asked, only their track waits, and not for the other alarms of the home', async () => {
  await close(await press(homeWithTheSon))
  await looked()
  expect(await states()).toEqual({ centre: 'ended', family: 'ending', 'long-lie': 'ended' })
  await centre.store.sql(
    `update notification set state = 'sent', sent_at = app_now(), due_at = null where channel = 'sms'`,
  )
  // Another alarm of the home is open: it changes nothing for what is closed.
  await centre.intake.commit([
    centre.press({ home: homeWithTheSon, placement: 'bed-sos', class: 'hazard', type: 'smoke' }),
  ])
  await looked()
  await centre.store.passes(30_000)
  const ofTheClosed = `select due_at <= app_now() as due from escalation join alarm on alarm.id = alarm
    where track = 'family' and handling = 'closed'`
  expect(await centre.store.sql(ofTheClosed)).toEqual([{ due: false }])
})

test('who says by the app, in that minute, that they go is waited for after all', async () => {
  const alarm = await press(homeOfNobody)
  await close(alarm)
  await looked()
  await centre.store.sql(
    `insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient, recipient_name,
       channel, address, language, content, urgent, state, queued_at, accepted_at, accepted_until)
     values ('app-1', 'east', 'home-2', $1, 'alarm', 'family', 0, 0, 0, 'person', 'mei', 'Mei', 'console', 'app', 'zh-CN', '{}', true,
       'accepted', app_now(), app_now(), app_now() + interval '20 minutes')`,
    [alarm],
  )
  await centre.store.sql(`update escalation set due_at = app_now() where track = 'family'`)
  expect(await looked()).toEqual(['family'])
  expect(await states()).toEqual({ centre: 'ended', family: 'ending', 'long-lie': 'ended' })
  expect(
    await centre.store.sql(`select count(*)::integer as n from notification where purpose = 'stand-down'`),
  ).toEqual([{ n: 0 }])
  await centre.store.passes(61_000)
  expect(await looked()).toEqual(['family'])
  expect((await states())['family']).toBe('ended')
})
