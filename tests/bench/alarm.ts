import { Client } from 'pg'
import { aServer, type RunningServer } from '../harness/server.ts'
import { type BenchDefinition, type BenchFigures, inTurns, median } from './figures.ts'
import { aLoad, type Load, manyGateways } from './load.ts'
import type { Done } from './load-worker.ts'
import { aRawTable, type RawTable } from './raw-table.ts'

/**
 * The alarm's way through the whole server: a press at a real socket, until its receipt is back there. The server is a
 * process of its own on a real PostgreSQL; the load is another.
 */
const pressesPerSecond = 100
const telemetryPerSecond = 10_000
const homes = 200
const telemetryHomes = 200

interface Bench {
  readonly server: RunningServer
  readonly load: Load
  /** Ready to carry telemetry beside the presses. */
  readonly beside: Load
  readonly raw: RawTable
}

async function withServer(run: (bench: Bench) => Promise<BenchFigures>): Promise<BenchFigures> {
  const server = await aServer({ env: { ANJU_TELEMETRY_STORE: 'null' } })
  const load = aLoad()
  const beside = aLoad()
  const client = new Client({ connectionString: server.cluster.adminUrl })
  try {
    await client.connect()
    const gateways = await manyGateways(server, homes + telemetryHomes)
    const target = { port: server.mqttPort }
    await load.order({ do: 'connect', target, gateways: gateways.slice(0, homes), listening: true })
    await beside.order({ do: 'connect', target, gateways: gateways.slice(homes), listening: true })
    // A few presses first: code and plans are warm, and there is an event to copy.
    await load.order({ do: 'press', perSecond: pressesPerSecond, ms: 3_000 })
    return await run({ server, load, beside, raw: await aRawTable(client) })
  } finally {
    load.end()
    beside.end()
    await client.end()
    await server.end()
  }
}

/** Every press sent in a round must have been receipted: a fast server that loses one has no figure. */
function complete(done: Done): Done {
  if (done.refused > 0) throw new Error(`${done.refused} presses were refused`)
  if (done.receipted === 0) throw new Error('no press was receipted')
  return done
}
const settled = (done: Done): Done => {
  if (done.receipted !== done.sent)
    throw new Error(`${done.sent - done.receipted} of ${done.sent} presses not receipted`)
  return complete(done)
}

export const alarmIdle: BenchDefinition = {
  name: 'alarm-idle',
  what: `p50 of press → receipt at ${pressesPerSecond} a second ÷ p50 of inserting the same row by itself`,
  unit: 'ms',
  better: 'lower',
  judged: 'ratio',
  gate: 4,
  goal: 2,
  run: (say) =>
    withServer(async ({ load, raw }) => {
      const p99: number[] = []
      const figures = await inTurns(
        5,
        () => raw.oneByOne(pressesPerSecond, 2_500),
        async () => {
          const done = settled(await load.order({ do: 'press', perSecond: pressesPerSecond, ms: 4_000 }))
          p99.push(done.p99Ms)
          return done.p50Ms
        },
        say,
      )
      return { ...figures, more: { 'p99 ms': Number(median(p99).toFixed(2)) } }
    }),
}

export const alarmLoaded: BenchDefinition = {
  name: 'alarm-loaded',
  what: `p99 of press → receipt beside ${telemetryPerSecond} telemetry messages a second ÷ p99 without them`,
  unit: 'ms',
  better: 'lower',
  judged: 'ratio',
  gate: 5,
  goal: 1.5,
  run: (say) =>
    withServer(async ({ load, beside }) => {
      const ms = 5_000
      const presses = async () => settled(await load.order({ do: 'press', perSecond: pressesPerSecond, ms })).p99Ms
      const carried: number[] = []
      const figures = await inTurns(
        4,
        presses,
        async () => {
          const [p99, telemetry] = await Promise.all([
            presses(),
            beside.order({ do: 'pace', what: 'telemetry', perSecond: telemetryPerSecond, ms }),
          ])
          carried.push((telemetry.acked * 1_000) / telemetry.ms)
          return p99
        },
        say,
      )
      const rate = median(carried)
      return {
        ...figures,
        more: {
          'telemetry messages/s acknowledged': Math.round(rate),
          'load kept up': rate > 0.9 * telemetryPerSecond,
        },
      }
    }),
}

/**
 * A thousand presses wait for their receipt at any time, spread over all homes and their placements; the next one of a home
 * leaves when a receipt arrives. Every press is an occurrence of an open alarm, the dearest kind there is short of opening
 * one: beside the event's row its alarm is locked and changed and every console is told, in the same transaction. One that is
 * not receipted does not count, nor does one that arrives after the round. The reference stores the event's row alone, with
 * the same columns, keys and indexes, a hundred a transaction; it has the machine to itself, where the product shares the two
 * cores with PostgreSQL and with the load.
 */
export const alarmBurst: BenchDefinition = {
  name: 'alarm-burst',
  what: 'presses made durable and receipted a second, 1,000 on the way at any time ÷ the same rows inserted raw, by unnest of 100',
  unit: 'events/s',
  better: 'higher',
  judged: 'ratio',
  gate: 0.5,
  goal: 0.9,
  run: (say) =>
    withServer(async ({ load, raw }) => {
      await load.order({ do: 'press', inFlight: 1_000, ms: 1_000 })
      const p99: number[] = []
      const figures = await inTurns(
        4,
        () => raw.byHundreds(2_000),
        async () => {
          const done = complete(await load.order({ do: 'press', inFlight: 1_000, ms: 3_000 }))
          p99.push(done.p99Ms)
          return (done.receipted * 1_000) / done.ms
        },
        say,
      )
      return { ...figures, more: { 'p99 ms': Math.round(median(p99)) } }
    }),
}
