import { takePartsAlong } from '../harness/child.ts'
import { alarmBurst, alarmIdle, alarmLoaded } from './alarm.ts'
import { connections } from './connections.ts'
import { decode } from './decode.ts'
import { type BenchDefinition, judge } from './figures.ts'
import { gateway } from './gateway.ts'
import { ingest, ingestCpu } from './ingest.ts'
import { lineProtocol } from './line-protocol.ts'
import { outbox } from './outbox.ts'
import { query } from './query.ts'
import { telemetryCpu } from './telemetry-cpu.ts'

/** `npm run bench -- NAME`: the last line is the figure as JSON; exit 1 below the gate, 2 for a name we do not know. */
const benches: readonly BenchDefinition[] = [
  alarmIdle,
  alarmLoaded,
  alarmBurst,
  ingest,
  ingestCpu,
  outbox,
  lineProtocol,
  telemetryCpu,
  query,
  connections,
  decode,
  gateway,
]

takePartsAlong()
const [name] = process.argv.slice(2)
const bench = benches.find((one) => one.name === name)
if (!bench) {
  for (const one of benches) console.log(`${one.name.padEnd(14)} ${one.what}`)
  process.exit(name === undefined ? 0 : 2)
}
const began = performance.now()
console.log(`${bench.name}: ${bench.what}`)
try {
  const figures = await bench.run((line) => console.log(line))
  const { result, passed, reachedGoal } = judge(bench, figures)
  for (const [key, value] of Object.entries(figures.more ?? {})) console.log(`${key}: ${value}`)
  const verdict = passed ? (reachedGoal ? 'goal reached' : 'gate passed') : 'BELOW THE GATE'
  console.log(`${verdict} after ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  console.log(JSON.stringify(result))
  process.exitCode = passed ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
}
