import { Client } from 'pg'
import { aServer, type RunningServer } from '../harness/server.ts'
import { type BenchDefinition, type BenchFigures, inTurns, median, percentile } from './figures.ts'
import { aLoad, type Load, manyGateways } from './load.ts'
import type { Done } from './load-worker.ts'

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
  readonly raw: Client
}

async function withServer(run: (bench: Bench) => Promise<BenchFigures>): Promise<BenchFigures> {
  const server = await aServer({ env: { ANJU_TELEMETRY_STORE: 'null' } })
  const load = aLoad()
  const beside = aLoad()
  const raw = new Client({ connectionString: server.cluster.ownerUrl })
  try {
    await raw.connect()
    await raw.query('create table bench_raw (id text primary key, gateway text, at timestamptz, body jsonb)')
    const gateways = await manyGateways(server, homes + telemetryHomes)
    const target = { port: server.mqttPort }
    await load.order({ do: 'connect', target, gateways: gateways.slice(0, homes), listening: true })
    await beside.order({ do: 'connect', target, gateways: gateways.slice(homes), listening: true })
    return await run({ server, load, beside, raw })
  } finally {
    load.end()
    beside.end()
    await raw.end()
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

const body = JSON.stringify({ type: 'sos-pressed', placement: 'bathroom-sos', class: 'life', heardAt: '2026-01-01' })

/** p50 in ms of one durable row a transaction, at the presses' own pace, over `ms`. */
async function rawInserts(raw: Client, ms: number): Promise<number> {
  const took: number[] = []
  const start = performance.now()
  const run = `${start}-`
  for (let n = 0; performance.now() - start < ms; n++) {
    const due = start + (n * 1_000) / pressesPerSecond
    const early = due - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const from = performance.now()
    await raw.query({
      name: 'bench-one',
      text: 'insert into bench_raw (id, gateway, at, body) values ($1, $2, clock_timestamp(), $3)',
      values: [run + n, 'gw-1', body],
    })
    took.push(performance.now() - from)
  }
  return percentile(took, 0.5)
}

/** Rows a second of the same table, a hundred a statement. */
async function rawUnnest(raw: Client, ms: number): Promise<number> {
  const rows = 100
  const start = performance.now()
  let batch = 0
  for (; performance.now() - start < ms; batch++)
    await raw.query({
      name: 'bench-unnest',
      text: 'insert into bench_raw (id, gateway, at, body) select id, $2, clock_timestamp(), $3::jsonb from unnest($1::text[]) as t (id)',
      values: [Array.from({ length: rows }, (_, index) => `${start}-u${batch}-${index}`), 'gw-1', body],
    })
  return (batch * rows * 1_000) / (performance.now() - start)
}

export const alarmIdle: BenchDefinition = {
  name: 'alarm-idle',
  what: `p50 of press → receipt at ${pressesPerSecond} a second ÷ p50 of one raw durable insert`,
  unit: 'ms',
  better: 'lower',
  judged: 'ratio',
  gate: 4,
  goal: 2,
  run: (say) =>
    withServer(async ({ load, raw }) => {
      await load.order({ do: 'press', perSecond: pressesPerSecond, ms: 3_000 })
      const p99: number[] = []
      const figures = await inTurns(
        5,
        () => rawInserts(raw, 2_500),
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
      await load.order({ do: 'press', perSecond: pressesPerSecond, ms: 3_000 })
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

export const alarmBurst: BenchDefinition = {
  name: 'alarm-burst',
  what: 'presses made durable and receipted a second, 1,000 on the way at any time ÷ raw unnest rows a second',
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
        () => rawUnnest(raw, 2_000),
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
