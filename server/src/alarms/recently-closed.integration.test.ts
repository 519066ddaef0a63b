import type { AlarmId } from '@anju/contract'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'
import { valueTypes } from '../database/types.ts'
import type { Database, Transaction } from '../ports.ts'
import type { AlarmFilter } from './list.ts'
import { createAlarmQueries } from './queries.ts'

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

interface Plan {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}
/** What was looked at to answer, at the bottom of the plan. */
const looked = (plan: Plan): number =>
  plan.Plans?.length
    ? plan.Plans.reduce((sum, one) => sum + looked(one), 0)
    : (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']

/** How many rows a list looks at, for one of the centre's people. */
async function rowsLookedAt(filter: AlarmFilter): Promise<number> {
  const client = new Client({ connectionString: centre.store.url, types: valueTypes })
  await client.connect()
  let rows = 0
  try {
    await client.query(`begin; set local anju.centre = 'east'; set local anju.part = ''`)
    const explaining: Transaction = {
      async query<Row>(text: string, values: readonly unknown[] = []) {
        const explained = await client.query<{ 'QUERY PLAN': readonly [{ readonly Plan: Plan }] }>(
          `explain (analyze, timing off, format json) ${text}`,
          [...values],
        )
        rows += looked(explained.rows[0]?.['QUERY PLAN'][0].Plan as Plan)
        return (await client.query(text, [...values])).rows as Row[]
      },
      beforeCommit: () => undefined,
      afterCommit: () => undefined,
      unlocksEarly: () => undefined,
    }
    const through = { transaction: (_actor: unknown, work: (tx: Transaction) => unknown) => work(explaining) }
    const queries = createAlarmQueries(through as unknown as Database, {} as Parameters<typeof createAlarmQueries>[1])
    const { items } = await queries.list(identityOf(centre.person('li')), filter)
    expect(items.length).toBeGreaterThan(0)
  } finally {
    await client.end()
  }
  return rows
}

test('what another centre has closed in its years costs this one nothing', { timeout: 120_000 }, async () => {
  const columns = (
    await centre.store.sql<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = 'alarm' and is_generated = 'NEVER'
         and column_name not in ('id', 'centre', 'home', 'closed_at', 'received_at')`,
    )
  ).map(({ name }) => name)
  await centre.store.sql(
    `insert into home (id, centre, name) select 'west-' || n, 'west', 'West' from generate_series(1, 100) as n`,
  )
  await centre.store.sql(
    `insert into alarm (id, centre, home, closed_at, received_at, ${columns.join(', ')})
     select 'W' || lpad(n::text, 25, '0'), 'west', 'west-' || (n % 100 + 1), closed_at + n * interval '1 second',
       received_at + n * interval '1 second', ${columns.join(', ')}
     from (select * from alarm where handling = 'closed' limit 1) as one, generate_series(1, 20000) as n`,
  )
  await centre.store.sql('vacuum analyze alarm')
  expect(await rowsLookedAt({ handling: 'closed' })).toBeLessThan(100)
  expect(await rowsLookedAt({ handling: 'closed', order: 'closed-at' })).toBeLessThan(100)
  expect(await rowsLookedAt({ handling: 'closed', home: 'home-1' })).toBeLessThan(100)
})
