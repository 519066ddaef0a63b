import { type AlarmId, type Clock, type Monotonic, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { startAuditing } from '../app/auditing.ts'
import { type ClockWatch, startClockWatch } from '../database/clock-watch.ts'
import { openDatabase } from '../database/database.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createRoster } from '../roster/roster.ts'
import { startEscalator } from './escalator.ts'
import { createEscalations } from './runs.ts'

// The database's clock is set: nobody may wait for a step any longer because of it than for that step's own time.

/** Of our own clock, which never jumps: what has passed beside real time. */
let passedMs = 0
const clock: Clock = {
  ...systemClock,
  monotonic: () => (systemClock.monotonic() + passedMs) as Monotonic,
  every: () => ({ cancel: () => undefined }),
}
const told: string[] = []
const say = (_: object, message: string) => void told.push(message.replace(/:.*/, ''))
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

let centre: AlarmCentre
let closers: (() => Promise<void>)[] = []
let escalator: ReturnType<typeof startEscalator>
let auditor: ReturnType<typeof startAuditing>
let watch: ClockWatch

/** Another server's, on a connection of its own. */
function aWatch(): ClockWatch {
  const database = openDatabase({ url: centre.store.url, clock: systemClock, random: systemRandom, log: quiet })
  const started = startClockWatch({ database, clock, log: { error: say, warn: say } })
  closers.push(async () => {
    await started.stop()
    await database.close()
  })
  return started
}

beforeEach(async () => {
  centre = await anAlarmCentre()
  const { database, intake } = centre
  const parts = { database, clock, log: quiet }
  watch = aWatch()
  escalator = startEscalator({
    ...parts,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock: systemClock, random: systemRandom, sends: () => true, onQueued: () => undefined }),
    roster: createRoster(),
  })
  auditor = startAuditing({ ...parts, intake, escalations: createEscalations(() => undefined) })
  told.length = 0
  await watch.look()
})
afterEach(async () => {
  await Promise.all([escalator.stop(), auditor.stop()])
  for (const close of closers) await close()
  closers = []
  await centre.close()
})

/** So many seconds pass, for our own clock and the database's machine alike; the first server looks all the while. */
async function passes(s: number): Promise<void> {
  for (let left = s; left > 0; left -= 2) {
    passedMs += seconds(Math.min(left, 2))
    await centre.store.passes(seconds(Math.min(left, 2)))
    await watch.look()
  }
}
/** Nobody but the machine's clock notices. */
const isSet = (s: number) => centre.store.passes(seconds(s))
async function now(): Promise<number> {
  const [row] = await centre.store.sql<{ now: Date }>('select app_now() as now')
  return row?.now.getTime() ?? 0
}
async function aheadS(): Promise<number> {
  const [row] = await centre.store.sql<{ s: number }>(
    'select round(extract(epoch from app_now() - machine_now()))::float8 as s',
  )
  return row?.s ?? Number.NaN
}
async function aPress(): Promise<AlarmId> {
  await centre.intake.commit([centre.press()])
  const [row] = await centre.store.sql<{ id: AlarmId }>(`select id from alarm where type = 'sos-pressed'`)
  if (!row) throw new Error('the press opened no alarm')
  await escalator.runOnce()
  return row.id
}
async function centreStep(): Promise<number | undefined> {
  await escalator.runOnce()
  const [row] = await centre.store.sql<{ step: number }>(`select step from escalation where track = 'centre'`)
  return row?.step
}

test('a clock that is set back ten minutes holds up no step for longer than the step’s own time', async () => {
  await aPress()
  await passes(10)
  await isSet(-600)
  await watch.look()
  await passes(10)
  expect(await centreStep()).toBe(0)
  // 30 s in all, of which a quarter of the time since is made up for.
  await passes(20)
  expect(await centreStep()).toBe(1)
  expect(watch.agrees).toBe(false)
  expect(told).toEqual(['the database’s clock was set back'])
})

test('a lease of a console that is gone ends, too', async () => {
  const id = await aPress()
  await centre.alarms.command(centre.person('li'), id, { type: 'claim' })
  await isSet(-3_600)
  await watch.look()
  await passes(85)
  await centre.deadlines.runOnce()
  const [alarm] = await centre.store.sql('select handling, abandoned from alarm where id = $1', [id])
  expect(alarm).toEqual({ handling: 'new', abandoned: true })
})

test('and the auditor sees that nobody does what is due', async () => {
  await aPress()
  await isSet(-600)
  await watch.look()
  await passes(45)
  const late = await auditor.look()
  expect(late.map(({ what }) => what)).toContain('centre')
})

test('three servers that notice it make up for it once, and time goes back to the machine’s', async () => {
  const others = [aWatch(), aWatch()]
  for (const other of others) await other.look()
  const before = await now()
  await isSet(-60)
  await Promise.all([watch, ...others].map((one) => one.look()))
  for (const one of [watch, ...others]) await one.look()
  const since = (await now()) - before
  expect(since).toBeGreaterThanOrEqual(0)
  expect(await aheadS()).toBeLessThanOrEqual(60)
  expect(await aheadS()).toBeGreaterThan(50)
  expect(told).toEqual(Array(3).fill('the database’s clock was set back'))
  await passes(120)
  expect(await aheadS()).toBeGreaterThan(20)
  expect(await aheadS()).toBeLessThan(40)
  await passes(130)
  expect(await aheadS()).toBe(0)
  await watch.look()
  expect(watch.agrees).toBe(true)
})

test('set back once more, and then right: time neither stops nor goes back', async () => {
  const before = await now()
  await isSet(-60)
  await watch.look()
  await passes(8)
  await isSet(-60)
  await watch.look()
  expect(await aheadS()).toBeGreaterThan(110)
  expect((await now()) - before).toBeGreaterThanOrEqual(seconds(6))
  await isSet(120)
  expect(await aheadS()).toBeLessThanOrEqual(4)
  expect((await now()) - before).toBeGreaterThanOrEqual(seconds(8))
})

test('who begins when it has been set back already knows it from what others saw', async () => {
  await passes(60)
  const before = await now()
  await watch.look()
  await isSet(-600)
  const later = aWatch()
  await later.look()
  // Written down every ten seconds.
  expect((await now()) - before).toBeGreaterThanOrEqual(seconds(-10))
  expect(told).toEqual(['the database’s clock was set back'])
})

describe('what is only told', () => {
  test('a clock that is set forward: what was due by then is due', async () => {
    await isSet(300)
    await watch.look()
    await watch.look()
    expect(told).toEqual(['the database’s clock was set forward'])
    expect(await aheadS()).toBe(0)
  })

  test('one that was wrong by more than a day: nobody should go on by it', async () => {
    await isSet(-25 * 3_600)
    await watch.look()
    await watch.look()
    await aWatch().look()
    expect(told).toEqual(['the database’s clock was set back by more than can be made up for'])
    expect(await aheadS()).toBe(0)
  })

  test('that a test has time stand still: nothing', async () => {
    await centre.store.standsAt('2026-06-15T04:00:00Z')
    await watch.look()
    await watch.look()
    expect(told).toEqual([])
  })
})
