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
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql(`insert into person (id, centre, username, name, role, password)
    values ('zhou', 'east', 'zhou', 'Zhou', 'supervisor', 'x')`)
  await centre.store.sql(`update centre set next_centre = 'west' where id = 'east'`)
  escalator = startEscalator({
    database: centre.database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock: systemClock, random: systemRandom, sends: () => true, onQueued: () => undefined }),
    roster: createRoster(),
    clock: { ...systemClock, every: () => ({ cancel: () => undefined }) },
    log: { error: (detail, message) => expect.fail(`${message} ${JSON.stringify(detail)}`) },
  })
})
afterAll(async () => {
  await escalator.stop()
  await centre.close()
})

/** What the consoles were told since they were last asked: the cause, and whose consoles it asks. */
async function told() {
  const texts = centre.frames.splice(0).map(({ bytes }) => bytes.toString())
  return texts.flatMap((text) => {
    const data = JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '{}') as { cause?: string; asked?: unknown }
    return data.cause === 'escalated' ? [data.asked] : []
  })
}
async function after(seconds: number): Promise<void> {
  await centre.store.passes(seconds * 1_000)
  // What a step finds may make the next one due.
  for (let n = 0; n < 4; n++) await escalator.runOnce()
}

test('each step tells whose consoles it asks: the queue, the supervisors, the next centre; for a relative nobody’s', async () => {
  await centre.store.sql('delete from contact')
  await centre.intake.commit([centre.press()])
  await after(0)
  expect(await told()).toEqual([])
  await after(31)
  expect(await told()).toEqual([[{ kind: 'queue', id: 'east' }]])
  await after(30)
  expect(await told()).toEqual([[{ kind: 'person', id: 'zhou' }]])
  await after(60)
  // It is told on both streams.
  expect(await told()).toEqual([[{ kind: 'centre', id: 'west' }], [{ kind: 'centre', id: 'west' }]])
})
