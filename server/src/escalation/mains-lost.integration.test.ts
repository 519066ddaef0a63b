import { minutes, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createRoster } from '../roster/roster.ts'
import { startEscalator } from './escalator.ts'

let centre: AlarmCentre
let escalator: ReturnType<typeof startEscalator>
beforeAll(async () => {
  centre = await anAlarmCentre()
  const clock = { ...systemClock, every: () => ({ cancel: () => undefined }) }
  escalator = startEscalator({
    database: centre.database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock: systemClock, random: systemRandom, sends: () => true, onQueued: () => undefined }),
    roster: createRoster(),
    clock,
    log: { error: () => undefined },
  })
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('c2', 'east', 'home-1', 'Daughter', 'daughter', '2', 2)`,
  )
  await centre.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select 'way-' || id || channel, centre, home, 'contact', id, channel, phone, 1 from contact, unnest(array['sms', 'voice']) as channel`,
  )
})
afterAll(async () => {
  await escalator.stop()
  await centre.close()
})
beforeEach(async () => {
  await centre.store.sql(
    'truncate notification, alarm, event, timeline, live_block, escalation, escalation_policy cascade',
  )
  centre.frames.length = 0
})

const mains = (phase: 'raised' | 'returned' = 'raised', snapshot?: Record<string, unknown>) =>
  centre.intake.commit([
    centre.press({ type: 'mains-lost', class: 'technical', placement: 'meter', phase, ...(snapshot && { snapshot }) }),
  ])
async function passes(ms: number): Promise<void> {
  await centre.store.passes(ms)
  // Whoever is asked next is asked at the look after the one that ended the wait.
  while ((await escalator.runOnce()) > 0);
}
const asked = async () =>
  (
    await centre.store.sql<{ text: string }>(
      `select recipient_name || ' ' || channel || ' ' || purpose as text from notification order by queued_at, id`,
    )
  ).map(({ text }) => text)

test('the family hears after five minutes that the mains are lost, one after the other, while the consoles hear nothing yet', async () => {
  await mains()
  await passes(minutes(5) - seconds(2))
  expect(await asked()).toEqual([])
  await passes(seconds(3))
  expect(await asked()).toEqual(['Son sms alarm'])
  await passes(minutes(11))
  expect(await asked()).toEqual(['Son sms alarm', 'Daughter sms alarm'])
  await passes(minutes(30))
  expect(await asked()).toEqual(['Son sms alarm', 'Daughter sms alarm'])
  expect(centre.frames).toEqual([])
})

test('whose mains are back by then hear nothing; whoever has heard, hears that they are', async () => {
  await mains()
  await passes(minutes(4))
  await mains('returned')
  await passes(minutes(10))
  expect(await asked()).toEqual([])
  await mains()
  await passes(minutes(6))
  await centre.store.sql(`update notification set state = 'sent', sent_at = queued_at, due_at = null`)
  await mains('returned')
  await passes(minutes(2))
  expect(await asked()).toEqual(['Son sms alarm', 'Son sms stand-down'])
})

test('with little left in the battery the consoles hear at once, and the family in its time', async () => {
  await mains('raised', { batteryPercent: 12 })
  expect(centre.frames.length).toBeGreaterThan(0)
  await passes(minutes(4))
  expect(await asked()).toEqual([])
  await passes(minutes(2))
  expect(await asked()).toEqual(['Son sms alarm'])
})

test('a centre that has written what is to be done then is asked by that, and when its consoles hear of it', async () => {
  const console = { targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 60 }] }
  const tracks = { centre: { startAfterS: 0, repeatAfterS: 60, quietWhileHeld: true, steps: [console] } }
  await centre.store.sql(
    `insert into escalation_policy (id, centre, type, tracks, changed_at) values ('p', 'east', 'mains-lost', $1, now())`,
    [JSON.stringify(tracks)],
  )
  await mains()
  await passes(minutes(20))
  expect(await asked()).toEqual([])
  expect(centre.frames).toEqual([])
})
