import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE, HOME } from '../../../tests/harness/alarms.ts'
import { createIntake } from '../alarms/intake.ts'
import { createEscalations } from '../escalation/runs.ts'
import { SilenceWatch } from './silence.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
let centre: AlarmCentre
let hears: boolean
let watch: SilenceWatch
beforeAll(async () => {
  centre = await anAlarmCentre()
  hears = true
  const { database, liveLog } = centre
  const intake = createIntake({
    escalations: createEscalations(() => undefined),
    database,
    live: liveLog,
    directory: { homeOf: async () => ({ home: HOME, centre: CENTRE }) },
    downlink: { send: () => undefined },
    clock: systemClock,
    random: systemRandom,
  })
  // Only asked by hand: its own clock never strikes.
  const still = { ...systemClock, every: () => ({ cancel: () => undefined }) }
  watch = new SilenceWatch(database, intake, liveLog, still, quiet, () => hears)
})
afterAll(async () => {
  await watch.close()
  await centre.close()
})
beforeEach(async () => {
  await centre.store.sql('truncate alarm, event, timeline, live_block, gateway cascade')
})

const online = (id: string) =>
  centre.store.sql(
    `insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at, state, silent_due_at)
     select $1, 'east', 'home-1', $1, '', now, now, 'online', now + interval '90 s' from app_now() as now`,
    [id],
  )
const states = () => centre.store.sql('select id, state from gateway order by id')
const silences = async () =>
  (
    await centre.store.sql<{ placement: string }>(
      `select placement from alarm where type = 'gateway-silent' and handling <> 'closed' order by placement`,
    )
  ).map(({ placement }) => placement)

test('while the broker is away nobody is silent; afterwards everyone has time to be heard again', async () => {
  await online('gw-1')
  await watch.look()
  hears = false
  await centre.store.passes(300_000)
  await watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
  hears = true
  await watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
  await centre.store.passes(91_000)
  await watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'silent' }])
  expect(await silences()).toEqual(['gw-1'])
})

test('of two silent gateways, the return of one leaves the other one’s alarm open', async () => {
  await online('gw-1')
  await online('gw-2')
  await watch.look()
  await centre.store.passes(91_000)
  await watch.look()
  expect(await silences()).toEqual(['gw-1', 'gw-2'])
  await centre.store.sql(`update gateway set state = 'online', silent_since = null where id = 'gw-1'`)
  await watch.look()
  expect(await silences()).toEqual(['gw-2'])
})
