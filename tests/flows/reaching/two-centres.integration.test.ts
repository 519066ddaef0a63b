import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aStory, refusalOf, STAFF, type Story } from '../../harness/story/story.ts'

let story: Story
beforeEach(async () => {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    nextCentre: true,
    contacts: [{ name: 'daughter' }],
    staff: [...STAFF, { name: 'ma', role: 'supervisor', centre: 'north' }],
  })
  await story.data.sql(`insert into home (id, centre, name, address) values ('home-2', 'east', 'Home 2', 'Street 2')`)
  await story.data.sql(
    `insert into responder (id, centre, name, phone) values ('east-nurse', 'east', 'N', '1'), ('west-nurse', 'west', 'N', '2'), ('north-nurse', 'north', 'N', '3')`,
  )
})
afterEach(() => story.end())

/** What of the first centre's rows somebody of another one can read, by table; the database itself decides. */
async function rowsFor(name: string): Promise<Record<string, number>> {
  const tables = await story.data.sql<{ name: string }>(
    `select polrelid::regclass::text as name from pg_policy where polname = 'by_centre' order by 1`,
  )
  expect(tables.length).toBeGreaterThan(20)
  const counts: Record<string, number> = {}
  await story.server.database.transaction(story.at(name).actor, async (tx) => {
    for (const table of tables) {
      const [row] = await tx.query<{ n: number }>(
        `select count(*)::integer as n from ${table.name} where centre = 'east'`,
      )
      if (row && row.n > 0) counts[table.name] = row.n
    }
  })
  return counts
}

test('another centre sees nothing of a home until an alarm is handed on, then that alarm and that home, and nothing again a minute after the close', async () => {
  const other = await story.press({ gateway: 'gw-of-home-2' })
  await story.at('li').claims(other)
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  expect(await rowsFor('wu')).toEqual({})
  expect(await story.queueOf('west')).toEqual([])
  await expect(story.at('wu').sees(alarm)).rejects.toMatchObject({ code: 'alarm-unknown' })
  await expect(story.at('wu').claims(alarm)).rejects.toMatchObject({ code: 'alarm-unknown' })

  await story.passes(minutes(2))
  await story.expect('voice', 'daughter')
  expect(await story.queueOf('west')).toEqual([alarm])
  const shared = await rowsFor('wu')
  expect(shared).toMatchObject({ alarm: 1, home: 1, resident: 1, contact: 1, placement: 1, event: 1, escalation: 3 })
  expect(Object.keys(shared)).not.toContain('responder')
  expect(Object.keys(shared)).not.toContain('escalation_policy')
  const seen = await story.at('wu').sees(alarm)
  expect(seen.contacts.map(({ name }) => name)).toEqual(['daughter'])
  expect(seen.notifications.map(({ recipient }) => recipient.id)).toContain('daughter')
  expect(seen.timeline.map(({ kind }) => kind)).toContain('escalated')
  await expect(story.at('wu').sees(other)).rejects.toMatchObject({ code: 'alarm-unknown' })
  story.told('east', alarm)
  story.told('west', alarm)

  // She who takes it over there is shown how to get in, and may send her own people; it is told on both streams.
  expect(seen.resident?.access).not.toContain('4711')
  await story.at('wu').claims(alarm)
  expect(await story.at('wu').looksForTheWayIn(alarm)).toBe('4711#')
  expect((await story.at('wu').sees(alarm)).resident?.access).not.toContain('4711')
  expect(await refusalOf(story.at('chen').looksForTheWayIn(alarm))).toBe('lease-stale')
  await story.at('wu').does(alarm, { type: 'contact', contact: 'daughter', reached: true, outcome: 'reached' })
  await story.at('wu').does(alarm, { type: 'dispatch', responder: 'west-nurse' })
  await expect(story.at('wu').does(alarm, { type: 'dispatch', responder: 'north-nurse' })).rejects.toMatchObject({
    code: 'responder-unknown',
  })
  await story.at('wu').closes(alarm)
  const acts = ['claimed', 'access-shown', 'contacted', 'dispatched', 'closed']
  expect(story.told('west', alarm)).toEqual(acts)
  expect(story.told('east', alarm)).toEqual(acts)

  await story.passes(seconds(59))
  expect(await rowsFor('wu')).toMatchObject({ alarm: 1, home: 1 })
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter', /您不必前往/)
  expect(await rowsFor('wu')).toEqual({})
  await expect(story.at('wu').sees(alarm)).rejects.toMatchObject({ code: 'alarm-unknown' })
  expect((await story.alarm(alarm)).timeline.map(({ kind }) => kind)).toContain('dispatched')
})

test('a third centre has nothing to do with it: whatever it says to the alarm by its id, there is none', async () => {
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  await story.passes(seconds(45))
  await story.expect('voice', 'daughter')
  await story.passes(minutes(2))
  expect(await story.queueOf('west')).toEqual([alarm])
  const ma = story.at('ma')
  expect(await rowsFor('ma')).toEqual({})
  const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
  const refused = { code: 'alarm-unknown' }
  await expect(ma.sees(alarm)).rejects.toMatchObject(refused)
  await expect(ma.claims(alarm)).rejects.toMatchObject(refused)
  await expect(ma.takesOver(alarm, 'why not')).rejects.toMatchObject(refused)
  await expect(ma.does(alarm, { type: 'note', text: 'hello' })).rejects.toMatchObject(refused)
  await expect(ma.does(alarm, { type: 'close', disposition, note: null })).rejects.toMatchObject(refused)
  await expect(ma.undoesClose(alarm)).rejects.toMatchObject(refused)
  expect(story.told('north', alarm)).toEqual([])
  await expect(story.at('wu').sees('01JZZZZZZZZZZZZZZZZZZZZZZZ' as AlarmId)).rejects.toMatchObject(refused)
  while (story.phones.arrived.length > 0) await story.expect('sms', 'daughter')
})

test('handed on by the clock that runs until somebody was reached, it is undone by whoever closed it over there', async () => {
  const wave = { timeoutS: 60, channels: ['console' as const] }
  const own = { startAfterS: 0, repeatAfterS: 600, quietWhileHeld: true }
  await story.policy(
    {},
    {
      centre: { ...own, steps: [{ targets: [{ to: 'queue' }], waves: [wave] }] },
      'long-lie': {
        startAfterS: 60,
        repeatAfterS: 600,
        quietWhileHeld: false,
        steps: [{ targets: [{ to: 'next-centre' }], waves: [wave] }],
      },
    },
  )
  const alarm = await story.press()
  await story.passes(minutes(1))
  expect(await story.queueOf('west')).toEqual([alarm])
  await story.at('wu').claims(alarm)
  await story.at('wu').closes(alarm)
  await story.passes(seconds(30))
  await story.at('wu').undoesClose(alarm)
  expect((await story.at('wu').sees(alarm)).handling).toBe('in-progress')
  await story.at('wu').closes(alarm)
  await story.passes(minutes(2))
  await expect(story.at('wu').sees(alarm)).rejects.toMatchObject({ code: 'alarm-unknown' })
  story.told('east', alarm)
  story.told('west', alarm)
})
