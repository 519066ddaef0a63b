import { type CentreId, errorCode, errorMessage, instant, millis, type PersonId, type SessionId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerTo, RECORDED } from '../../../tests/harness/influx-answers.ts'
import { anInfluxDouble, type InfluxDouble } from '../../../tests/harness/influx-double.ts'
import { until } from '../../../tests/harness/wait.ts'
import type { Actor } from '../ports.ts'
import { ColumnBuffer } from './columns.ts'
import { influxStore } from './influx-store.ts'
import { retryAfterOf, type TelemetryStore } from './store.ts'
import { telemetryQuestionsSuite } from './telemetry-questions.suite.ts'
import { telemetryStoreSuite } from './telemetry-store.suite.ts'

const openDouble = async () => {
  const double = await anInfluxDouble()
  const store = influxStore(double.address, systemClock)
  return {
    store,
    async close() {
      await store.close()
      await double.end()
    },
  }
}

describe('InfluxDB (a double) as every telemetry store', () => {
  telemetryStoreSuite(openDouble)
  telemetryQuestionsSuite(openDouble)
})

test('the double answers as the real one was heard to answer', async () => {
  const double = await anInfluxDouble()
  const address = double.aBucket(86_400)
  for (const recorded of RECORDED) {
    const { what, status, code, message = /^$/ } = recorded
    const given = await answerTo(recorded, address)
    expect({ what, ...given }).toEqual({ what, status, code, message: expect.stringMatching(message) })
  }
  await double.end()
})

const saying =
  (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  () => ({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    text: JSON.stringify({ code: 'said', message }),
  })

describe('an InfluxDB that misbehaves', () => {
  let double: InfluxDouble
  let clock: VirtualClock
  let store: TelemetryStore
  beforeEach(async () => {
    double = await anInfluxDouble()
    clock = new VirtualClock(instant(0))
    store = influxStore(double.address, clock)
  })
  afterEach(async () => {
    await store.close()
    await double.end()
  })

  const at = Date.parse('2026-03-01T08:00:00Z')
  /** One message a value. */
  function batchOf(...values: readonly number[]): ColumnBuffer {
    const columns = new ColumnBuffer([])
    const scope = { centre: 'c', home: 'home-1', series: new Map<string, number>() }
    for (const [index, value] of values.entries())
      columns.add(scope, {
        id: '01J0000000000000000000000A',
        boot: 1,
        seq: 1,
        pendingFrom: 1,
        sentAt: '2026-03-01T08:00:00.000Z',
        series: [{ p: 'meter/power', u: 'W', t0: at + index, dt: [0], v: [value] }],
      })
    return columns
  }
  const operator: Actor = {
    kind: 'person',
    person: 'someone' as PersonId,
    name: 'Someone',
    session: '00000000-0000-4000-8000-000000000000' as SessionId,
    role: 'operator',
    centre: 'c' as CentreId,
  }
  const ask = (home = 'home-1') =>
    store.query(operator, { home, placement: 'meter', point: 'power', from: at, to: at + 9, steps: undefined })
  test.for([
    [429, '7', 7_000],
    [503, '120', 120_000],
    [503, '86400', 300_000],
    [503, 'Wed, 21 Oct 2026 07:28:00 GMT', 0],
    [503, undefined, 0],
  ] as const)('%i with Retry-After %s is unavailable, and left alone for so long', async ([status, after, waits]) => {
    double.mischief.push(saying(status, 'busy', after === undefined ? {} : { 'retry-after': after }))
    const error = await store.write(batchOf(1)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'telemetry-unavailable', message: `InfluxDB said ${status}: busy` })
    expect(retryAfterOf(error)).toBe(waits)
    expect(await store.write(batchOf(1))).toEqual(new Map())
  })

  test.for([
    [401, 'unauthorized access'],
    [404, 'bucket "gone" not found'],
    [400, 'invalid precision; valid precision units are ns, us, ms, and s'],
    [422, 'something that is new to us'],
    [500, 'An internal error has occurred - check server logs'],
  ] as const)('%i “%s” is not the home’s fault: nothing is refused for it', async ([status, message]) => {
    double.mischief.push(saying(status, message))
    await expect(store.write(batchOf(1, 2))).rejects.toMatchObject({ code: 'telemetry-unavailable' })
    expect(double.heard).toHaveLength(1)
  })

  test('a point from before the retention is refused with InfluxDB’s reason, the others are stored', async () => {
    const kept = influxStore(double.aBucket(86_400), clock)
    const batch = batchOf(1, 2, 3, 4)
    for (const row of [0, 1, 3]) batch.at[row] = Date.now()
    const refused = await kept.write(batch)
    expect([...refused.keys()]).toEqual([2])
    expect(refused.get(2)).toMatchObject({ code: 'outside-retention', why: /outside retention policy of duration 24h/ })
    await kept.close()
  })

  test('so it is in the words of a 2.7 before', async () => {
    double.mischief.push(
      saying(
        422,
        'failure writing points to database: partial write: points beyond retention policy dropped=1 for database: d for retention policy: autogen',
      ),
    )
    expect((await store.write(batchOf(1))).get(0)?.code).toBe('outside-retention')
  })

  test('a batch larger than it takes is written in parts', async () => {
    double.mischief.push(saying(413, 'too large'))
    expect(await store.write(batchOf(1, 2, 3))).toEqual(new Map())
    expect(double.heard).toHaveLength(3)
    expect((await ask()).buckets.map(({ last }) => last)).toEqual([1, 2, 3])
  })

  test('a connection that is cut, a server that is gone: unavailable, and nothing is taken for stored', async () => {
    double.mischief.push('cut', 'cut')
    await expect(store.write(batchOf(1))).rejects.toMatchObject({ code: 'telemetry-unavailable' })
    await expect(ask()).rejects.toMatchObject({
      code: 'telemetry-unavailable',
      message: 'the measurements cannot be reached',
    })
    await double.end()
    await expect(store.write(batchOf(1))).rejects.toMatchObject({
      code: 'telemetry-unavailable',
      message: /ECONNREFUSED/,
    })
    double = await anInfluxDouble()
  })

  test.for([
    ['a write', 30_000, () => store.write(batchOf(1))],
    ['a question', 10_000, () => ask()],
  ] as const)('%s that is never answered is given up after %i ms, no sooner', async ([, limit, work]) => {
    double.mischief.push('hang')
    let said = ''
    const over = work().catch((error: unknown) => {
      said = `${errorMessage(error)} ← ${errorMessage((error as Error).cause)}`
    })
    await until('the request', () => double.heard.length === 1, { withinMs: 5_000 })
    await clock.pass(millis(limit - 1))
    expect(said).toBe('')
    await clock.pass(millis(1))
    await over
    expect(said).toContain(`InfluxDB did not answer within ${limit} ms`)
  })

  test('closing ends what hangs', async () => {
    double.mischief.push('hang')
    const work = store.write(batchOf(1)).catch(errorCode)
    await until('the request', () => double.heard.length === 1, { withinMs: 5_000 })
    await store.close()
    expect(await work).toBe('telemetry-unavailable')
  })

  test('what a caller sends is bound beside the script, and never part of it', async () => {
    const evil = 'x" or true) |> yield(name: "all") //'
    await ask('home-1')
    await ask(evil)
    const asked = double.heard.filter(({ call }) => call === 'POST /api/v2/query')
    const [first, , second] = asked.map(({ body }) => JSON.parse(body) as { query: string })
    expect(second?.query).toBe(first?.query)
    expect(double.heard.at(-1)?.body).toContain(JSON.stringify({ type: 'StringLiteral', value: evil }))
  })
})
