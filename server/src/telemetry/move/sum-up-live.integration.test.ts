import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../../tests/harness/influx.ts'
import { InfluxWire } from '../influx/wire.ts'
import { anOrganisation, type Organisation } from '../influx-setup/live-influx.fixture.ts'
import { stepsOf } from '../steps.ts'
import { Patience } from './patience.ts'
import { slicesOf } from './slices.ts'
import { compared } from './sum-questions.ts'
import { type SummedUp, sumUp } from './sum-up.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: the sums of what was moved into a real InfluxDB, because ${missing}`)

const minute = 60_000
const day = 1_440 * minute
const zone = 'America/New_York'

const told: number[] = []
const tell = (done: number, total: number) => void told.push(done / total)
const lineOf = ([at, value]: readonly [number, number | null]) =>
  value === null
    ? `absence,centre=c,home=home-1,placement=meter,point=power watts="line-down" ${at}`
    : `sample,centre=c,home=home-1,placement=meter,point=power watts=${value} ${at}`

describe.skipIf(missing)('the sums of what was moved', () => {
  let influx: Influx
  let org: Organisation
  let wire: InfluxWire
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())
  beforeEach(async () => {
    org = await anOrganisation(influx)
    await org.setUp(undefined, { zone })
    const { url } = await influx.aBucket()
    // The token that the server has, and whoever moves.
    const token = org.secrets.get('anju writer') ?? ''
    wire = new InfluxWire({ url, token, org: org.settings.org, bucket: 'anju' }, systemClock)
  })
  afterEach(async () => {
    wire.close()
    await org.drop()
  })

  const sum = (): Promise<SummedUp> => {
    const { signal } = new AbortController()
    const parts = {
      clock: systemClock,
      random: seededRandom(1),
      signal,
      onWait: (wait: number, why: string) => console.log('WAIT', wait, why),
    }
    const patience = new Patience(parts)
    return sumUp({ ...parts, wire, patience, org: org.settings.org, bucket: 'anju', zone, tell })
  }
  async function sums(bucket: string, from: number, to: number): Promise<Record<string, Record<string, string>>> {
    const range = `range(start: ${new Date(from).toISOString()}, stop: ${new Date(to).toISOString()})`
    const rows = await org.ask(`from(bucket: "${bucket}") |> ${range} |> filter(fn: (r) => r.home == "home-1")`)
    const found: Record<string, Record<string, string>> = {}
    for (const { _time = '', _measurement = '', _value = '' } of rows) (found[_time] ??= {})[_measurement] = _value
    return found
  }

  test('of two months are those of the samples, in steps and in days of a zone', { timeout: 180_000 }, async () => {
    const now = systemClock.now()
    // Quarters of numbers: their sums have no last digit to argue about.
    const samples = new Map<number, number | null>()
    const begin = Math.floor((now - 60 * day) / minute) * minute
    for (let at = begin; at < now; at += 13 * minute)
      samples.set(at, (at / minute) % 17 === 0 ? null : ((at / minute) % 97) / 4)
    expect(await org.write([...samples].map(lineOf))).toBe(204)
    expect(await org.write([lineOf([now - 80 * day, 7])])).toBe(204)

    const summed = await sum()
    expect(summed.different).toEqual([])
    expect(summed.slices).toBeGreaterThan(240)
    expect(told.at(-1)).toBe(1)

    /** What samples of [from, to) come to. */
    const expected = (from: number, to: number) => {
      const there = [...samples].filter(([at]) => at >= from && at < to)
      const values = there.flatMap(([, value]) => (value === null ? [] : [value]))
      const total = values.reduce((a, b) => a + b, 0)
      const reasons = there.length - values.length
      return {
        ...(values.length === 0
          ? {}
          : {
              count: `${values.length}`,
              sum: `${total}`,
              mean: `${total / values.length}`,
              min: `${Math.min(...values)}`,
              max: `${Math.max(...values)}`,
              last: `${values.at(-1)}`,
            }),
        ...(reasons === 0 ? {} : { absence: 'line-down', absences: `${reasons}` }),
      }
    }
    const end = Math.floor(now / (5 * minute)) * 5 * minute
    const fine = await sums('anju-5m', begin - day, end)
    const steps = slicesOf(Math.floor(begin / (5 * minute)) * 5 * minute, end, (5 * minute) as never)
    let full = 0
    for (const step of steps) {
      const found = fine[new Date(step.begin).toISOString().replace('.000Z', 'Z')]
      const { mean, ...others } = found ?? {}
      const { mean: wanted, ...rest } = expected(step.begin, step.end)
      expect({ at: step.begin, ...others }).toEqual({ at: step.begin, ...rest })
      expect(Number(mean ?? 0)).toBeCloseTo(Number(wanted ?? 0), 9)
      if (found) full++
    }
    expect(full).toBeGreaterThan(6_000)

    const coarse = await sums('anju-1d', begin - 2 * day, now)
    const starts = stepsOf(begin, now, { everyS: 86_400, days: 1 }, zone)
    const lengths = new Set<number>()
    for (const [index, from] of starts.slice(0, -1).entries()) {
      const to = starts[index + 1] as number
      lengths.add((to - from) / 3_600_000)
      const { mean, ...others } = coarse[new Date(from).toISOString().replace('.000Z', 'Z')] ?? {}
      const { mean: wanted, ...rest } = expected(from, to)
      expect(others).toEqual(rest)
      expect(Number(mean)).toBeCloseTo(Number(wanted), 9)
    }
    expect(lengths).toContain(24)
  })

  test('that do not say what the samples say are found, and made again', { timeout: 120_000 }, async () => {
    const at = Math.floor((systemClock.now() - 20 * day) / (5 * minute)) * 5 * minute
    await org.write([lineOf([at, 1]), lineOf([at + 1, 2])])
    expect((await sum()).different).toEqual([])
    await org.write([lineOf([at + 2, 3])])
    const slice = { begin: at, end: at + 5 * minute }
    expect(await compared(wire, slice, { bucket: 'anju', isRaw: true }, 'anju-5m')).toBe(
      'samples 3 in anju, 2 in anju-5m, max 3 in anju, 2 in anju-5m',
    )
    expect((await sum()).different).toEqual([])
    expect(await compared(wire, slice, { bucket: 'anju', isRaw: true }, 'anju-5m')).toBeUndefined()
  })

  test('of nothing are none', async () => {
    expect(await sum()).toEqual({ slices: 0, different: [] })
  })
})
