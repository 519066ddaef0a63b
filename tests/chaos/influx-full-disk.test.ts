import { errorCode } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ColumnBuffer } from '../../server/src/telemetry/columns.ts'
import { influxStore } from '../../server/src/telemetry/influx-store.ts'
import type { TelemetryStore } from '../../server/src/telemetry/store.ts'
import { whyNoInflux } from '../harness/influx.ts'
import { aSmallDisk } from '../harness/small-disk.ts'
import { aFailingInflux, type FailingInflux } from '../observe/failing-influx.ts'

const missing = whyNoInflux() ?? (process.env['INFLUX_URL'] ? 'the one at INFLUX_URL is not ours to fill' : whyNoDisk())
if (missing) console.warn(`NOT TESTED: a full disk under a real InfluxDB, because ${missing}`)

function whyNoDisk(): string | undefined {
  const disk = aSmallDisk(1)
  if ('why' in disk) return disk.why
  disk.end()
  return undefined
}

const samplesPerBatch = 2_000
const batches = 10

describe.skipIf(missing)('a real InfluxDB whose disk is full', () => {
  let influx: FailingInflux
  let store: TelemetryStore
  beforeAll(async () => {
    influx = await aFailingInflux()
    store = influxStore(influx.address, systemClock)
  })
  afterAll(async () => {
    await store.close()
    await influx.end()
  })

  const since = Date.now()
  /** Many homes, so that its log takes some room; the same batch each time it is asked for. */
  function batch(number: number): ColumnBuffer {
    const columns = new ColumnBuffer([])
    for (let index = 0; index < samplesPerBatch; index++)
      columns.add(
        { centre: 'c', home: `home-${index % 200}`, series: new Map() },
        {
          id: '01J0000000000000000000000A',
          boot: 1,
          seq: 1,
          pendingFrom: 1,
          sentAt: '2026-03-01T08:00:00.000Z',
          series: [{ p: 'meter/power', u: 'W', t0: since + number * samplesPerBatch + index, dt: [0], v: [index / 7] }],
        },
      )
    return columns
  }
  /** What became of each of so many batches: `confirmed`, `refused`, or why not. */
  async function outcomes(from: number): Promise<string[]> {
    const all: string[] = []
    for (let number = from; number < from + batches; number++)
      all.push(await store.write(batch(number)).then(({ size }) => (size === 0 ? 'confirmed' : 'refused'), errorCode))
    return all
  }
  const everyOneConfirmed = Array.from({ length: batches }, () => 'confirmed')

  test('refuses nothing of anybody, and started twice as its runbook says it keeps what it confirms', async () => {
    expect(await outcomes(0)).toEqual(everyOneConfirmed)
    influx.fill?.()
    const whileFull = new Set(await outcomes(batches))
    expect(whileFull).toContain('telemetry-unavailable')
    expect(whileFull.difference(new Set(['confirmed', 'telemetry-unavailable']))).toEqual(new Set())
    influx.makeRoom()
    // With one start, what it confirms next is gone with the one after: see the runbook telemetry-store-down.
    for (let start = 0; start < 2; start++) {
      await influx.stop()
      await influx.startAgain()
    }
    // What was not confirmed comes again from the homes.
    expect(await outcomes(batches)).toEqual(everyOneConfirmed)
    await influx.kill()
    await influx.startAgain()
    expect(await influx.points()).toBe(2 * batches * samplesPerBatch)
  })
})
