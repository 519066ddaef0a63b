import type { AlarmId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const

test('what was closed last stands in front, whenever it had come, and pages follow one another', async () => {
  const li = centre.person('li')
  const came: AlarmId[] = []
  for (const home of [1, 2, 3, 4]) {
    await centre.intake.commit([centre.press({ home })])
    const [row] = await centre.store.sql<{ id: AlarmId }>('select id from alarm where home = $1', [`home-${home}`])
    if (row) came.push(row.id)
  }
  const [first, second, third, open] = came as [AlarmId, AlarmId, AlarmId, AlarmId]
  // The one that had come first was the longest work: it is closed last.
  for (const id of [second, third, first]) {
    const { lease } = await centre.alarms.command(li, id, { type: 'claim' })
    await centre.alarms.command(li, id, { type: 'close', lease: Number(lease?.token), disposition, note: null })
    await centre.store.passes(1_000)
  }
  const page = async (cursor?: string) =>
    await centre.queries.list(identityOf(li), { handling: 'closed', order: 'closed-at', limit: 2, cursor })
  const newest = await page()
  expect(newest.items.map(({ id }) => id)).toEqual([first, third])
  const older = await page(newest.nextCursor ?? '')
  expect([older.items.map(({ id }) => id), older.nextCursor]).toEqual([[second], null])
  // Without being asked, by when it came.
  const byArrival = await centre.queries.list(identityOf(li), { handling: 'closed' })
  expect(byArrival.items.map(({ id }) => id)).toEqual([third, second, first])
  const queue = await centre.queries.list(identityOf(li), { limit: 1 })
  expect(queue.items.map(({ id }) => id)).toEqual([open])
  await expect(centre.queries.list(identityOf(li), { order: 'closed-at' })).rejects.toThrow(/^order: /)
})
