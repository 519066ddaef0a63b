import { fork } from 'node:child_process'
import { join } from 'node:path'
import { cpuMicros, nodePath } from '../harness/child.ts'
import { repositoryRoot } from '../harness/root.ts'
import { aServer } from '../harness/server.ts'
import { type BenchDefinition, inTurns } from './figures.ts'
import { aLoad, manyGateways } from './load.ts'
import { samplesPerMessage } from './messages.ts'
import { nullSink } from './null-sink.ts'

const messagesPerSecond = 6_000
const roundMs = 4_000
const connections = 200

export const telemetryCpu: BenchDefinition = {
  name: 'telemetry-cpu',
  what: 'CPU of the server for a point, socket to null store ÷ CPU of line protocol built by hand and posted to a null sink',
  unit: 'µs/point',
  better: 'lower',
  judged: 'ratio',
  gate: 7,
  goal: 3,
  async run(say) {
    const sink = await nullSink()
    const raw = fork(join(repositoryRoot, 'tests/bench/line-writer.ts'), [String(sink.port)], { execPath: nodePath })
    const server = await aServer({ env: { ANJU_TELEMETRY_STORE: 'null' } })
    const load = aLoad()
    try {
      const gateways = await manyGateways(server, connections)
      await load.order({ do: 'connect', target: { port: server.mqttPort }, gateways, listening: true })
      const product = async () => {
        const before = cpuMicros(server.part.pid)
        const done = await load.order({ do: 'pace', what: 'telemetry', perSecond: messagesPerSecond, ms: roundMs })
        if (done.acked !== done.sent)
          throw new Error(`${done.sent - done.acked} of ${done.sent} messages not acknowledged`)
        return (cpuMicros(server.part.pid) - before) / (done.acked * samplesPerMessage)
      }
      const reference = () =>
        new Promise<number>((resolve, reject) => {
          raw.once('message', (answer: { microsPerPoint: number }) => resolve(answer.microsPerPoint))
          raw.once('exit', () => reject(new Error('the line writer ended')))
          raw.send('go')
        })
      await reference()
      await product()
      return await inTurns(4, reference, product, say)
    } finally {
      load.end()
      raw.kill()
      await server.end()
      sink.close()
    }
  },
}
