import type { AlarmId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import { createEscalations } from '../escalation/runs.ts'
import { startDeadlines } from './deadlines.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

test('a lease that is over waits for no home’s mode that cannot be ended', async () => {
  await centre.intake.commit([centre.press()])
  const [alarm] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  await centre.alarms.command(centre.person('li'), alarm?.id as AlarmId, { type: 'claim' })
  await centre.store.sql(
    `update home set mode = 'away', mode_since = app_now(), mode_until = app_now() where id = 'home-2'`,
  )
  const holder = new Client({ connectionString: centre.store.ownerUrl })
  await holder.connect()
  // Homes can be read, and not written.
  await holder.query('begin; lock table home in share row exclusive mode')
  const deadlines = startDeadlines({
    database: centre.database,
    live: centre.liveLog,
    escalations: createEscalations(() => undefined),
    clock: systemClock,
    log: { error: () => undefined },
  })
  const modeOf = async () =>
    (await centre.store.sql<{ mode: string }>(`select mode from home where id = 'home-2'`))[0]?.mode
  try {
    await until(
      'somebody waits to write a home',
      async () =>
        (await centre.store.sql(`select from pg_locks where relation = 'home'::regclass and not granted`)).length > 0,
      { withinMs: 5_000 },
    )
    await centre.store.passes(61_000)
    await until(
      'the lease is over',
      async () => (await centre.store.sql(`select from alarm where handling = 'new'`)).length === 1,
      { withinMs: 3_000 },
    )
    expect(await modeOf()).toBe('away')
    await holder.query('commit')
    await until('the mode is over, too', async () => (await modeOf()) === 'home', { withinMs: 10_000 })
  } finally {
    await holder.end()
    await deadlines.stop()
  }
})
