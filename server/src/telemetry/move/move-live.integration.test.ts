import { afterAll, beforeAll, describe } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../../tests/harness/influx.ts'
import { moveEndsSuite } from './move-ends.suite.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: moving measurements to and from a real InfluxDB, because ${missing}`)

describe.skipIf(missing)('between PostgreSQL and a real InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
    console.log(`measurements are moved to and from a real InfluxDB, version ${influx.version}`)
  })
  afterAll(() => influx.end())

  moveEndsSuite((keptS) => influx.aBucket(keptS))
})
