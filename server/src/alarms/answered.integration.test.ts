import type { Instant } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmNews } from './answered.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

test('what a relative says of an alarm that was handed on to another centre is told in both', async () => {
  await centre.intake.commit([centre.press()])
  const [alarm] = await centre.store.sql<{ id: never }>(`update alarm set also_centres = 'west' returning id`)
  const news = createAlarmNews(centre.liveLog)
  const told = { alarm: alarm?.id as never, at: 0 as Instant, kind: 'accepted', detail: { name: 'Mei' } } as const
  await centre.database.transaction(centre.person('mei', 'family'), (tx) => news.tell(tx, told))
  // Its arrival was east's alone.
  expect(await centre.store.sql('select centre, last::integer from live_head order by centre')).toEqual([
    { centre: 'east', last: 2 },
    { centre: 'west', last: 1 },
  ])
})
