import { ulid } from 'ulid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.store.sql('truncate alarm, event, timeline, live_block cascade')
  await centre.store.sql('update live_head set last = 0')
  centre.frames.length = 0
  centre.handling.length = 0
})

const alarms = () =>
  centre.store.sql<{ id: string; type: string; class: string; occurrences: number; handling: string; late: boolean }>(
    'select id, type, class, occurrences, handling, late_by_ms > 60000 as late from alarm order by received_at, id',
  )
const events = async () => (await centre.store.sql<{ n: number }>('select count(*)::integer as n from event'))[0]?.n

test('the same event twice is one: in one batch, in the next, and from two flights at once', async () => {
  const press = centre.press()
  expect((await centre.intake.commit([press, press])).map(({ outcome }) => outcome)).toEqual(['committed', 'duplicate'])
  expect((await centre.intake.commit([press])).map(({ outcome }) => outcome)).toEqual(['duplicate'])
  const other = centre.press()
  const both = await Promise.all([centre.intake.commit([other]), centre.intake.commit([other])])
  expect(
    both
      .flat()
      .map(({ outcome }) => outcome)
      .toSorted(),
  ).toEqual(['committed', 'duplicate'])
  expect(await events()).toBe(2)
  expect(await alarms()).toMatchObject([{ occurrences: 2 }])
})

test('two presses are two occurrences of one alarm, also when two servers take them in the same moment', async () => {
  await Promise.all(Array.from({ length: 20 }, () => centre.intake.commit([centre.press()])))
  expect(await alarms()).toMatchObject([{ occurrences: 20, handling: 'new' }])
  expect(await events()).toBe(20)
})

test('after a close, the same thing opens a new alarm and leaves the closed one alone', async () => {
  await centre.intake.commit([centre.press()])
  await centre.store.sql(
    `update alarm set handling = 'closed', closed_at = app_now(), l6 = app_now(), disposition = '{"code":"test","cause":"monthly","outcome":"no-help-needed"}'`,
  )
  await centre.intake.commit([centre.press()])
  expect(await alarms()).toMatchObject([
    { handling: 'closed', occurrences: 1 },
    { handling: 'new', occurrences: 1 },
  ])
})

test('three hours in a gateway’s outbox: presented, and marked late by the gateway’s own elapsed time', async () => {
  await centre.intake.commit([centre.press({ elapsedMs: 3 * 3_600_000, heardAt: '1970-01-01T00:00:12.000Z' })])
  expect(await alarms()).toMatchObject([{ late: true, handling: 'new' }])
  const { items } = await centre.queries.list(identityOf(centre.person('li')), {})
  expect(items[0]).toMatchObject({ late: true, lateByS: 10_800, firstAt: '1970-01-01T00:00:12.000Z' })
})

test('clocks and payloads that no database likes do not cost the press, nor its neighbours', async () => {
  const deep = JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`) as unknown
  const odd = [
    centre.press({ home: 2, heardAt: '0001-01-01T00:00:00.000Z' }),
    centre.press({ home: 3, heardAt: '9999-12-31T23:59:59.000Z' }),
    centre.press({ home: 4, snapshot: { text: 'a\u0000b\ud800c', deep } }),
    centre.press({ home: 5, snapshot: { text: 'x'.repeat(100_000) } }),
    centre.press({ home: 6, type: 'something-new', class: 'hazard' }),
  ]
  expect((await centre.intake.commit(odd)).map(({ outcome }) => outcome)).toEqual(Array(5).fill('committed'))
  expect(await alarms()).toHaveLength(5)
})

test('info is a record; a technical alarm nobody holds closes itself on restore; hazard never does', async () => {
  await centre.intake.commit([
    centre.press({ type: 'test', class: 'info' }),
    centre.press({ type: 'mains-lost', class: 'technical' }),
    centre.press({ type: 'smoke', class: 'hazard' }),
  ])
  await centre.intake.commit([
    centre.press({ type: 'mains-lost', class: 'technical', phase: 'returned' }),
    centre.press({ type: 'smoke', class: 'hazard', phase: 'returned' }),
  ])
  expect((await alarms()).map(({ type, handling }) => `${type} ${handling}`).toSorted()).toEqual([
    'mains-lost closed',
    'smoke new',
  ])
  const [row] = await centre.store.sql<{ condition: string }>(`select condition from alarm where type = 'smoke'`)
  expect(row?.condition).toBe('returned')
})

test('a button press while away is an alarm and ends "away"', async () => {
  await centre.store.sql(`update home set mode = 'away', mode_until = app_now() + interval '1 day' where id = 'home-1'`)
  await centre.intake.commit([centre.press({ type: 'tamper', class: 'technical' })])
  expect((await centre.store.sql(`select mode from home where id = 'home-1'`))[0]).toEqual({ mode: 'away' })
  await centre.intake.commit([centre.press()])
  expect((await centre.store.sql(`select mode, mode_until from home where id = 'home-1'`))[0]).toEqual({
    mode: 'home',
    mode_until: null,
  })
  expect(centre.frames.map(({ bytes }) => /event: (\S+)/.exec(bytes.toString())?.[1])).toEqual([
    'alarm',
    'home',
    'alarm',
  ])
})

test('a hanging button: one life alarm, marked, and one technical alarm beside it', async () => {
  for (let batch = 0; batch < 10; batch++)
    await centre.intake.commit(Array.from({ length: 5 }, () => centre.press({ heardAt: new Date().toISOString() })))
  expect((await alarms()).map(({ type, occurrences }) => [type, occurrences])).toEqual([
    ['sos-pressed', 50],
    ['button-stuck', 1],
  ])
})

test('the home hears once that the centre has it, and a gateway nobody knows is refused by name', async () => {
  const stranger = { ...centre.press(), gateway: 'nobody' as never }
  const outcomes = await centre.intake.commit([stranger, centre.press(), centre.press()])
  expect(outcomes.map((one) => (one.outcome === 'refused' ? one.code : one.outcome))).toEqual([
    'home-unknown',
    'committed',
    'committed',
  ])
  expect(centre.handling.map(({ message }) => message)).toMatchObject([{ rung: 'L2' }])
})

test('a batch is all or nothing: what breaks it leaves no event, no alarm and nothing on the stream', async () => {
  await centre.store.sql(`alter table timeline add constraint trap check (kind <> 're-alerted')`)
  try {
    const first = centre.press({ id: ulid() })
    await centre.intake.commit([first])
    await expect(centre.intake.commit([centre.press(), centre.press({ home: 2 })])).rejects.toThrow(/trap/)
    expect(await events()).toBe(1)
    expect(await alarms()).toMatchObject([{ occurrences: 1 }])
    expect(centre.frames).toHaveLength(1)
  } finally {
    await centre.store.sql('alter table timeline drop constraint trap')
  }
})

test('what was opened as technical and is then said to be life is a life alarm, and nothing closes it', async () => {
  const thing = { type: 'something-new' } as const
  await centre.intake.commit([centre.press({ ...thing, class: 'technical' })])
  await centre.intake.commit([centre.press({ ...thing, class: 'life' })])
  await centre.intake.commit([centre.press({ ...thing, class: 'technical', phase: 'returned' })])
  expect(await alarms()).toMatchObject([{ class: 'life', handling: 'new', occurrences: 2 }])
  const other = { type: 'another-new', home: 2 } as const
  await centre.intake.commit([centre.press({ ...other, class: 'technical' })])
  await centre.intake.commit([centre.press({ ...other, class: 'life', phase: 'returned' })])
  expect((await alarms()).map(({ handling }) => handling)).toEqual(['new', 'new'])
})
