import { cpuMicros, startPart } from '../harness/child.ts'
import { aMosquitto } from '../harness/mosquitto.ts'
import { aServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { type BenchDefinition, inTurns, median } from './figures.ts'
import { aLoad, manyGateways } from './load.ts'

/**
 * The broker's side. Both brokers get the same load from the same process: QoS 1 publishes of a ten-sample telemetry
 * message. The product authenticates, checks the topic, takes the message in and decodes it into a null store; Mosquitto
 * in `ingest` throws it away, and in `ingest-cpu` hands it to an mqtt.js consumer that validates it as the product does.
 */
const connectionCount = 1_000
const window = 8
const messagesPerSecond = 10_000

const anonymous = (count: number) => Array.from({ length: count }, (_, index) => ({ clientId: `bench-${index}` }))

export const ingest: BenchDefinition = {
  name: 'ingest',
  what: `QoS 1 messages a second of the product's broker, ${connectionCount} connections ÷ Mosquitto`,
  unit: 'messages/s',
  better: 'higher',
  judged: 'ratio',
  gate: 0.35,
  goal: 1,
  async run(say) {
    const mosquitto = await aMosquitto()
    const server = await aServer({ env: { ANJU_TELEMETRY_STORE: 'null' } })
    const [toMosquitto, toServer] = [aLoad(), aLoad()]
    try {
      const gateways = await manyGateways(server, connectionCount)
      await toMosquitto.order({
        do: 'connect',
        target: { port: mosquitto.port },
        gateways: anonymous(connectionCount),
        listening: false,
      })
      await toServer.order({ do: 'connect', target: { port: server.mqttPort }, gateways, listening: false })
      const flood = async (load: typeof toServer, ms: number) => {
        const done = await load.order({ do: 'flood', what: 'telemetry', window, ms })
        return (done.acked * 1_000) / done.ms
      }
      await flood(toServer, 2_000)
      await flood(toMosquitto, 1_000)
      return await inTurns(
        4,
        () => flood(toMosquitto, 3_000),
        () => flood(toServer, 4_000),
        say,
      )
    } finally {
      toMosquitto.end()
      toServer.end()
      await server.end()
      await mosquitto.end()
    }
  },
}

export const ingestCpu: BenchDefinition = {
  name: 'ingest-cpu',
  what: `CPU of the server for a message consumed at ${messagesPerSecond} a second ÷ (Mosquitto + an mqtt.js consumer)`,
  unit: 'µs/message',
  better: 'lower',
  judged: 'ratio',
  gate: 0.8,
  goal: 0.4,
  async run(say) {
    const mosquitto = await aMosquitto()
    const consumer = startPart('consumer', 'tests/bench/consumer.ts', { args: [String(mosquitto.port)] })
    const server = await aServer({ env: { ANJU_TELEMETRY_STORE: 'null' } })
    const [toMosquitto, toServer] = [aLoad(), aLoad()]
    const connections = 200
    try {
      await until('the consumer to listen', () => consumer.log().includes('listening'), { withinMs: 10_000 })
      const gateways = await manyGateways(server, connections)
      await toMosquitto.order({
        do: 'connect',
        target: { port: mosquitto.port },
        gateways: anonymous(connections),
        listening: false,
      })
      await toServer.order({ do: 'connect', target: { port: server.mqttPort }, gateways, listening: false })
      const rates: number[] = []
      const perMessage = async (load: typeof toServer, pids: readonly number[], ms: number) => {
        const before = pids.map(cpuMicros)
        const done = await load.order({ do: 'pace', what: 'telemetry', perSecond: messagesPerSecond, ms })
        // What was acknowledged is also consumed before the next figure: the queues behind are short at this rate.
        const spent = pids.map(cpuMicros).reduce((sum, now, index) => sum + now - (before[index] ?? 0), 0)
        if (done.acked !== done.sent)
          throw new Error(`${done.sent - done.acked} of ${done.sent} messages not acknowledged`)
        rates.push((done.acked * 1_000) / done.ms)
        return spent / done.acked
      }
      const product = () => perMessage(toServer, [server.part.pid], 4_000)
      await product()
      rates.length = 0
      let expected = 0
      const reference = async () => {
        const spent = await perMessage(toMosquitto, [mosquitto.part.pid, consumer.pid], 4_000)
        expected += 4 * messagesPerSecond
        await until(
          `the reference to have consumed ${expected} messages`,
          () => {
            consumer.tell('how many?')
            return Number(/consumed (\d+)\s*$/.exec(consumer.log())?.[1]) >= expected
          },
          { withinMs: 5_000, everyMs: 100 },
        )
        return spent
      }
      const figures = await inTurns(4, reference, product, say)
      return { ...figures, more: { 'messages/s': Math.round(median(rates)) } }
    } finally {
      toMosquitto.end()
      toServer.end()
      await consumer.kill()
      await server.end()
      await mosquitto.end()
    }
  },
}
