import { afterAll, beforeAll, describe } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../../tests/harness/influx.ts'
import { downsampledSuite, rawDays } from '../downsampled.suite.ts'
import { bucketsOf } from './bucket-names.ts'
import { anOrganisation } from './live-influx.fixture.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: questions about what a real InfluxDB summed, because ${missing}`)

const dayMs = 86_400_000
const instantOf = (at: number) => new Date(at).toISOString()

describe.skipIf(missing)('a real InfluxDB that has forgotten what it summed', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())

  downsampledSuite(async (fineDays) => {
    const org = await anOrganisation(influx)
    const { url } = await influx.aBucket()
    await org.setUp(undefined, { zone: 'Europe/Berlin', rawDays, fiveMinuteDays: fineDays })
    // The server's own token may ask how long its buckets are kept, and no more than it needs.
    const token = org.secrets.get('anju writer') ?? ''
    const names = bucketsOf(org.settings.bucket)
    const tasks = await org.list<{ id: string; name: string; flux: string }>('tasks')
    /** Runs a task as if it were that moment. */
    const runTask = async (name: string, now: number) => {
      const flux = tasks.find((one) => one.name === name)?.flux ?? ''
      await org.ask(flux.replace('\noption task', `\noption now = () => ${instantOf(now)}\noption task`))
    }
    return {
      address: { url, token, org: org.settings.org, bucket: names.raw },
      async sum(from, to) {
        for (let now = from; now < to + 4 * dayMs; now += 3 * dayMs) await runTask('anju late', now)
        for (let now = from; now < to + 6 * dayMs; now += 4 * dayMs) await runTask('anju days', now)
      },
      async forget(samplesBefore, fiveMinutesBefore) {
        for (const [bucket, before] of [
          [names.raw, samplesBefore],
          [names.fiveMinutes, fiveMinutesBefore],
        ] as const) {
          const query = new URLSearchParams({ org: org.settings.org, bucket }).toString()
          await org.call('POST', `delete?${query}`, { start: '1970-01-01T00:00:00Z', stop: instantOf(before - 1) })
        }
      },
      async keep(rawKept, fineKept) {
        await org.setUp(undefined, { zone: 'Europe/Berlin', rawDays: rawKept, fiveMinuteDays: fineKept })
      },
      close: () => org.drop(),
    }
  })
})
