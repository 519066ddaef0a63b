import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../tests/harness/influx.ts'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import { migrate, migrateTests } from './telemetry-migrate.fixture.ts'

describe('what is not understood is said before anybody is asked', () => {
  const env = { INFLUX_URL: 'http://127.0.0.1:1', INFLUX_TOKEN: 't', INFLUX_ORG: 'anju', INFLUX_BUCKET: 'anju' }
  const direction = ['--from', 'postgres', '--to', 'influx']
  test.for([
    [[], env, 2, /--from postgres --to influx, or/],
    [['--from', 'postgres', '--to', 'postgres'], env, 2, /--from postgres --to influx, or/],
    [[...direction, '--dry-run', '--verify-only'], env, 2, /two things/],
    [['--from', 'influx', '--to', 'postgres', '--downsample'], env, 2, /--downsample goes with a move to InfluxDB/],
    [[...direction, '--frobnicate'], env, 2, /--frobnicate/],
    [[...direction, '--until', 'tomorrow'], env, 2, /--until: "tomorrow" is no instant like 2026-/],
    [[...direction, '--since', '2026-02-30T00:00:00Z'], env, 2, /--since: "2026-02-30T00:00:00Z"/],
    [
      [...direction, '--since', '2026-03-01T00:00:00Z', '--until', '2026-03-01T00:00:00Z'],
      env,
      2,
      /--since must be before --until/,
    ],
    [direction, {}, 1, /INFLUX_URL: which InfluxDB\?/],
  ] as const)('%j', async ([args, given, code, why]) => {
    const done = await migrate(args, given).done
    expect(done).toMatchObject({ code, out: '' })
    expect(done.err).toMatch(why)
  })
})

describe('between PostgreSQL and an InfluxDB (a double)', () => {
  let double: InfluxDouble
  beforeAll(async () => {
    double = await anInfluxDouble()
  })
  afterAll(() => double.end())
  migrateTests(async (keptS) => double.aBucket(keptS))
})

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: telemetry migrate with a real InfluxDB, because ${missing}`)

describe.skipIf(missing)('between PostgreSQL and a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())
  migrateTests((keptS) => influx.aBucket(keptS))
})
