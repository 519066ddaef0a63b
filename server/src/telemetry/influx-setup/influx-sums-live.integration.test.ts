import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../../tests/harness/influx.ts'
import { AGGREGATES } from './flux-tasks.ts'
import { anOrganisation, dashboards, type Organisation } from './live-influx.fixture.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: what a real InfluxDB sums, checks and shows, because ${missing}`)

const minute = 60_000
const day = 1_440 * minute

/** What the tasks should have written of these samples. */
const expected = (values: readonly number[]) => {
  const sum = values.reduce((a, b) => a + b, 0)
  return {
    count: values.length,
    sum,
    mean: sum / values.length,
    min: Math.min(...values),
    max: Math.max(...values),
    last: values.at(-1),
  }
}

describe.skipIf(missing)('a real InfluxDB', () => {
  let influx: Influx
  let org: Organisation
  beforeAll(async () => {
    influx = await anInflux()
  })
  afterAll(() => influx.end())
  beforeEach(async () => {
    org = await anOrganisation(influx)
  })
  afterEach(() => org.drop())

  /** Runs a task as if it were that moment. */
  async function runTask(name: string, now: number): Promise<void> {
    const flux =
      (await org.list<{ id: string; name: string; flux: string }>('tasks')).find((one) => one.name === name)?.flux ?? ''
    const at = new Date(now).toISOString()
    await org.ask(flux.replace('\noption task', `\noption now = () => ${at}\noption task`))
  }
  /** What a bucket has of home-1's power, by aggregate and instant. */
  async function sums(bucket: string, from: number, to: number): Promise<Record<string, Record<string, number>>> {
    const range = `range(start: ${new Date(from).toISOString()}, stop: ${new Date(to).toISOString()})`
    const rows = await org.ask(
      `from(bucket: "${bucket}") |> ${range} |> filter(fn: (r) => r.home == "home-1" and r._field == "watts" and r._measurement != "absence")`,
    )
    const found: Record<string, Record<string, number>> = {}
    for (const { _time = '', _measurement = '', _value } of rows) (found[_time] ??= {})[_measurement] = Number(_value)
    return found
  }

  test('five minutes and days hold what the samples say, also on the day of 23 hours and when a sample comes late', async () => {
    // On 29 March 2026 Berlin's clocks went from two to three: the day begins at 23:00 UTC and ends at 22:00.
    await org.setUp(undefined, { zone: 'Europe/Berlin', rawDays: 0, fiveMinuteDays: 0 })
    const dayBegins = Date.parse('2026-03-28T23:00:00Z')
    const [from, to] = [dayBegins - day, dayBegins + 47 * 60 * minute]
    const samples = new Map<number, number>()
    const reasons: string[] = []
    for (let at = from; at < to; at += minute)
      if (at % (7 * minute) === 0)
        reasons.push(`absence,centre=c,home=home-1,placement=meter,point=power watts="line-down" ${at}`)
      else samples.set(at, (at / minute) % 97)
    const lines = () =>
      [...samples].map(([at, value]) => `sample,centre=c,home=home-1,placement=meter,point=power watts=${value} ${at}`)
    expect(await org.write([...lines(), ...reasons])).toBe(204)
    const within = (begin: number, end: number) =>
      [...samples]
        .sort(([a], [b]) => a - b)
        .filter(([at]) => at >= begin && at < end)
        .map(([, value]) => value)

    await runTask('anju late', to + 5 * minute)
    await runTask('anju days', to + 6 * 60 * minute)
    const fine = await sums('anju-5m', from, to)
    expect(Object.keys(fine)).toHaveLength((to - from) / (5 * minute))
    for (const [at, found] of Object.entries(fine))
      expect(found).toMatchObject(expected(within(Date.parse(at), Date.parse(at) + 5 * minute)))
    expect(AGGREGATES.every((name) => Object.values(fine)[0]?.[name] !== undefined)).toBe(true)

    const dayOf23Hours = within(dayBegins, dayBegins + 23 * 60 * minute)
    const absences = reasons.filter(
      (line) => Number(line.split(' ')[2]) >= dayBegins && Number(line.split(' ')[2]) < dayBegins + 23 * 60 * minute,
    )
    expect(dayOf23Hours.length + absences.length).toBe(23 * 60)
    const ofDay = async () => (await sums('anju-1d', dayBegins - day, to))['2026-03-28T23:00:00Z']
    expect(await ofDay()).toEqual({ ...expected(dayOf23Hours), absences: absences.length })

    // A home that was cut off tells something from noon of that day, two days later.
    samples.set(dayBegins + 13 * 60 * minute + 1, 5_000)
    await org.write(lines())
    await runTask('anju late', to + day)
    await runTask('anju days', to + day)
    expect(await ofDay()).toEqual({
      ...expected(within(dayBegins, dayBegins + 23 * 60 * minute)),
      absences: absences.length,
    })
  })

  /** What a check says now. */
  async function level(name: string): Promise<string | undefined> {
    const checks = await org.list<{ id: string; name: string }>('checks')
    const { flux } = await org.call<{ flux: string }>(
      'GET',
      `checks/${checks.find((one) => one.name === name)?.id}/query`,
    )
    return (await org.ask(flux)).at(-1)?.['_level']
  }
  const totalAt = (at: number, absentPercent: number, bucket = 'anju-5m') =>
    org.write([`total samples=5i,absences=1i,absent_percent=${absentPercent} ${at}`], undefined, bucket)

  describe('a check', () => {
    test.for([
      ['telemetry-writer-silent', 'anju-5m', 19 * minute, 'ok'],
      ['telemetry-writer-silent', 'anju-5m', 21 * minute, 'crit'],
      ['telemetry-writer-silent', 'anju-5m', 20 * day, 'crit'],
      ['telemetry-days-late', 'anju-1d', 59 * 60 * minute, 'ok'],
      ['telemetry-days-late', 'anju-1d', 61 * 60 * minute, 'crit'],
    ] as const)('%s on what %s had %i ms ago: %s', async ([name, bucket, age, is]) => {
      await org.setUp()
      await totalAt(Date.now() - age, 1, bucket)
      expect(await level(name)).toBe(is)
    })

    test.for([
      [3, 'ok'],
      [21, 'warn'],
      [51, 'crit'],
    ] as const)('telemetry-absent when of a hundred things told %i are reasons: %s', async ([percent, is]) => {
      await org.setUp()
      await totalAt(Date.now() - 2 * minute, percent)
      expect(await level('telemetry-absent')).toBe(is)
    })
  })

  test('the fleet’s dashboard names who is silent, who has gaps, whose battery is next, who loses most', async () => {
    await org.setUp()
    // The edge of a step, so that the count of missing steps is the same at any time of day.
    const now = Math.floor(Date.now() / (5 * minute)) * 5 * minute
    const homes = { 'home-1': 0, 'home-2': 45, 'home-3': 0 }
    const lines: string[] = []
    for (const [home, silentFor] of Object.entries(homes))
      for (let ago = silentFor + 1; ago < 120; ago++) {
        const tags = `centre=c,home=${home},placement=meter,point=power`
        const lost = home === 'home-3' && ago % 2 === 0
        lines.push(`${lost ? 'absence' : 'sample'},${tags} watts=${lost ? '"line-down"' : ago} ${now - ago * minute}`)
      }
    await org.write(lines)
    await org.write(
      // One percent a day, to 41 percent now.
      Array.from(
        { length: 10 },
        (_, ago) =>
          `last,centre=c,home=home-2,placement=sos-button,point=battery percent_energy_left=${41 + ago} ${now - ago * day}`,
      ),
      undefined,
      'anju-1d',
    )
    await runTask('anju late', now)
    const shown = async (start: string) => {
      const cells = dashboards.find(({ name }) => name === 'Anju: fleet')?.body['cells'] as unknown as Cell[]
      const query = cells.find(({ name }) => name.startsWith(start))?.properties.queries[0]?.text
      return org.ask(`option v = {timeRangeStart: -3h, timeRangeStop: now(), windowPeriod: 1m}\n${query}`)
    }
    expect(await shown('Homes heard')).toMatchObject([{ _value: '2' }])
    const sinceItSpoke = () => Math.floor((Date.now() - now) / minute) + 46
    const [atLeast, lag, atMost] = [sinceItSpoke(), await shown('Lag'), sinceItSpoke()]
    expect(lag).toMatchObject([{ home: 'home-2' }])
    expect(Number(lag[0]?.['minutes'])).toBeGreaterThanOrEqual(atLeast)
    expect(Number(lag[0]?.['minutes'])).toBeLessThanOrEqual(atMost)
    const gaps = await shown('Gaps')
    expect(gaps[0]).toMatchObject({ home: 'home-2' })
    expect(Number(gaps[0]?.['steps_missing']) - Number(gaps[1]?.['steps_missing'])).toBe(9)
    const [runway] = await shown('Battery runway')
    expect(runway).toMatchObject({ home: 'home-2', placement: 'sos-button', percent: '41' })
    expect(Number(runway?.['days_left'])).toBeCloseTo(41, 6)
    const losses = await shown('Loss: homes')
    expect(losses).toHaveLength(1)
    expect(Number(losses[0]?.['absent_percent'])).toBeCloseTo(50, 0)
    expect(await shown('Why there is no value')).toMatchObject([{ why: 'line-down' }])
  })
})

interface Cell {
  readonly name: string
  readonly properties: { readonly queries: readonly { readonly text: string }[] }
}
