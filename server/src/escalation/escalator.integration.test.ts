import { type Clock, type Monotonic, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createRoster } from '../roster/roster.ts'
import { type Escalator, startEscalator } from './escalator.ts'

let centre: AlarmCentre
let escalator: Escalator
let now = systemClock.monotonic()
const clock: Clock = { ...systemClock, monotonic: () => now, every: () => ({ cancel: () => undefined }) }
beforeAll(async () => {
  centre = await anAlarmCentre()
  escalator = startEscalator({
    database: centre.database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock, random: systemRandom, onQueued: () => undefined }),
    roster: createRoster(),
    clock,
    log: { error: () => undefined },
  })
})
afterAll(async () => {
  await escalator.stop()
  await centre.close()
})

async function untilNothingIsDue(): Promise<number> {
  let looked = 0
  for (let found = await escalator.runOnce(); found > 0; found = await escalator.runOnce()) looked += found
  return looked
}

const stateOf = async (placement: string) =>
  (
    await centre.store.sql<{ state: string }>(
      `select state from escalation join alarm on alarm.id = alarm where track = 'centre' and placement = $1`,
      [placement],
    )
  )[0]?.state

test('however many escalations cannot go on, one that can does; and those are tried again', async () => {
  const broken = Array.from({ length: 120 }, (_, n) => centre.press({ placement: `broken-${n}` }))
  await centre.intake.commit(broken)
  await centre.store.sql(`update escalation set policy = '{}'`)
  await centre.store.passes(1_000)
  await centre.intake.commit([centre.press({ placement: 'bed-sos' })])
  expect(await stateOf('bed-sos')).toBe('starting')
  // Two tracks each.
  expect(await untilNothingIsDue()).toBe(242)
  expect(await stateOf('bed-sos')).toBe('running')
  now = (now + seconds(3)) as Monotonic
  expect(await escalator.runOnce()).toBe(20)
})

test('a track that cannot go on holds up none of the others', async () => {
  now = (now + seconds(3)) as Monotonic
  await centre.store.sql('truncate notification, alarm, event, timeline, live_block, escalation cascade')
  await centre.intake.commit([centre.press({ placement: 'hall-sos', type: 'fall-detected' })])
  await centre.store.sql(`update escalation set policy = '{}' where track = 'family'`)
  await centre.store.passes(15 * 60_000)
  await escalator.runOnce()
  const tracks = await centre.store.sql('select track, state from escalation order by track')
  expect(tracks).toEqual([
    { track: 'centre', state: 'running' },
    { track: 'family', state: 'starting' },
    { track: 'long-lie', state: 'running' },
  ])
})
