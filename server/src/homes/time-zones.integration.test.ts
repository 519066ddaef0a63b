import { expect, test } from 'vitest'
import { freshDatabase } from '../../../tests/harness/postgres.ts'
import { isTimeZone } from './import/cells.ts'

test('every time zone that a home may have is one that PostgreSQL knows, by the same time of day', async () => {
  const store = await freshDatabase()
  const zones = Intl.supportedValuesOf('timeZone').filter(isTimeZone)
  expect(zones.length).toBeGreaterThan(300)
  const at = new Date('2026-07-01T12:00:00Z')
  const rows = await store.sql<{ zone: string; says: string | null }>(
    `select zone, case when exists (select from pg_timezone_names where lower(name) = lower(zone))
       then to_char($2::timestamptz at time zone zone, 'HH24:MI') end as says from unnest($1::text[]) as zone`,
    [zones, at],
  )
  const here = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
  expect(rows.filter(({ zone, says }) => says !== here(zone))).toEqual([])
  await store.drop()
})
