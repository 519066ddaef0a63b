import type { MeasurementAnswer } from '@anju/contract/api'
import { ulid } from 'ulid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aTestServer, type TestServer } from '../../server/src/app/server.fixture.ts'
import { anInflux, type Influx, type OwnInflux, whyNoInflux } from '../harness/influx.ts'
import type { HandGateway } from '../harness/uplink.ts'
import { pause, slowness, until } from '../harness/wait.ts'

const missing =
  whyNoInflux() ?? (process.env['INFLUX_URL'] ? 'the one at INFLUX_URL is not ours to kill and to freeze' : undefined)
if (missing) console.warn(`NOT TESTED: presses while a real InfluxDB is away, because ${missing}`)

/** C-10, the short form: a real InfluxDB is killed or frozen while a home measures and somebody presses. */
describe.skipIf(missing)('a real InfluxDB that fails', () => {
  let influx: Influx
  let server: TestServer
  let gateway: HandGateway
  beforeAll(async () => {
    influx = await anInflux()
    const { url, token, org, bucket } = await influx.aBucket()
    server = await aTestServer({ INFLUX_URL: url, INFLUX_TOKEN: token, INFLUX_ORG: org, INFLUX_BUCKET: bucket })
    gateway = await server.aGateway('home-1')
  })
  afterAll(async () => {
    await server.close()
    await influx.end()
  })

  const start = Date.parse('2026-03-01T08:00:00Z')
  const samplesPerMessage = 10
  let seq = 0
  async function measure(point: string, message: number): Promise<string> {
    const id = ulid()
    const dt = Array.from({ length: samplesPerMessage }, (_, index) => index * 10)
    const series = [
      { p: `meter/${point}`, u: 'W', t0: start + message * 100, dt, v: dt.map((ms) => message + ms / 100) },
    ]
    const sent = { id, boot: 1, seq: ++seq, pendingFrom: seq, sentAt: new Date().toISOString(), series }
    await gateway.publish('telemetry', JSON.stringify(sent))
    return id
  }
  async function pressReceiptedAfterMs(): Promise<number> {
    const began = performance.now()
    await gateway.receipted(await gateway.event(), 10_000)
    return performance.now() - began
  }
  const receipted = () => new Set(gateway.receipts.flatMap(({ ids }) => ids))
  async function samplesOf(point: string): Promise<number> {
    const range = 'from=2026-03-01T08:00:00Z&to=2026-03-01T09:00:00Z'
    const path = `/homes/home-1/measurements?placement=meter&point=${point}&${range}&every=1h`
    const { body } = await server.operator.call<MeasurementAnswer>('GET', path)
    return body.items.reduce((sum, { count }) => sum + count, 0)
  }
  /** Measures and presses for so long; answers what was sent and how long each press took. */
  async function living(point: string, from: number, forMs: number): Promise<{ ids: string[]; presses: number[] }> {
    const [ids, presses]: [string[], number[]] = [[], []]
    for (const end = performance.now() + forMs; performance.now() < end; ) {
      ids.push(await measure(point, from + ids.length))
      presses.push(await pressReceiptedAfterMs())
      await pause(20)
    }
    return { ids, presses }
  }

  test.for([
    ['killed', (own: OwnInflux) => own.kill(), (own: OwnInflux) => own.startAgain()],
    ['frozen', async (own: OwnInflux) => own.freeze(), async (own: OwnInflux) => own.thaw()],
  ] as const)(
    'while it is %s presses go on as before, and afterwards every sample is there, once',
    async ([how, down, up]) => {
      const { own } = influx
      if (!own) throw new Error('not our own')
      const before = await living(how, 0, 1_000)
      const falling = down(own)
      const during = await living(how, before.ids.length, 5_000)
      await falling
      const known = receipted()
      expect(during.ids.filter((id) => !known.has(id)).length).toBeGreaterThan(0)
      expect(Math.max(...during.presses)).toBeLessThan(1_000 * slowness)

      await up(own)
      const ids = [...before.ids, ...during.ids]
      await until('every message receipted', () => ids.every((id) => receipted().has(id)), {
        withinMs: 30_000,
      })
      expect(await samplesOf(how)).toBe(ids.length * samplesPerMessage)
    },
  )
})
