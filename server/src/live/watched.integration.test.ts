import type { CentreId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { expect, test } from 'vitest'
import { anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { startWatched } from './watched.ts'

const log = { error: () => undefined }

test('each server writes down whose queue is looked at, and takes nothing back: what is not renewed grows old', async () => {
  const centre = await anAlarmCentre()
  const { store, database } = centre
  await store.sql('delete from console_presence')
  const one = startWatched({ database, server: 'one', clock: systemClock, log, centres: () => ['east'] as CentreId[] })
  const two = startWatched({ database, server: 'two', clock: systemClock, log, centres: () => ['west'] as CentreId[] })
  for (const watched of [one, two]) watched.write()
  for (const watched of [one, two]) await watched.stop()
  const rows = () =>
    store.sql<{ server: string; centre: string }>('select server, centre from console_presence order by 1')
  expect(await rows()).toEqual([
    { server: 'one', centre: 'east' },
    { server: 'two', centre: 'west' },
  ])

  await store.passes(2 * 3_600_000)
  const later = startWatched({ database, server: 'one', clock: systemClock, log, centres: () => [] })
  later.write()
  await later.stop()
  expect(await rows()).toEqual([])
  await centre.close()
})
