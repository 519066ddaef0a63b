import { takePartsAlong } from '../harness/child.ts'
import { backlog } from './backlog.ts'
import { gatewayCrash, serverCrash } from './crash.ts'
import { dongle } from './dongle.ts'
import { doubleClaim } from './double-claim.ts'
import { manyDevices } from './forty-devices.ts'
import { householdImport } from './import-households.ts'
import { influxFailures } from './influx-failures.ts'
import { invariants } from './invariants.ts'
import { model } from './model.ts'
import { nonsense } from './nonsense.ts'
import { type Observation, writeEvidence } from './observation.ts'
import { pausedServer } from './paused-server.ts'
import { pressToRow } from './press-to-row.ts'
import { races } from './races.ts'
import { randomBuffers } from './random-buffers.ts'
import { replay } from './replay.ts'
import { start } from './start.ts'
import { storeOutage } from './store-outage.ts'
import { threeServers } from './three-servers.ts'

/** `npm run observe -- ID`: the full form of one observation; writes `docs/evidence/ID.json`, exit 1 when it did not hold. */
const observations: readonly Observation[] = [
  gatewayCrash,
  serverCrash,
  backlog,
  storeOutage,
  influxFailures,
  threeServers,
  pausedServer,
  dongle,
  manyDevices,
  randomBuffers,
  doubleClaim,
  model,
  races,
  invariants,
  nonsense,
  pressToRow,
  householdImport,
  replay,
  start,
]

takePartsAlong()
const [id, ...flags] = process.argv.slice(2)
const observation = observations.find((one) => one.id === id)
if (!observation) {
  for (const one of observations) console.log(`${one.id.padEnd(10)} ${one.what}`)
  process.exit(id === undefined ? 0 : 2)
}
const began = performance.now()
// A dry run of the short form, without evidence: to see that it works before an hour is spent.
const scale = flags.includes('--short') ? 'short' : 'full'
console.log(`${observation.id}: ${observation.what}`)
try {
  const outcome = await observation.run(scale, (line) => console.log(line))
  for (const [key, value] of Object.entries(outcome.figures)) console.log(`${key}: ${String(value)}`)
  for (const wrong of outcome.wrong) console.log(`WRONG: ${wrong}`)
  const tookMs = performance.now() - began
  if (scale === 'full') writeEvidence(observation, outcome, tookMs)
  console.log(`${outcome.wrong.length === 0 ? 'held' : 'DID NOT HOLD'} after ${(tookMs / 1_000).toFixed(0)} s`)
  process.exit(outcome.wrong.length === 0 ? 0 : 1)
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
}
