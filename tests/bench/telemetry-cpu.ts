import { fork } from 'node:child_process'
import { join } from 'node:path'
import { cpuMicros, nodePath } from '../harness/child.ts'
import { anInflux, type InfluxAddress, whyNoInflux } from '../harness/influx.ts'
import { repositoryRoot } from '../harness/root.ts'
import { aServer, type RunningServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { type BenchDefinition, inTurns } from './figures.ts'
import { aLoad, manyGateways } from './load.ts'
import { samplesPerMessage } from './messages.ts'
import { nullSink } from './null-sink.ts'

const messagesPerSecond = 6_000
const roundMs = 4_000
const connections = 200
/** A point costs a real store ten times what it costs us, on the same machine. */
const storedWithinMs = 30_000

export const telemetryCpu: BenchDefinition = {
  name: 'telemetry-cpu',
  what: 'CPU of the server for a point, socket to store (a real InfluxDB where there is one, its own CPU not counted) ÷ CPU of line protocol built by hand and posted to the same store, or to a null sink',
  unit: 'µs/point',
  better: 'lower',
  judged: 'ratio',
  gate: 7,
  goal: 3,
  async run(say) {
    const missing = whyNoInflux()
    const influx = missing ? undefined : await anInflux()
    const store = influx ? `InfluxDB ${influx.version}` : `one that keeps nothing, because ${missing}`
    say(`the store is ${store}`)
    const address = await influx?.aBucket()
    const sink = await nullSink()
    // Into a bucket of the same store, so that both have the same neighbour on the machine.
    const other = await influx?.aBucket()
    const lines = other ? [other.url, writePath(other), other.token] : [`http://127.0.0.1:${sink.port}`]
    const raw = fork(join(repositoryRoot, 'tests/bench/line-writer.ts'), lines, { execPath: nodePath })
    const server = await aServer({ env: environmentOf(address) })
    const load = aLoad()
    try {
      const gateways = await manyGateways(server, connections)
      await load.order({ do: 'connect', target: { port: server.mqttPort }, gateways, listening: true })
      const product = async () => {
        const [before, stored] = [cpuMicros(server.part.pid), await pointsOf(server)]
        const done = await load.order({ do: 'pace', what: 'telemetry', perSecond: messagesPerSecond, ms: roundMs })
        if (done.acked !== done.sent)
          throw new Error(`${done.sent - done.acked} of ${done.sent} messages not acknowledged`)
        // Acknowledged is not stored: what a point costs is known when the store has it.
        const points = done.acked * samplesPerMessage
        await until('every point to be stored', async () => (await pointsOf(server)) === stored + points, {
          withinMs: storedWithinMs,
          // A look at the figures costs the server as much as a thousand points.
          everyMs: 1_000,
        })
        return (cpuMicros(server.part.pid) - before) / points
      }
      const reference = () =>
        new Promise<number>((resolve, reject) => {
          raw.once('message', (answer: { microsPerPoint: number }) => resolve(answer.microsPerPoint))
          raw.once('exit', () => reject(new Error('the line writer ended')))
          raw.send('go')
        })
      await reference()
      await product()
      return {
        ...(await inTurns(4, reference, product, say)),
        more: { store, 'points a second': messagesPerSecond * samplesPerMessage },
      }
    } finally {
      load.end()
      raw.kill()
      await server.end()
      sink.close()
      await influx?.end()
    }
  },
}

const writePath = ({ org, bucket }: InfluxAddress) =>
  `/api/v2/write?${new URLSearchParams({ org, bucket, precision: 'ms' }).toString()}`

const environmentOf = (address: InfluxAddress | undefined): Record<string, string> =>
  address
    ? {
        INFLUX_URL: address.url,
        INFLUX_TOKEN: address.token,
        INFLUX_ORG: address.org,
        INFLUX_BUCKET: address.bucket,
      }
    : { ANJU_TELEMETRY_STORE: 'null' }

async function pointsOf({ url }: RunningServer): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^anju_telemetry_points_total (\d+)/m.exec(metrics)?.[1])
}
