import { type Clock, type Monotonic, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { createLedger } from '../notifications/ledger.ts'
import type { Destination } from '../notifications/takers.ts'
import { createRoster } from '../roster/roster.ts'
import { type Escalator, startEscalator } from './escalator.ts'

let centre: AlarmCentre
let escalator: Escalator
let now = systemClock.monotonic()
/** What is looked for every so many milliseconds, when a test says so. */
const looks = new Map<number, () => void>()
const clock: Clock = {
  ...systemClock,
  monotonic: () => now,
  every: (length, look) => {
    looks.set(length, look)
    return { cancel: () => looks.delete(length) }
  },
}
const start = (sends: (to: Destination) => boolean = () => true) =>
  startEscalator({
    database: centre.database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock, random: systemRandom, sends, onQueued: () => undefined }),
    roster: createRoster(),
    clock,
    log: { error: () => undefined },
  })
const passes = (s: number) => {
  now = (now + seconds(s)) as Monotonic
}
beforeAll(async () => {
  centre = await anAlarmCentre()
  escalator = start()
})
afterAll(async () => {
  await escalator.stop()
  await centre.close()
})

/** Nothing is there, and nothing is put aside any more. */
async function aFreshStart(): Promise<void> {
  passes(3)
  await centre.store.sql('truncate notification, alarm, event, timeline, live_block, escalation cascade')
}

async function due(): Promise<number> {
  const [row] = await centre.store.sql<{ n: number }>(
    'select count(*)::integer as n from escalation where due_at <= app_now()',
  )
  return row?.n ?? 0
}
const idOf = async (placement: string) =>
  (await centre.store.sql<{ id: string }>('select id from alarm where placement = $1', [placement]))[0]?.id

async function untilNothingIsDue(): Promise<number> {
  let looked = 0
  for (let found = await escalator.runOnce(); found > 0; found = await escalator.runOnce()) looked += found
  return looked
}

const stateOf = async (placement: string) =>
  (
    await centre.store.sql<{ state: string }>(
      `select state from escalation join alarm on alarm.id = alarm where track = 'centre' and placement = $1`,
      [placement],
    )
  )[0]?.state

test('however many escalations cannot go on, one that can does; and those are tried again', async () => {
  const broken = Array.from({ length: 120 }, (_, n) => centre.press({ placement: `broken-${n}` }))
  await centre.intake.commit(broken)
  await centre.store.sql(`update escalation set policy = '{}'`)
  await centre.store.passes(1_000)
  await centre.intake.commit([centre.press({ placement: 'bed-sos' })])
  expect(await stateOf('bed-sos')).toBe('starting')
  // Two tracks each.
  expect(await untilNothingIsDue()).toBe(242)
  expect(await stateOf('bed-sos')).toBe('running')
  passes(3)
  expect(await escalator.runOnce()).toBe(40)
})

test('one that waits too long in a database that answers is put aside, and the others go on', async () => {
  await aFreshStart()
  const homes = Array.from({ length: 30 }, (_, n) => centre.press({ placement: `room-${n}` }))
  await centre.intake.commit(homes)
  // As a statement that is cut off after its five seconds, without the five seconds.
  await centre.store.sql(`create or replace function too_slow() returns trigger language plpgsql as
      $$ begin raise 'canceling statement due to statement timeout' using errcode = '57014'; end $$;
    create trigger too_slow before update on escalation for each row
      when (new.alarm = '${await idOf('room-3')}') execute function too_slow()`)
  await untilNothingIsDue()
  const states = await centre.store.sql<{ state: string; n: number }>(
    'select state, count(*)::integer as n from escalation group by state order by state',
  )
  expect(states).toEqual([
    { state: 'running', n: 29 },
    // Of each, what waits until somebody should have been reached.
    { state: 'starting', n: 32 },
    // Their families have nobody.
    { state: 'waiting', n: 29 },
  ])
  await centre.store.sql('drop trigger too_slow on escalation; drop function too_slow')
})

test('woken once, it works off two hundred; a stop ends it between two batches, and what is left is still due', async () => {
  await aFreshStart()
  passes(6)
  await centre.intake.commit(Array.from({ length: 100 }, (_, n) => centre.press({ placement: `room-${n}` })))
  escalator.wake()
  await until('all of them go on', async () => (await due()) === 0, { withinMs: 10_000 })

  await aFreshStart()
  await centre.intake.commit(Array.from({ length: 200 }, (_, n) => centre.press({ placement: `room-${n}` })))
  const other = start()
  passes(6)
  other.wake()
  await until('it has begun', async () => (await due()) < 400, { withinMs: 5_000, everyMs: 1 })
  await other.stop()
  const left = await due()
  expect(left).toBeGreaterThan(0)
  await until('nobody goes on', async () => (await due()) === left, { withinMs: 1_000 })
})

test('a track that cannot go on holds up none of the others', async () => {
  await aFreshStart()
  await centre.intake.commit([centre.press({ placement: 'hall-sos', type: 'fall-detected' })])
  await centre.store.sql(`update escalation set policy = '{}' where track = 'family'`)
  await centre.store.passes(15 * 60_000)
  await escalator.runOnce()
  const tracks = await centre.store.sql('select track, state from escalation order by track')
  expect(tracks).toEqual([
    { track: 'centre', state: 'running' },
    { track: 'family', state: 'starting' },
    { track: 'long-lie', state: 'running' },
  ])
})

test('who has just begun leaves to the others what has only just become due', async () => {
  await aFreshStart()
  const soon = { withinMs: 5_000 }
  const fresh = start()
  await centre.store.standsAt('2026-11-01T08:00:00Z')
  await centre.intake.commit([centre.press({ placement: 'bath-sos' })])
  await centre.store.passes(500)
  await centre.intake.commit([centre.press({ placement: 'bed-sos' })])
  fresh.wake()
  await until('the older one goes on', async () => (await stateOf('bath-sos')) === 'running', soon)
  await fresh.stop()
  expect(await stateOf('bed-sos')).toBe('starting')

  const grown = start()
  passes(6)
  grown.wake()
  await until('the newer one goes on, too', async () => (await stateOf('bed-sos')) === 'running', soon)
  await grown.stop()
})

test('who has just begun and is alone is late by one look of the others and a short one of its own', async () => {
  await aFreshStart()
  const alone = start()
  await centre.store.standsAt('2026-11-02T08:00:00Z')
  await centre.intake.commit([centre.press({ placement: 'bed-sos' })])
  await centre.store.passes(500)
  const every = Math.min(...looks.keys())
  expect(every).toBeLessThanOrEqual(100)
  looks.get(every)?.()
  await until('it goes on', async () => (await stateOf('bed-sos')) === 'running', { withinMs: 5_000 })
  passes(6)
  looks.get(every)?.()
  expect(looks.has(every)).toBe(false)
  await alone.stop()
})

test('what nobody here can send has failed as it is asked, and the next wave leaves in the same transaction', async () => {
  await aFreshStart()
  await centre.store.sql(`insert into way (id, centre, home, owner_kind, owner, channel, address, position) values
    ('mail', 'east', 'home-1', 'contact', 'c1', 'email', 'son@example.org', 1),
    ('sms', 'east', 'home-1', 'contact', 'c1', 'sms', '+8613900001111', 2)`)
  await centre.store.standsAt('2026-11-03T08:00:00Z')
  await centre.intake.commit([centre.press()])
  const fleet = start(({ channel }) => channel !== 'email')
  expect(await fleet.runOnce()).toBeGreaterThan(0)
  const asked = await centre.store.sql(
    `select channel, state, why, failed_at = queued_at as at_once, due_at is not null as due, tries, wave from notification
     where track = 'family' order by wave`,
  )
  expect(asked).toEqual([
    { channel: 'email', state: 'failed', why: 'no-provider', at_once: true, due: false, tries: 0, wave: 0 },
    { channel: 'sms', state: 'queued', why: null, at_once: null, due: true, tries: 0, wave: 1 },
  ])
  const told = await centre.store.sql(
    `select kind, detail -> 'recipients' -> 0 as whom from timeline where detail ->> 'track' = 'family' order by id`,
  )
  const son = { kind: 'contact', id: 'c1', name: 'Son' }
  expect(told).toEqual([
    { kind: 'escalated', whom: { ...son, channel: 'email' } },
    { kind: 'undeliverable', whom: { ...son, channel: 'email', why: 'no-provider' } },
    { kind: 'escalated', whom: { ...son, channel: 'sms' } },
  ])
  await fleet.stop()
})

test('a policy that was removed is none: what only it was for is asked about by nobody', async () => {
  const tracks = { centre: { startAfterS: 60, repeatAfterS: 60, quietWhileHeld: true, steps: [] } }
  await centre.store.sql(
    `insert into escalation_policy (id, centre, class, tracks, changed_at) values ('p', 'east', 'technical', $1, now())`,
    [JSON.stringify(tracks)],
  )
  const lost = async () => {
    await aFreshStart()
    await centre.intake.commit([centre.press({ type: 'tamper', class: 'technical', placement: 'meter' })])
    return (await centre.store.sql('select policy_id from escalation')).length
  }
  expect(await lost()).toBe(1)
  await centre.store.sql(`update escalation_policy set removed_at = now() where id = 'p'`)
  expect(await lost()).toBe(0)
  await centre.store.sql('delete from escalation_policy')
})

test('where more is due than can be done, the graver goes first, of that what nobody has, and what is closed last, however late', async () => {
  await aFreshStart()
  const opened = [
    { placement: 'closed' },
    { placement: 'smoke', type: 'smoke', class: 'hazard' as const },
    { placement: 'held' },
    { placement: 'bed', home: 2 },
  ]
  // What is the least urgent has been due for longest.
  for (const [nth, one] of opened.entries()) {
    await centre.intake.commit([centre.press(one)])
    await centre.store.sql(
      `update escalation set due_at = app_now() - interval '1 s' * ${opened.length - nth}
       from alarm where alarm.id = alarm and placement = '${one.placement}' and escalation.due_at <= app_now()`,
    )
  }
  await centre.store.sql(`
    update alarm set handling = 'parked', person = 'p', person_name = 'P', person_session = 's', until = app_now() + interval '1 h'
    where placement = 'held';
    update alarm set handling = 'closed', closed_at = app_now(), disposition = '{"code":"accidental"}' where placement = 'closed'`)
  const left = async () =>
    (
      await centre.store.sql<{ placement: string }>(
        `select distinct placement from escalation join alarm on alarm.id = alarm where due_at <= app_now() order by placement`,
      )
    ).map(({ placement }) => placement)
  const tracksOfOne = 2
  for (const then of [['closed', 'held', 'smoke'], ['closed', 'smoke'], ['closed'], []]) {
    await escalator.runOnce(tracksOfOne)
    expect(await left()).toEqual(then)
  }
})
