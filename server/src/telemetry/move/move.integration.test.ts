import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anInfluxDouble, type InfluxDouble } from '../../../../tests/harness/influx-double.ts'
import { postgresStore } from '../postgres-store.ts'
import { influxEnd, postgresEnd } from './ends.ts'
import { type MoveState, nothingYet } from './ledger.ts'
import { move } from './move.ts'
import { aDatabase, batchOf, moveEndsSuite, power } from './move-ends.suite.ts'
import { postgresErased } from './postgres-erased.ts'
import { postgresLedger } from './postgres-ledger.ts'
import type { Said } from './said.ts'

let double: InfluxDouble
beforeAll(async () => {
  double = await anInfluxDouble()
})
afterAll(() => double.end())

describe('between PostgreSQL and an InfluxDB (a double)', () => {
  moveEndsSuite(async (keptS) => double.aBucket(keptS))
})

const busy = () => ({
  status: 429,
  headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': '1' },
  text: JSON.stringify({ code: 'too many requests', message: 'busy' }),
})

test('an InfluxDB that is busy, or hangs up, is waited for as long as it asks', async () => {
  const here = await aDatabase()
  await postgresStore(here.database).write(batchOf('home-1', [power([[1_000, 1]])]))
  const source = postgresEnd(here.database)
  const target = influxEnd(double.aBucket(), systemClock)
  const ledger = postgresLedger(here.database, source.id, target.id)
  const told: Said[] = []
  const { signal } = new AbortController()
  const moved = await move(
    {
      source,
      target,
      ledger,
      readErased: postgresErased(here.database),
      clock: systemClock,
      random: seededRandom(1),
      signal,
      tell(said) {
        told.push(said)
        if (said.is === 'begun') double.mischief.push(busy, 'cut')
      },
    },
    { restart: false, compareOnly: false, leaveOld: false, inUse: false },
  )
  expect(moved).toMatchObject({ found: { series: 1, different: 0 } })
  const waits = told.flatMap((said) => (said.is === 'waiting' ? [said] : []))
  expect(waits.map(({ why }) => why)).toEqual(['InfluxDB said 429: busy', expect.stringMatching(/ECONNRESET|socket/)])
  expect(waits[0]?.wait).toBeGreaterThanOrEqual(1_250)
  await target.close()
  await here.close()
})

describe('how far a move has come, in PostgreSQL', () => {
  const state: MoveState = {
    phase: 'copy',
    since: -62_135_596_800_000,
    until: 1_772_352_000_000,
    position: { series: { home: 'home-1', placement: 'meter', point: 'power', unit: 'W' }, at: 1_772_351_999_999 },
    counts: {
      ...nothingYet,
      series: 3,
      samples: 5_000_000_000,
      tooOld: 1,
      refused: 2,
      erased: 6,
      later: 4,
      compared: 5,
    },
  }

  test('comes back as it was saved, each direction for itself', async () => {
    const here = await aDatabase()
    const ledger = postgresLedger(here.database, 'a', 'b')
    expect(await ledger.last()).toBeUndefined()
    await ledger.take(state)
    expect(await ledger.last()).toEqual(state)
    const whole: MoveState = { ...state, phase: 'verify', position: { ...state.position, at: undefined } as never }
    await ledger.save(whole)
    expect(await ledger.last()).toEqual(whole)
    await ledger.save({ ...state, position: undefined })
    expect((await ledger.last())?.position).toBeUndefined()
    expect(await postgresLedger(here.database, 'b', 'a').last()).toBeUndefined()
    await here.close()
  })

  test('is one process’s at a time: who took it before can save nothing any more', async () => {
    const here = await aDatabase()
    const [first, second] = [postgresLedger(here.database, 'a', 'b'), postgresLedger(here.database, 'a', 'b')]
    await first.take(state)
    await second.take({ ...state, until: 7 })
    await expect(first.save(state)).rejects.toMatchObject({ code: 'request-malformed', message: /another process/ })
    expect((await second.last())?.until).toBe(7)
    await here.close()
    await expect(second.save(state)).rejects.toMatchObject({ code: 'telemetry-unavailable' })
  })

  test('no person sees it: it names homes of all centres', async () => {
    const here = await aDatabase()
    await postgresLedger(here.database, 'a', 'b').take(state)
    const person = {
      kind: 'person',
      person: 'p',
      name: 'P',
      session: '00000000-0000-4000-8000-000000000000',
      role: 'admin',
      centre: 'centre-a',
    }
    const seen = await here.database.transaction(person as never, (tx) => tx.query('select 1 from telemetry_move'))
    expect(seen).toEqual([])
    await here.close()
  })
})
