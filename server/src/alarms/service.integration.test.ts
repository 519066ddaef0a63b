import type { AlarmId, CentreId } from '@anju/contract'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'
import { claimRaces } from '../../../tests/harness/claim-race.ts'
import type { PersonActor } from '../ports.ts'

let centre: AlarmCentre
let li: PersonActor
let chen: PersonActor
beforeAll(async () => {
  centre = await anAlarmCentre()
  li = centre.person('li')
  chen = centre.person('chen')
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.store.sql('truncate alarm, event, timeline, live_block, idempotency cascade')
  await centre.store.sql('update live_head set last = 0')
  await centre.store.sql('delete from clock_offset')
  centre.frames.length = 0
  centre.handling.length = 0
})

async function anAlarm(home = 1): Promise<AlarmId> {
  await centre.intake.commit([centre.press({ home })])
  const [row] = await centre.store.sql<{ id: AlarmId }>(
    'select id from alarm order by received_at desc, id desc limit 1',
  )
  return row?.id as AlarmId
}
const claim = async (id: AlarmId, who = li) => {
  const { lease } = await centre.alarms.command(who, id, { type: 'claim' })
  return Number(lease?.token)
}
const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
const kinds = async (id: AlarmId) => {
  const { detail } = await centre.queries.detail(identityOf(li), id)
  return detail.timeline.map(({ kind }) => kind)
}

test('from press to close: every act stands in the timeline, every rung has its time, and the home hears of each', async () => {
  const id = await anAlarm()
  await centre.alarms.shown(li, id, 'console-1')
  await centre.alarms.shown(chen, id, 'console-2')
  const lease = await claim(id)
  await centre.alarms.command(li, id, { type: 'note', lease, text: '她说她没事' })
  await centre.alarms.command(li, id, { type: 'contact', lease, contact: 'c1', reached: true, outcome: 'reached' })
  await centre.alarms.command(li, id, { type: 'dispatch', lease, responder: 'n1' })
  const { alarm } = await centre.alarms.command(li, id, { type: 'close', lease, disposition, note: 'done' })
  expect(alarm).toMatchObject({ handling: 'closed', disposition, owner: null })
  expect(Object.values(alarm.ladder).every((at) => at !== null)).toBe(true)
  expect(await kinds(id)).toEqual(['raised', 'shown', 'claimed', 'noted', 'contacted', 'dispatched', 'closed'])
  expect(centre.handling.map(({ message }) => (message as { rung: string }).rung)).toEqual([
    'L2',
    'L3',
    'L4',
    'L5',
    'L6',
  ])
  expect(centre.frames.map(({ id: number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7])
  const [contact] = await centre.store.sql(`select last_outcome, last_proven_on is not null as proven from contact`)
  expect(contact).toEqual({ last_outcome: 'reached', proven: true })
})

test('two seats within five milliseconds: one owner each time, the other is told who', async () => {
  const { rounds, oneOwner, loserTold } = await claimRaces(centre, 200)
  expect({ oneOwner, loserTold }).toEqual({ oneOwner: rounds, loserTold: rounds })
})

test('a lease that is not renewed is lost by the database’s clock, and its holder’s writes are fenced off', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  await centre.store.passes(59_000)
  await centre.deadlines.runOnce()
  await centre.alarms.command(li, id, { type: 'renew', lease })
  await centre.store.passes(59_000)
  await centre.deadlines.runOnce()
  expect((await centre.queries.detail(identityOf(li), id)).detail).toMatchObject({
    handling: 'claimed',
    abandoned: false,
  })
  await centre.store.passes(2_000)
  await centre.deadlines.runOnce()
  expect((await centre.queries.detail(identityOf(li), id)).detail).toMatchObject({
    handling: 'new',
    abandoned: true,
    owner: null,
  })
  await expect(centre.alarms.command(li, id, { type: 'close', lease, disposition, note: null })).rejects.toMatchObject({
    code: 'lease-stale',
  })
  const second = await claim(id, chen)
  expect(second).toBeGreaterThan(lease)
  await expect(centre.alarms.command(li, id, { type: 'note', lease, text: 'x' })).rejects.toMatchObject({
    code: 'lease-stale',
    detail: { owner: { personId: 'chen' } },
  })
})

test('even before any deadline was worked off, a lease that has run out holds nothing', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  await centre.store.sql(`update alarm set until = app_now() - interval '1 second'`)
  await expect(centre.alarms.command(li, id, { type: 'note', lease, text: 'x' })).rejects.toMatchObject({
    code: 'lease-stale',
  })
  await claim(id, chen)
  expect(await kinds(id)).toEqual(expect.arrayContaining(['abandoned', 'claimed']))
})

test('many workers, each deadline once', async () => {
  for (let home = 1; home <= 10; home++) await centre.intake.commit([centre.press({ home })])
  const rows = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  for (const { id } of rows) await claim(id)
  centre.frames.length = 0
  await centre.store.passes(61_000)
  await Promise.all(Array.from({ length: 4 }, () => centre.deadlines.runOnce()))
  expect(await centre.store.sql(`select count(*)::integer as n from timeline where kind = 'abandoned'`)).toEqual([
    { n: 10 },
  ])
  expect(centre.frames).toHaveLength(10)
})

test('one that cannot be worked off holds up no other', async () => {
  for (let home = 1; home <= 3; home++) await centre.intake.commit([centre.press({ home })])
  const rows = await centre.store.sql<{ id: AlarmId }>('select id from alarm order by home')
  for (const { id } of rows) await claim(id)
  await centre.store.sql(`update alarm set heard_by = 'not what we wrote' where home = 'home-1'`)
  await centre.store.passes(61_000)
  await centre.deadlines.runOnce()
  expect(await centre.store.sql('select home, handling from alarm order by home')).toEqual([
    { home: 'home-1', handling: 'claimed' },
    { home: 'home-2', handling: 'new' },
    { home: 'home-3', handling: 'new' },
  ])
})

test('a park ends by itself; a press ends it at once', async () => {
  const id = await anAlarm()
  const park = async () =>
    centre.alarms.command(li, id, {
      type: 'park',
      lease: await claim(id),
      for: 300_000 as never,
      note: 'neighbour looks',
    })
  expect((await park()).alarm).toMatchObject({ handling: 'parked', owner: null })
  await centre.store.passes(301_000)
  // The worker looks by itself, too: whichever of the two has it may not have committed yet.
  await centre.deadlines.runOnce()
  await vi.waitFor(async () =>
    expect((await centre.queries.detail(identityOf(li), id)).detail).toMatchObject({
      handling: 'new',
      abandoned: false,
    }),
  )
  await park()
  await centre.intake.commit([centre.press()])
  expect((await centre.queries.detail(identityOf(li), id)).detail).toMatchObject({ handling: 'new', occurrences: 2 })
})

test('a press on a claimed alarm re-alerts and counts, and leaves it with its holder', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  centre.frames.length = 0
  await centre.intake.commit([centre.press()])
  expect(centre.frames[0]?.bytes.toString()).toMatch(/"cause":"re-alerted"/)
  expect((await centre.queries.detail(identityOf(li), id)).detail).toMatchObject({
    handling: 'claimed',
    occurrences: 2,
    owner: { personId: 'li', session: 'session-of-li' },
  })
  await centre.alarms.command(li, id, { type: 'renew', lease })
})

test('a close can be undone for a minute, by who closed it, with a new lease; not when it has happened again', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  await centre.alarms.command(li, id, { type: 'close', lease, disposition, note: null })
  await expect(centre.alarms.command(chen, id, { type: 'undo-close' })).rejects.toMatchObject({ code: 'forbidden' })
  const undone = await centre.alarms.command(li, id, { type: 'undo-close' })
  expect(undone.alarm).toMatchObject({ handling: 'in-progress', disposition: null, ladder: { L6: null } })
  expect(Number(undone.lease?.token)).toBeGreaterThan(lease)
  await centre.alarms.command(li, id, { type: 'close', lease: Number(undone.lease?.token), disposition, note: null })
  await centre.store.passes(61_000)
  await expect(centre.alarms.command(li, id, { type: 'undo-close' })).rejects.toMatchObject({ code: 'undo-expired' })
  await centre.store.passes(-61_000)
  await centre.intake.commit([centre.press()])
  await expect(centre.alarms.command(li, id, { type: 'undo-close' })).rejects.toMatchObject({
    code: 'transition-refused',
  })
})

test('a takeover gives a new fence; a disposition must be one of its code’s', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  const boss = centre.person('zhou', 'supervisor')
  const taken = await centre.alarms.command(boss, id, { type: 'takeover', reason: 'shift ends' })
  await expect(centre.alarms.command(li, id, { type: 'renew', lease })).rejects.toMatchObject({ code: 'lease-stale' })
  const wrong = { ...disposition, cause: 'battery' }
  await expect(
    centre.alarms.command(boss, id, {
      type: 'close',
      lease: Number(taken.lease?.token),
      disposition: wrong,
      note: null,
    }),
  ).rejects.toThrow(/disposition.cause: of "genuine" must be one of fall/)
})

test('a key answers the same for the same command, refuses another, and a refusal is judged again', async () => {
  const id = await anAlarm()
  const key = { centre: 'east', person: 'li', key: 'k1', fingerprint: 'a' }
  const first = await centre.alarms.command(li, id, { type: 'claim' }, key)
  await centre.store.passes(5_000)
  expect(await centre.alarms.command(li, id, { type: 'claim' }, key)).toEqual(first)
  await expect(centre.alarms.command(li, id, { type: 'claim' }, { ...key, fingerprint: 'b' })).rejects.toMatchObject({
    code: 'idempotency-conflict',
  })
  const twice = { ...key, key: 'k2' }
  const both = await Promise.all(
    [1, 2].map(() => centre.alarms.command(li, id, { type: 'note', lease: 1, text: 'once' }, twice)),
  )
  expect(both[0]).toEqual(both[1])
  expect((await kinds(id)).filter((kind) => kind === 'noted')).toHaveLength(1)
})

test('the particulars say that there is a way in, to whoever holds the alarm no more than to everybody else', async () => {
  const id = await anAlarm()
  await claim(id)
  for (const who of [li, chen])
    expect(await centre.queries.detail(identityOf(who), id)).toMatchObject({
      showsAccess: false,
      detail: { resident: { name: '王秀梅', access: '••••' } },
    })
})

test('how to get in is told to whoever holds the alarm and asks, once an answer, and each time it stands in the log', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  const elsewhere = centre.person('li', 'operator', 'another-seat')
  for (const who of [chen, elsewhere])
    await expect(centre.alarms.reveal(who, id, lease)).rejects.toMatchObject({ code: 'lease-stale' })
  await expect(centre.alarms.reveal(li, id, lease + 1)).rejects.toMatchObject({ code: 'lease-stale' })
  expect(await kinds(id)).not.toContain('access-shown')

  expect(await centre.alarms.reveal(li, id, lease)).toMatchObject({
    access: '4711#',
    alarm: { handling: 'claimed' },
    lease: { token: String(lease) },
  })
  await centre.alarms.reveal(li, id, lease)
  const { detail } = await centre.queries.detail(identityOf(chen), id)
  const look = { kind: 'access-shown', by: { name: 'li' }, text: null, detail: {} }
  expect(detail.timeline.slice(-2)).toMatchObject([look, look])
  expect(centre.frames.map(({ bytes }) => bytes.toString()).join()).not.toContain('4711')
})

test('a look at the way in is no step of a plan', async () => {
  const id = await anAlarm()
  const lease = await claim(id)
  const notes = async () => {
    const { detail } = await centre.queries.detail(identityOf(li), id)
    return detail.plan.steps.filter(({ kind }) => kind === 'note').map(({ state }) => state)
  }
  expect(await notes()).toEqual(['open'])
  await centre.alarms.reveal(li, id, lease)
  expect(await notes()).toEqual(['open'])
  await centre.alarms.command(li, id, { type: 'note', lease, text: '水管破了' })
  expect(await notes()).toEqual(['done'])
})

test('a home of which nobody wrote down how one gets in: refused with a sentence, and no look is logged', async () => {
  const id = await anAlarm(2)
  const lease = await claim(id)
  await expect(centre.alarms.reveal(li, id, lease)).rejects.toMatchObject({ code: 'transition-refused' })
  expect(await kinds(id)).not.toContain('access-shown')
})

test('another centre’s person sees nothing of it and can do nothing with it', async () => {
  const id = await anAlarm()
  const stranger: PersonActor = { ...li, centre: 'west' as never }
  await expect(centre.alarms.command(stranger, id, { type: 'claim' })).rejects.toMatchObject({ code: 'alarm-unknown' })
  await expect(centre.queries.detail(identityOf(stranger), id)).rejects.toMatchObject({ code: 'alarm-unknown' })
  expect(await centre.queries.list(identityOf(stranger), {})).toEqual({ items: [], nextCursor: null })
})

test('what is handed over with a note: both names and the note stand in the log, and the next one reads it', async () => {
  const id = await anAlarm()
  await centre.alarms.command(li, id, { type: 'release', lease: await claim(id), note: '儿子已在路上，等他回电' })
  await claim(id, chen)
  const { detail } = await centre.queries.detail(identityOf(chen), id)
  expect(detail.timeline.filter(({ kind }) => kind !== 'raised')).toMatchObject([
    { kind: 'claimed', by: { name: 'li' } },
    { kind: 'released', by: { name: 'li' }, text: '儿子已在路上，等他回电' },
    { kind: 'claimed', by: { name: 'chen' } },
  ])
})

test('an alarm that was handed on says to the other centre whose it is, on every way there is, and to its own never', async () => {
  const id = await anAlarm()
  await centre.store.sql(`update alarm set also_centres = 'west'`)
  const far: PersonActor = { ...centre.person('far'), centre: 'west' as CentreId }
  const east = { id: 'east', name: 'East' }
  const listed = async (who: PersonActor) =>
    (await centre.queries.list(identityOf(who), {})).items.map((one) => one.centre)
  expect([await listed(li), await listed(far)]).toEqual([[undefined], [east]])
  expect((await centre.queries.detail(identityOf(far), id)).detail.centre).toEqual(east)
  centre.frames.length = 0
  const { alarm } = await centre.alarms.command(far, id, { type: 'claim' })
  expect(alarm.centre).toEqual(east)
  const told = await Promise.all(
    ['east', 'west'].map(
      async (name) => (await centre.liveStore.after(name as CentreId, 0)).at(-1)?.bytes.toString() ?? '',
    ),
  )
  expect(told.map((text) => /"centre":\{[^}]*\}/.exec(text)?.[0])).toEqual([
    undefined,
    '"centre":{"id":"east","name":"East"}',
  ])
})

test('what nobody has taken, and what comes next for it; nothing of whom it is about', async () => {
  const free = await anAlarm()
  await centre.intake.commit([
    centre.press({ home: 2 }),
    centre.press({ home: 3, type: 'battery-low', class: 'technical' }),
  ])
  const [other] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where home = 'home-2'`)
  await claim(other?.id as AlarmId)
  const open = await centre.queries.unanswered(identityOf(centre.person('zhou', 'supervisor')))
  expect(open).toMatchObject([
    { alarm: free, tracks: [{ track: 'centre' }, { track: 'family' }, { track: 'long-lie' }] },
  ])
  expect(JSON.stringify(open)).not.toMatch(/Home|Street|王/)
})

test('a relative who asks whether there is something new learns that of their own home only', async () => {
  const id = await anAlarm()
  const kin = centre.person('kin', 'family')
  const before = await centre.queries.version(identityOf(kin, 'home-1' as never), id)
  await claim(id)
  expect(await centre.queries.version(identityOf(kin, 'home-1' as never), id)).toBeGreaterThan(before)
  await expect(centre.queries.version(identityOf(kin, 'home-2' as never), id)).rejects.toMatchObject({
    code: 'alarm-unknown',
  })
})

test('the queue: life first, then oldest; pages follow one another; a family member sees their own home without rooms', async () => {
  for (let home = 1; home <= 5; home++)
    await centre.intake.commit([
      centre.press({ home, type: 'battery-low', class: 'technical' }),
      centre.press({ home, type: 'smoke', class: 'hazard' }),
      centre.press({ home }),
    ])
  const { items } = await centre.queries.list(identityOf(li), {})
  expect(items.map((alarm) => alarm.class)).toEqual([
    ...Array(5).fill('life'),
    ...Array(5).fill('hazard'),
    ...Array(5).fill('technical'),
  ])
  expect(items.slice(0, 5).map(({ homeId }) => homeId)).toEqual([1, 2, 3, 4, 5].map((n) => `home-${n}`))
  expect((await centre.queries.list(identityOf(li), { class: 'hazard', home: 'home-2' })).items).toHaveLength(1)
  await expect(centre.queries.list(identityOf(li), { class: 'deadly' })).rejects.toThrow(/class: "deadly" is none of/)
  await expect(centre.queries.list(identityOf(li), { cursor: 'x' })).rejects.toThrow(/cursor/)
  const mine = await centre.queries.list(identityOf(centre.person('son', 'family'), 'home-3' as never), {})
  expect(mine.items.map(({ homeId, placement, home }) => [homeId, placement, home.placementName])).toEqual(
    Array.from({ length: 3 }, () => ['home-3', 'home', '']),
  )
})

test('more alarms than a page: none twice, none missing', async () => {
  await centre.store.sql(
    `insert into home (id, centre, name) select 'home-' || n, 'east', 'H' from generate_series(11, 260) n on conflict do nothing`,
  )
  await centre.intake.commit(Array.from({ length: 250 }, (_, n) => centre.press({ home: n + 1 })))
  const first = await centre.queries.list(identityOf(li), {})
  const second = await centre.queries.list(identityOf(li), { cursor: first.nextCursor ?? '' })
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([200, 50, null])
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(250)
})

test('a relative is told when a press was that came late, and nothing that was written', async () => {
  await centre.intake.commit([centre.press({ home: 9 })])
  await centre.intake.commit([centre.press({ home: 9, elapsedMs: 3 * 3_600_000 })])
  const kin = identityOf(centre.person('kin-of-9', 'family'), 'home-9' as never)
  const [alarm] = (await centre.queries.list(kin, {})).items
  const { timeline } = (await centre.queries.detail(kin, alarm?.id as AlarmId)).detail
  expect(timeline.map(({ kind, detail }) => [kind, Object.keys(detail)])).toEqual([
    ['raised', []],
    ['occurrence', ['heardAt', 'lateByS']],
    ['re-alerted', ['heardAt', 'lateByS']],
  ])
})
