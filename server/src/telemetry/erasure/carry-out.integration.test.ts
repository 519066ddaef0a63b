import { createHash } from 'node:crypto'
import { DomainError, days, instant, minutes, seconds, seededRandom } from '@anju/contract'
import type { ErasureCertificate } from '@anju/contract/erasure'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../../../tests/harness/postgres.ts'
import { until } from '../../../../tests/harness/wait.ts'
import { noteCertificate } from '../../audit/audit.ts'
import { openDatabase } from '../../database/database.ts'
import type { Database } from '../../ports.ts'
import type { Held, TelemetryArchive, TimeRange } from '../archive.ts'
import { postgresArchive } from '../postgres-archive.ts'
import { startErasing } from './carry-out.ts'
import { certificateText } from './certificate-text.ts'
import { ErasedHomes } from './erased-homes.ts'

let data: TestDatabase
let database: Database
let clock: VirtualClock
let other: OtherStore
let stops: (() => void)[]
const warned: unknown[] = []
const log = { info: () => undefined, error: () => undefined, warn: (detail: object) => void warned.push(detail) }

/** A second store, which fails when it is told to. */
class OtherStore implements TelemetryArchive {
  readonly id = 'influxdb here:8086/ anju/anju'
  readonly looksAgainAfter = [minutes(10), days(1)]
  left = 3
  failing = 0
  looks = 0
  readonly excepted: (TimeRange | undefined)[] = []
  async *series() {}
  async *samples() {}
  async held(): Promise<Held> {
    return { series: Math.min(this.left, 1), samples: this.left, buckets: [{ name: 'other', values: this.left }] }
  }
  async erase(_home: string, except?: TimeRange) {
    this.looks++
    this.excepted.push(except)
    if (this.failing > 0) {
      this.failing--
      throw new DomainError('telemetry-unavailable', 'away')
    }
    this.left = 0
  }
}

const asked = Date.parse('2026-03-01T08:00:00Z')
beforeEach(async () => {
  data = await freshDatabase()
  await data.standsAt('2026-03-01T08:00:00Z')
  await data.sql(`insert into centre (id, name) values ('east', 'East')`)
  await data.sql(`insert into home (id, centre, name) values ('home-1', 'east', '1'), ('home-2', 'east', '2')`)
  await data.sql(`insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at)
                  values ('gw-1', 'east', 'home-1', 's', '', app_now(), app_now())`)
  await data.sql(`insert into series (centre, home, placement, point, unit)
                  values ('east', 'home-1', 'meter', 'power', 'W'), ('east', 'home-2', 'meter', 'power', 'W')`)
  await data.sql(
    `insert into measurement (series, at, value) select id, $1::bigint + n, 1 from series, generate_series(-5, 4) n`,
    [asked],
  )
  await data.sql(`insert into quarantine (centre, gateway, at, topic, code, why, sample, payload_bytes) values
    ('east', 'gw-1', app_now(), 'anju/v1/gw-1/up/telemetry', 'message-malformed', '', 'x', 1),
    ('east', 'gw-1', app_now(), 'anju/v1/gw-1/up/event', 'message-malformed', '', 'x', 1)`)
  database = openDatabase({ url: data.url, clock: systemClock, random: seededRandom(1), log })
  clock = new VirtualClock(instant(asked))
  other = new OtherStore()
  stops = []
  warned.length = 0
})
afterEach(async () => {
  for (const stop of stops) stop()
  await database.close()
  await data.drop()
})

const ask = (id = 'e-1', home = 'home-1') =>
  data.sql(
    `insert into telemetry_erasure (id, centre, home, requested_by, reason, person, person_name, until, state, due_at)
     values ($1, 'east', $2, 'resident', 'asked to', 'p', 'P', app_now(), 'begun', app_now())`,
    [id, home],
  )
function aServer() {
  const archives = [other, postgresArchive(database)]
  const erasing = startErasing({ database, archives, clock, log, certified: noteCertificate })
  stops.push(() => erasing.stop())
  return erasing
}
interface Row {
  state: string
  held: Held | null
  certificate: string | null
  sha256: string | null
  tries: number
}
const row = async () => (await data.sql<Row>('select * from telemetry_erasure where home = $1', ['home-1']))[0] as Row
/** Servers look every few seconds; the database's clock, by which they judge, stands still meanwhile. */
const reaches = (state: string) =>
  until(
    `the state ${state}`,
    async () => {
      await clock.pass(seconds(5))
      return (await row()).state === state
    },
    { withinMs: 5_000 },
  )
/** And wrote down when the next look is due. */
const looked = (times: number) =>
  until(
    `look ${times}`,
    async () => {
      await clock.pass(seconds(5))
      const [open] = await data.sql('select from telemetry_erasure where due_at > app_now() and turn_until is null')
      return open !== undefined && other.looks === times
    },
    { withinMs: 5_000 },
  )
const samplesOf = (home: string) =>
  data.sql<{ at: string }>(
    'select at - $2::bigint as at from measurement join series on id = series where home = $1 order by measurement.at',
    [home, asked],
  )

test('what is there is counted, erased in every store, and certified when nothing has come back for a while', async () => {
  await ask()
  aServer().wake()
  await reaches('erased')
  expect((await samplesOf('home-1')).map(({ at }) => Number(at))).toEqual([0, 1, 2, 3, 4])
  expect(await samplesOf('home-2')).toHaveLength(10)
  expect(await data.sql('select topic from quarantine')).toEqual([{ topic: 'anju/v1/gw-1/up/event' }])
  expect((await row()).held).toEqual({
    series: 2,
    samples: 8,
    buckets: [
      { name: 'other', values: 3 },
      { name: 'postgresql', values: 5 },
      { name: 'quarantine', values: 1 },
    ],
  })
  expect(other.excepted).toEqual([{ from: asked, to: asked + 86_400_000 }])

  await data.passes(minutes(10) - 1)
  await clock.pass(seconds(5))
  expect(other.looks).toBe(1)
  await data.passes(1)
  await looked(2)
  // PostgreSQL is sure after ten minutes; the other store is not.
  await data.passes(days(1) - 1)
  await clock.pass(seconds(5))
  expect(await row()).toMatchObject({ state: 'erased', certificate: null })
  await data.passes(1)
  await reaches('done')
  const { certificate, sha256 } = await row()
  expect(sha256).toBe(
    createHash('sha256')
      .update(certificate ?? '')
      .digest('hex'),
  )
  expect(JSON.parse(certificate ?? '')).toMatchObject({
    home: 'home-1',
    until: '2026-03-01T08:00:00.000Z',
    erasedAt: '2026-03-01T08:00:00.000Z',
    lookedAgainAt: ['2026-03-01T08:10:00.000Z', '2026-03-02T08:10:00.000Z'],
    certifiedAt: '2026-03-02T08:10:00.000Z',
    erased: { samples: 8 },
    stores: ['influxdb here:8086/ anju/anju', 'postgresql'],
    storesLeft: [],
    cameBack: { samples: 0 },
  })
  expect(await data.sql('select person, role, action, subjects, purpose from audit')).toEqual([
    {
      person: 'p',
      role: 'system',
      action: 'telemetry-erasure.proven',
      subjects: ['home-1', 'e-1'],
      purpose: `certificate sha256 ${sha256}`,
    },
  ])
})

test('what a store that did not know yet wrote meanwhile is erased as well, and the certificate says so', async () => {
  await ask()
  aServer().wake()
  await reaches('erased')
  other.left = 2
  await data.passes(minutes(10))
  await looked(2)
  expect(other.left).toBe(0)
  // A task that had begun before the erasure writes what it had read, hours later.
  other.left = 5
  await data.passes(days(1))
  await reaches('done')
  expect(other.left).toBe(0)
  expect(JSON.parse((await row()).certificate ?? '')).toMatchObject({
    erased: { samples: 8 },
    cameBack: { series: 2, samples: 7, buckets: [{ name: 'other', values: 7 }, {}, {}] },
  })
})

test('a look that a crash ended half-way counts once what came back', async () => {
  await ask()
  aServer().wake()
  await reaches('erased')
  other.left = 2
  other.failing = 1
  await data.passes(minutes(10))
  await looked(2)
  expect(warned).toHaveLength(1)
  await data.passes(minutes(1))
  await looked(3)
  await data.passes(days(1))
  await reaches('done')
  expect(JSON.parse((await row()).certificate ?? '')).toMatchObject({ cameBack: { samples: 2 } })
})

test('a store that measurements were moved from, and that the server is not told of now, is certified as left and not as erased', async () => {
  const moved = 'influxdb there:8086/ anju/anju'
  await data.sql(
    `insert into telemetry_move (source, target, phase, since, until, series, samples, too_old, refused, erased, later, compared, saved_at)
     values ($1, 'postgresql', 'done', 0, 1, 0, 0, 0, 0, 0, 0, 0, app_now())`,
    [moved],
  )
  await ask()
  aServer().wake()
  await reaches('erased')
  await data.passes(minutes(10))
  await looked(2)
  await data.passes(days(1))
  await reaches('done')
  const certificate = JSON.parse((await row()).certificate ?? '') as ErasureCertificate
  expect(certificate).toMatchObject({ stores: [other.id, 'postgresql'], storesLeft: [moved] })
  const written = { canonical: '', sha256: '' }
  expect(certificateText(certificate, written, 'en', 'Asia/Shanghai')).toContain(`- What ${moved} may still have:`)
  expect(certificateText(certificate, written, 'zh-CN', 'Asia/Shanghai')).toContain(`- ${moved} 中可能仍有的数据：`)
})

test('a store that is away is asked again later; what was counted first is what is certified', async () => {
  other.failing = 1
  await ask()
  aServer().wake()
  await looked(1)
  expect(warned).toHaveLength(1)
  // The other one was not reached, and is not taken for erased.
  expect(await samplesOf('home-1')).toHaveLength(10)
  other.left = 1
  await clock.pass(minutes(1))
  expect(await row()).toMatchObject({ state: 'begun', held: { samples: 8 } })
  await data.passes(minutes(1))
  await clock.pass(seconds(5))
  await reaches('erased')
  expect((await row()).held).toMatchObject({ samples: 8 })
  expect(await samplesOf('home-1')).toHaveLength(5)
})

test('a server that dies half-way leaves it to another one, after its turn and not before', async () => {
  await ask()
  const dying = aServer()
  const died = new Promise<void>((resolve) => {
    other.erase = () => {
      resolve()
      return new Promise(() => undefined)
    }
  })
  dying.wake()
  await died
  dying.stop()
  expect(await row()).toMatchObject({ state: 'begun', held: { samples: 8 } })
  other = new OtherStore()
  const heir = aServer()
  heir.wake()
  await clock.pass(seconds(30))
  expect((await row()).state).toBe('begun')
  await data.passes(minutes(5) + 1)
  heir.wake()
  await reaches('erased')
  expect((await row()).held).toMatchObject({ samples: 8 })
  expect(await samplesOf('home-1')).toHaveLength(5)
})

test('of two servers each erasure is one’s', async () => {
  await ask('e-1', 'home-1')
  await ask('e-2', 'home-2')
  const servers = [aServer(), aServer()]
  for (const server of servers) server.wake()
  await reaches('erased')
  await until(
    'the other one',
    async () => (await data.sql(`select from telemetry_erasure where state = 'erased'`)).length === 2,
    {
      withinMs: 5_000,
    },
  )
  expect(other.excepted).toHaveLength(2)
})

test('every server hears of an erased home: of the old ones when it starts, of a new one within seconds', async () => {
  await ask('e-1', 'home-1')
  const homes = new ErasedHomes(database, clock)
  stops.push(() => homes.close())
  await homes.refresh()
  const heard: unknown[] = []
  homes.onErased((fresh) => heard.push(fresh))
  expect(heard).toEqual([[{ home: 'home-1', until: asked }]])
  await data.passes(1_000)
  await ask('e-2', 'home-2')
  await clock.pass(seconds(5))
  await until('the second', () => heard.length === 2, { withinMs: 5_000 })
  expect(heard[1]).toEqual([{ home: 'home-2', until: asked + 1_000 }])
  await homes.refresh()
  expect(heard).toHaveLength(2)
})
