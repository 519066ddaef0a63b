import type { AlarmId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { startAuditing } from '../app/auditing.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createRoster } from '../roster/roster.ts'
import { startAuditor } from './auditor.ts'
import { startEscalator } from './escalator.ts'
import { createEscalations } from './runs.ts'

let centre: AlarmCentre
let auditor: ReturnType<typeof startAuditing>
/** Of the escalator whose work is looked at: it works only when a test says so. */
let escalator: ReturnType<typeof startEscalator>
const timer = { cancel: () => undefined }
const still = { ...systemClock, every: () => timer }
const complaints: string[] = []
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (_: object, said: string) => void complaints.push(said),
}

beforeAll(async () => {
  centre = await anAlarmCentre()
  const { database, intake } = centre
  const parts = { database, clock: still, log }
  auditor = startAuditing({ ...parts, intake, escalations: createEscalations(() => undefined) })
  escalator = startEscalator({
    ...parts,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock: systemClock, random: systemRandom, sends: () => true, onQueued: () => undefined }),
    roster: createRoster(),
  })
})
afterAll(async () => {
  await auditor.stop()
  await escalator.stop()
  await centre.close()
})
beforeEach(async () => {
  await centre.store.sql('truncate notification, alarm, event, timeline, live_block, escalation cascade')
  complaints.length = 0
})

async function aPress(): Promise<AlarmId> {
  await centre.intake.commit([centre.press()])
  const [row] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where type = 'sos-pressed'`)
  if (!row) throw new Error('the press opened no alarm')
  return row.id
}
const late = async () => (await auditor.look()).map(({ what }) => what)
const raised = () => centre.store.sql(`select home, urgent, occurrences from alarm where type = 'escalation-late'`)

test('a step that nobody takes is an alarm of its home two seconds later, once', async () => {
  await aPress()
  await escalator.runOnce()
  // Its provider is nobody's matter here.
  await centre.store.sql('update notification set due_at = null')
  await centre.store.passes(31_000)
  expect(await late()).toEqual([])
  await centre.store.passes(2_000)
  expect(await late()).toEqual(['centre'])
  await centre.store.passes(10_000)
  expect(await late()).toEqual(['centre'])
  expect(await raised()).toEqual([{ home: 'home-1', urgent: true, occurrences: 1 }])
  expect(complaints).toEqual(Array(2).fill('what was due has not happened'))
})

test('where everything is done in time nothing is said', async () => {
  await aPress()
  for (let s = 0; s < 300; s += 30) {
    await escalator.runOnce()
    await centre.store.sql('update notification set due_at = null')
    expect(await late()).toEqual([])
    await centre.store.passes(30_000)
  }
  expect(await raised()).toEqual([])
})

test('a claim that ran out and that nobody took back is late, too', async () => {
  const alarm = await aPress()
  await escalator.runOnce()
  await centre.alarms.command(centre.person('li'), alarm, { type: 'claim' })
  await escalator.runOnce()
  await centre.store.passes(61_000)
  expect(await late()).toEqual([])
  await centre.store.passes(2_000)
  expect(await late()).toEqual(['lease'])
  await centre.deadlines.runOnce()
  expect(await late()).toEqual([])
})

test('a stand-down that waits for what becomes of an asking is not late; once it could go, it is', async () => {
  const alarm = await aPress()
  await escalator.runOnce()
  await centre.store.sql('truncate notification cascade')
  const row = (id: string, purpose: string, sending: boolean) =>
    centre.store.sql(
      `insert into notification (id, centre, home, alarm, purpose, track, recipient_kind, recipient, recipient_name, channel, address,
         language, content, urgent, state, queued_at, due_at, sending)
       values ($1, 'east', 'home-1', $2, $3, 'family', 'contact', 'c1', 'Son', 'sms', '1', 'en', '{}', true, 'queued', app_now(),
         app_now() + case when $4 then interval '30 seconds' else interval '0' end, $4)`,
      [id, alarm, purpose, sending],
    )
  await row('asked', 'alarm', true)
  await row('ended', 'stand-down', false)
  await centre.store.passes(5_000)
  expect(await late()).toEqual([])
  await centre.store.sql(`update notification set sending = false, state = 'sent', due_at = null where id = 'asked'`)
  expect(await late()).toEqual(['notification'])
})

test('an alarm that is nobody’s and whose escalation nobody woke is seen, and woken', async () => {
  const alarm = await aPress()
  await escalator.runOnce()
  await centre.alarms.command(centre.person('li'), alarm, { type: 'claim' })
  await escalator.runOnce()
  await centre.store.passes(61_000)
  await centre.deadlines.runOnce()
  // As if the wake had been lost.
  await centre.store.sql('update escalation set due_at = until')
  await centre.store.sql('update notification set due_at = null')
  await centre.store.passes(2_500)
  expect(await late()).toEqual(['unwoken'])
  await escalator.runOnce()
  const tracks = await centre.store.sql('select track, state from escalation where alarm = $1 order by track', [alarm])
  expect(tracks).toEqual([
    { track: 'centre', state: 'running' },
    { track: 'family', state: 'waiting' },
    { track: 'long-lie', state: 'starting' },
  ])
  expect(await late()).toEqual([])
  expect(await raised()).toEqual([{ home: 'home-1', urgent: true, occurrences: 1 }])
})

test('an open alarm without any escalation gets one', async () => {
  const alarm = await aPress()
  await centre.store.sql('delete from escalation')
  await auditor.look()
  const tracks = await centre.store.sql('select track from escalation where alarm = $1 order by track', [alarm])
  expect(tracks).toEqual([{ track: 'centre' }, { track: 'family' }, { track: 'long-lie' }])
})

test('of many processes one sweeps for all, and the next one some seconds later', async () => {
  const { database } = centre
  const swept = async (raise = async () => undefined as void) => {
    const rounds: (() => void)[] = []
    const clock = { ...systemClock, every: (_: unknown, begin: () => void) => (rounds.push(begin), timer) }
    const escalations = createEscalations(() => undefined)
    const another = startAuditor({ database, escalations, raise, clock, log })
    for (const round of rounds) round()
    await another.stop()
    return complaints.splice(0).includes('alarms had no escalation')
  }
  await aPress()
  await centre.store.passes(10_000)
  // What is late cannot be told by one of them: its turn is the next one's.
  await centre.store.sql(`update escalation set due_at = app_now() - interval '5 s' where track = 'centre'`)
  expect(await swept(() => Promise.reject(new Error('nobody hears it')))).toBe(false)
  const forget = () => centre.store.sql('delete from escalation')
  await forget()
  expect(await swept()).toBe(true)
  await forget()
  expect(await swept()).toBe(false)
  await centre.store.passes(10_000)
  expect(await swept()).toBe(true)
})

test('who is only to be told to stay is told of when that is half a minute late; who is still to be asked, at once', async () => {
  const closed = await aPress()
  await centre.store.sql(
    `update alarm set handling = 'closed', closed_at = app_now(), disposition = '{"code":"accidental","cause":"pressed-by-mistake","outcome":"no-help-needed"}'
     where id = $1`,
    [closed],
  )
  await centre.store.sql('update notification set due_at = null')
  await centre.store.sql(`update escalation set due_at = app_now() - interval '25 s'`)
  expect(await late()).toEqual([])
  await centre.store.passes(6_000)
  expect(await late()).toEqual(['centre', 'family', 'long-lie'])
})
