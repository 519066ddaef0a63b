import { instant, millis } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import { until } from '../../../tests/harness/wait.ts'
import { influxBucketTests } from './influx-archive.fixture.ts'
import { influxArchive } from './influx-archive.ts'
import { influxStore } from './influx-store.ts'
import { telemetryArchiveSuite } from './telemetry-archive.suite.ts'

describe('InfluxDB (a double) as every telemetry archive', () => {
  telemetryArchiveSuite(async () => {
    const double = await anInfluxDouble()
    const store = influxStore(double.address, systemClock)
    const archive = influxArchive(double.address, systemClock)
    return {
      store,
      archive,
      async close() {
        await Promise.all([store.close(), archive.close()])
        await double.end()
      },
    }
  })
})

describe('the buckets of an InfluxDB (a double)', () => {
  let double: InfluxDouble
  beforeAll(async () => {
    double = await anInfluxDouble()
  })
  afterAll(() => double.end())

  influxBucketTests(async (name) => double.aBucket(undefined, name))

  test('what is deleted and still there is not erased', async () => {
    const address = double.aBucket()
    const archive = influxArchive(address, systemClock)
    const body = 'sample,centre=c,home=home-1,placement=p,point=q watts=1 1000'
    await fetch(`${address.url}/api/v2/write?org=${address.org}&bucket=${address.bucket}&precision=ms`, {
      method: 'POST',
      headers: { authorization: `Token ${address.token}` },
      body,
    })
    // It says that it did.
    double.mischief.push(() => ({ status: 204, headers: {}, text: '' }))
    await expect(archive.erase('home-1')).rejects.toMatchObject({
      code: 'telemetry-unavailable',
      message: `1 values in ${address.bucket}: deleted, and still there`,
    })
    await archive.close()
  })

  test('an erasure that is never answered is given up after a minute', async () => {
    const clock = new VirtualClock(instant(0))
    const archive = influxArchive(double.aBucket(), clock)
    const before = double.heard.length
    double.mischief.push('hang')
    const over = archive.erase('home-1').catch((error: unknown) => error)
    await until('the request', () => double.heard.length > before, { withinMs: 5_000 })
    await clock.pass(millis(60_000))
    expect(await over).toMatchObject({ code: 'telemetry-unavailable', message: /did not answer within 60000 ms/ })
    await archive.close()
  })
})
