import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../tests/harness/influx.ts'
import { influxStore } from './influx-store.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: telemetry in a real InfluxDB, because ${missing}`)

describe.skipIf(missing)('a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
    console.log(`a real InfluxDB, version ${influx.version}`)
  })
  afterAll(() => influx.end())

  test('is one we speak to: 2.7 or later', () => {
    expect(influx.version).toMatch(/^v?2\.(?:[7-9]|\d\d)\./)
  })

  describe('as every telemetry store', () => {
    telemetryStoreSuite(async () => {
      const store = influxStore(await influx.aBucket(), systemClock)
      return { store, close: () => store.close() }
    })
  })
})
