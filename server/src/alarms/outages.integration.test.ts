import { type AlarmId, type CentreId, elapsed, type HomeId } from '@anju/contract'
import type { Alarm } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, identityOf } from '../../../tests/harness/alarms.ts'
import { openDatabase } from '../database/database.ts'
import { createEscalations } from '../escalation/runs.ts'
import { ownEvent } from '../gateways/own-word.ts'
import { type Outages, startOutages } from './outages.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
/** Only asked by hand: its own clock never strikes. */
const still = { ...systemClock, every: () => ({ cancel: () => undefined }) }
const minute = 60_000

let centre: AlarmCentre
let here: Outages
let elsewhere: Outages
let close: () => Promise<void>
beforeAll(async () => {
  centre = await anAlarmCentre()
  const other = openDatabase({ url: centre.store.url, log: quiet, clock: systemClock, random: systemRandom })
  const parts = {
    live: centre.liveLog,
    escalations: createEscalations(() => undefined),
    clock: still,
    random: systemRandom,
    log: quiet,
  }
  here = startOutages({ database: centre.database, ...parts })
  elsewhere = startOutages({ database: other, ...parts })
  close = async () => {
    await Promise.all([here.stop(), elsewhere.stop()])
    await other.close()
    await centre.close()
  }
  await centre.store.sql(
    `insert into home (id, centre, name) select 'home-' || n, 'east', 'Home ' || n from generate_series(11, 1200) n`,
  )
  await centre.store.sql(
    `insert into area (code, name, level, valid_from) values ('330102001000', '望江街道', 'street', '2020-01-01')`,
  )
  // The first thousand live in one street, a dozen in another that is not in the list of areas, the rest nobody knows where.
  await centre.store.sql(
    `insert into home_area (home, centre, code, valid_from)
     select 'home-' || n, 'east', case when n <= 1000 then '330102001' else '330102002' end || lpad((n % 9 + 1)::text, 3, '0'), '2020-01-01'
     from generate_series(1, 1012) n`,
  )
})
afterAll(() => close())
beforeEach(async () => {
  await centre.store.sql('truncate alarm, event, timeline, live_block, outage cascade')
  centre.frames.length = 0
})

const mains = (home: number, phase: 'raised' | 'returned' = 'raised', snapshot?: Record<string, unknown>) =>
  centre.press({
    home,
    type: 'mains-lost',
    class: 'technical',
    placement: 'meter',
    phase,
    ...(snapshot && { snapshot }),
  })
const some = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const lose = (homes: readonly number[]) => centre.intake.commit(homes.map((home) => mains(home)))
const restore = (homes: readonly number[]) => centre.intake.commit(homes.map((home) => mains(home, 'returned')))
const list = async (filter: { parent?: string; home?: string } = {}): Promise<readonly Alarm[]> =>
  (await centre.queries.list(identityOf(centre.person('li')), filter)).items
const queue = async () => (await list()).map(({ type, home, children }) => [type, home.name, children].join(' ').trim())
const first = async () => (await list()).map(({ urgent, home }) => `${home.name}${urgent ? ' first' : ''}`)
const outages = () =>
  centre.store.sql<{ id: AlarmId; handling: string; condition: string; children: number; over: boolean }>(
    `select alarm.id, handling, condition, children, ended_at is not null as over from alarm join outage on outage.alarm = alarm.id
     order by received_at, alarm.id`,
  )
/** What consoles were told, by kind of alarm. */
const told = () =>
  centre.frames.flatMap(({ bytes }) => {
    const alarm = /^data: (.*)$/m.exec(bytes.toString())?.[1]
    return alarm ? [(JSON.parse(alarm) as { alarm: Alarm }).alarm] : []
  })

/** How long a press takes until it is committed. */
async function pressed(home: number): Promise<number> {
  const from = systemClock.monotonic()
  await centre.intake.commit([centre.press({ home })])
  return elapsed(from, systemClock.monotonic())
}
const silent = (home: number, phase: 'raised' | 'returned' = 'raised') =>
  centre.press({ home, type: 'gateway-silent', class: 'technical', placement: `gw-${home}`, phase })
/** As the centre finds it by its own clock, which knows who lives there. */
const ofHighRisk = (home: number, phase: 'raised' | 'returned') =>
  ownEvent({
    type: 'gateway-silent',
    home: `home-${home}` as HomeId,
    centre: 'east' as CentreId,
    placement: `gw-${home}`,
    device: `gw-${home}`,
    phase,
    at: systemClock.now(),
    urgent: true,
  })
async function held() {
  await lose(some(1, 12))
  await here.runOnce()
  const id = (await outages())[0]?.id as AlarmId
  const { lease } = await centre.alarms.command(centre.person('li'), id, { type: 'claim' })
  return { id, lease: Number(lease?.token) }
}

describe('a thousand homes of a street lose their mains in ten seconds, while one of them presses', () => {
  test('it is one outage and one call for help, which waits for nothing; the restore ends all of it but the call', async () => {
    const alone: number[] = []
    for (const home of some(1_101, 1_120)) alone.push(await pressed(home))
    const during: number[] = []
    // Ten seconds of it in ten batches; both servers look all the time, and people press.
    for (const batch of some(0, 9)) {
      const [, , , took] = await Promise.all([
        lose(some(batch * 100 + 1, batch * 100 + 100)),
        here.runOnce(),
        elsewhere.runOnce(),
        pressed(batch === 4 ? 500 : 1_121 + batch),
      ])
      during.push(took)
    }
    await here.runOnce()
    await elsewhere.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'new', condition: 'active', children: 1_000, over: false }])
    const [first] = await list()
    expect((await queue()).filter((row) => !row.startsWith('sos-pressed'))).toEqual(['outage 望江街道 1000'])
    expect(first).toMatchObject({ type: 'sos-pressed' })
    expect((await list({ home: 'home-500' })).map(({ type }) => type).toSorted()).toEqual(['mains-lost', 'sos-pressed'])
    // No console was told of a single home's mains.
    expect(told().filter(({ type }) => type === 'mains-lost')).toEqual([])
    expect(told().filter(({ type }) => type === 'sos-pressed')).toHaveLength(30)
    // A ratio beside its reference, with room for a busy machine: it may not wait for the flood.
    expect(Math.min(...during)).toBeLessThan(Math.max(...alone) + 100)
    expect(Math.max(...during)).toBeLessThan(Math.max(...alone) + 2_000)

    const id = (await outages())[0]?.id ?? ''
    const page = await list({ parent: id })
    expect(page).toHaveLength(200)
    expect(new Set(page.map(({ type, parent }) => `${type} ${parent}`))).toEqual(new Set([`mains-lost ${id}`]))

    for (const batch of some(0, 8)) await restore(some(batch * 100 + 1, batch * 100 + 100))
    await here.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'new', condition: 'active', children: 100 }])
    await restore(some(901, 1_000))
    await Promise.all([here.runOnce(), elsewhere.runOnce()])
    await here.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'closed', condition: 'returned', children: 0, over: true }])
    expect(new Set((await queue()).map((row) => row.split(' ')[0]))).toEqual(new Set(['sos-pressed']))
  })
})

test('nine homes are no outage; the tenth within the minute makes it one, whichever server sees it', async () => {
  await lose(some(1, 9))
  await here.runOnce()
  expect(await outages()).toEqual([])
  await centre.store.passes(50_000)
  await lose([10])
  await Promise.all([here.runOnce(), elsewhere.runOnce()])
  await Promise.all([here.runOnce(), elsewhere.runOnce()])
  expect(await outages()).toMatchObject([{ children: 10 }])
})

test('what is lost later in the same street joins; another street has its own, and homes of no known street their centre', async () => {
  await lose([...some(1, 12), ...some(1_001, 1_012), ...some(1_101, 1_111)])
  await here.runOnce()
  await centre.store.passes(5 * minute)
  await lose([20])
  await here.runOnce()
  expect((await queue()).toSorted()).toEqual(['outage 330102002 12', 'outage East 11', 'outage 望江街道 13'])
})

describe('one home’s lost mains', () => {
  test('are in nobody’s queue for half an hour to an hour; then they are', async () => {
    await lose([1])
    await here.runOnce()
    expect(await queue()).toEqual([])
    expect(centre.frames).toEqual([])
    expect((await list({ home: 'home-1' })).map(({ type }) => type)).toEqual(['mains-lost'])
    await centre.store.passes(29 * minute)
    await here.runOnce()
    expect(await queue()).toEqual([])
    await centre.store.passes(31 * minute + 1_000)
    await Promise.all([here.runOnce(), elsewhere.runOnce()])
    expect(await queue()).toEqual(['mains-lost Home 1'])
    expect(told().map(({ type }) => type)).toEqual(['mains-lost'])
  })
  test('that come back before are told to nobody', async () => {
    await lose([1])
    await centre.store.passes(20 * minute)
    await restore([1])
    await centre.store.passes(2 * 60 * minute)
    await here.runOnce()
    expect(await queue()).toEqual([])
    expect(centre.frames).toEqual([])
  })
  test('are shown at once when little of the battery is left, also when that is said later', async () => {
    await centre.intake.commit([mains(1, 'raised', { batteryPercent: 29 }), mains(2, 'raised', { batteryPercent: 90 })])
    expect(await queue()).toEqual(['mains-lost Home 1'])
    await centre.intake.commit([mains(2, 'raised', { batteryPercent: 12 })])
    expect((await queue()).toSorted()).toEqual(['mains-lost Home 1', 'mains-lost Home 2'])
    expect(told().map(({ type }) => type)).toEqual(['mains-lost', 'mains-lost'])
  })
  test('do not all come due in one breath', async () => {
    await centre.intake.commit(some(1_101, 1_109).map((home) => mains(home)))
    const [row] = await centre.store.sql<{ spread: number }>(
      'select extract(epoch from max(held_until) - min(held_until))::float8 as spread from alarm',
    )
    expect(row?.spread).toBeGreaterThan(30)
  })
})

describe('silent gateways', () => {
  test('of a street are one outage; those that a console has shown leave its queue', async () => {
    await centre.intake.commit(some(1, 15).map((home) => silent(home)))
    expect(await queue()).toHaveLength(15)
    await here.runOnce()
    expect(await list()).toMatchObject([{ type: 'outage', folds: 'gateway-silent', children: 15 }])
    const [outage] = await outages()
    expect(told().filter(({ type, parent }) => type === 'gateway-silent' && parent === outage?.id)).toHaveLength(15)
    await centre.intake.commit(some(1, 15).map((home) => silent(home, 'returned')))
    await here.runOnce()
    expect(await queue()).toEqual([])
  })
  test('that somebody has in hand stay with them', async () => {
    await centre.intake.commit(some(1, 12).map((home) => silent(home)))
    const [one] = await list()
    await centre.alarms.command(centre.person('li'), one?.id as AlarmId, { type: 'claim' })
    await here.runOnce()
    expect((await list()).map(({ type, handling }) => `${type} ${handling}`).toSorted()).toEqual([
      'gateway-silent claimed',
      'outage new',
    ])
  })
  test('that follow a power cut are a part of it, and a home counts once', async () => {
    await lose(some(1, 12))
    await here.runOnce()
    await centre.store.passes(4 * 60 * minute)
    await centre.intake.commit(some(1, 12).map((home) => silent(home)))
    await here.runOnce()
    expect(await queue()).toEqual(['outage 望江街道 12'])
    await restore(some(1, 12))
    await here.runOnce()
    expect(await queue()).toEqual(['outage 望江街道 12'])
    await centre.intake.commit(some(1, 12).map((home) => silent(home, 'returned')))
    await here.runOnce()
    expect(await queue()).toEqual([])
  })

  test('put the crowd first for as long as somebody at high risk is in it', async () => {
    await lose(some(1, 12))
    await here.runOnce()
    await lose(some(1_001, 1_012))
    await here.runOnce()
    const [other, theirs] = await first()
    await centre.intake.commit([1_003, 1_004].map((home) => ofHighRisk(home, 'raised')))
    await here.runOnce()
    expect(await first()).toEqual([`${theirs} first`, other])
    await centre.intake.commit([ofHighRisk(1_003, 'returned')])
    await here.runOnce()
    expect(await first()).toEqual([`${theirs} first`, other])
    await centre.intake.commit([ofHighRisk(1_004, 'returned')])
    await here.runOnce()
    expect(await first()).toEqual([other, theirs])
  })
})

describe('an outage that somebody holds', () => {
  const disposition = { code: 'technical', cause: 'other', outcome: 'repaired' } as const
  const closeIt = (id: AlarmId, lease: number) =>
    centre.alarms.command(centre.person('li'), id, { type: 'close', lease, disposition, note: null })

  test('cannot be closed over the heads of those who are still in it', async () => {
    const { id, lease } = await held()
    await expect(closeIt(id, lease)).rejects.toMatchObject({ code: 'transition-refused', message: /^12 homes/ })
  })
  test('stays with them when all is restored; what is lost meanwhile joins it again', async () => {
    const { id, lease } = await held()
    await restore(some(1, 12))
    await here.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'claimed', condition: 'returned', children: 0, over: false }])
    await lose([3])
    await here.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'claimed', condition: 'active', children: 1 }])
    await restore([3])
    await here.runOnce()
    await closeIt(id, lease)
    await here.runOnce()
    // A close can be undone for a minute.
    expect(await outages()).toMatchObject([{ handling: 'closed', over: false }])
    await centre.store.passes(61_000)
    await here.runOnce()
    expect(await outages()).toMatchObject([{ handling: 'closed', over: true }])
    await lose(some(1, 12))
    await here.runOnce()
    expect(await outages()).toMatchObject([{ over: true }, { handling: 'new', children: 12 }])
  })
})

test('it shows an area, not the home that happened to be first', async () => {
  await centre.intake.commit([mains(1)])
  await lose(some(2, 12))
  await here.runOnce()
  const [outage] = await list()
  expect(outage?.home).toEqual({
    name: '望江街道',
    address: '望江街道',
    residentName: null,
    residentAge: null,
    placementName: '望江街道',
  })
  const { detail } = await centre.queries.detail(identityOf(centre.person('li')), outage?.id as AlarmId)
  expect(detail).toMatchObject({ contacts: [], resident: null, folds: 'mains-lost', children: 12 })
  expect(detail.timeline.map(({ kind }) => kind)).toEqual(['raised'])
  const family = identityOf(centre.person('son', 'family'), outage?.homeId as never)
  expect((await centre.queries.list(family, {})).items).toEqual([])
  // Asked for its alarms, that home has its own loss and nothing else.
  expect((await list({ home: outage?.homeId ?? '' })).map(({ type }) => type)).toEqual(['mains-lost'])
})

const step = (id: string, kind: 'check') =>
  ({ id, kind, text: { 'zh-CN': id, en: id }, required: false, completedBy: 'by-hand' }) as const
test('it has the plan of the centre for outages and no home’s, and nobody of the home it happens to name is called or asked', async () => {
  const boss = centre.person('zhou', 'supervisor')
  for (const n of some(1, 12))
    await centre.plans.put(boss, { home: `home-${n}`, type: 'outage', steps: [step(`of-home-${n}`, 'check')] })
  const planOf = async (id: AlarmId) => (await centre.queries.detail(identityOf(centre.person('li')), id)).detail.plan
  const { id, lease } = await held()
  // Without one of its own: the standard one, and no contact to call in it.
  expect(await planOf(id)).toMatchObject({ source: 'standard', kept: true })
  expect((await planOf(id)).steps.map(({ kind }) => kind)).toEqual(['check', 'note', 'close'])
  await centre.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position)
     select 'contact-of-' || n, 'east', 'home-' || n, 'Son', 'son', '1', 1 from generate_series(1, 12) n`,
  )
  const [row] = await centre.store.sql<{ home: string }>('select home from alarm where id = $1', [id])
  const theirs = `contact-of-${row?.home.slice(5)}`
  const calls = centre.alarms.command(centre.person('li'), id, {
    type: 'contact',
    lease,
    contact: theirs,
    outcome: 'reached',
    reached: true,
  })
  await expect(calls).rejects.toMatchObject({ code: 'contact-unknown' })
  const [contact] = await centre.store.sql('select last_outcome from contact where id = $1', [theirs])
  expect(contact).toEqual({ last_outcome: null })
  await centre.store.sql('truncate alarm, event, timeline, live_block, outage cascade')
  await centre.store.passes(1_000)
  await centre.plans.put(boss, { type: 'outage', steps: [step('of-the-centre', 'check')] })
  await centre.store.passes(1_000)
  const again = await held()
  expect(await planOf(again.id)).toMatchObject({ source: 'type', steps: [{ id: 'of-the-centre' }] })
  await centre.store.sql(`delete from contact where id like 'contact-of-%'; truncate response_plan cascade`)
})

test.for(['fire', 'power-company'] as const)('what the %s is told of it names no home, and nobody', async (agency) => {
  const { id, lease } = await held()
  const handOver = { type: 'hand-over', lease, agency, note: null, onTheWay: false } as const
  const { handover } = await centre.alarms.command(centre.person('li'), id, handOver)
  expect(handover?.text.en).toContain('Where: 望江街道')
  expect(handover?.text.en).toContain('Homes: 12 affected now')
  const [kept] = await centre.store.sql('select text, masked from agency_handover where alarm = $1', [id])
  expect(JSON.stringify(kept)).not.toMatch(/Street|Home 1|王秀梅|4711|•|独居|岁/)
})

test('a server that was away for half an hour still sees what happened meanwhile', async () => {
  await lose(some(1, 11))
  await centre.store.passes(28 * minute)
  await here.runOnce()
  expect(await queue()).toEqual(['outage 望江街道 11'])
})
