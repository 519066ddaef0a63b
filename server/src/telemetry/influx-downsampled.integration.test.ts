import { describe } from 'vitest'
import { sumUp } from '../../../tests/harness/influx-double/sums.ts'
import { anInfluxDouble } from '../../../tests/harness/influx-double.ts'
import { downsampledSuite, rawDays } from './downsampled.suite.ts'
import { bucketsOf } from './influx-setup/bucket-names.ts'
import { stepsOf } from './steps.ts'

describe('InfluxDB (a double) that has forgotten what it summed', () => {
  downsampledSuite(async (fineDays) => {
    const double = await anInfluxDouble()
    const address = double.aBucket(rawDays * 86_400)
    const raw = double.bucketOf(address)
    const names = bucketsOf(address.bucket)
    const fine = double.addBucket(names.fiveMinutes, fineDays * 86_400)
    const days = double.addBucket(names.days)
    return {
      address,
      async sum(from, to) {
        sumUp(raw, fine, days, stepsOf(from, to, { everyS: 86_400, days: 1 }, 'Europe/Berlin'))
      },
      async forget(samplesBefore, fiveMinutesBefore) {
        for (const [bucket, before] of [
          [raw, samplesBefore],
          [fine, fiveMinutesBefore],
        ] as const)
          for (const { values } of bucket.series.values())
            for (const at of values.keys()) if (at < before) values.delete(at)
      },
      async keep(rawKept, fineKept) {
        double.keeps(rawKept * 86_400, names.raw)
        double.keeps(fineKept * 86_400, names.fiveMinutes)
      },
      close: () => double.end(),
    }
  })
})
