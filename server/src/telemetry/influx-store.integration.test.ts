import { systemClock } from '@anju/contract/system-clock'
import { describe } from 'vitest'
import { anInfluxDouble } from '../../../tests/harness/influx-double.ts'
import { influxStore } from './influx-store.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

describe('InfluxDB (a double) as every telemetry store', () => {
  telemetryStoreSuite(async () => {
    const double = await anInfluxDouble()
    const store = influxStore(double.address, systemClock)
    return {
      store,
      async close() {
        await store.close()
        await double.end()
      },
    }
  })
})
