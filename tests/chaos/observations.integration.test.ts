import { expect, test } from 'vitest'
import { backlog } from '../observe/backlog.ts'
import { gatewayCrash, serverCrash } from '../observe/crash.ts'
import { dongle } from '../observe/dongle.ts'
import { doubleClaim } from '../observe/double-claim.ts'
import { manyDevices } from '../observe/forty-devices.ts'
import { householdImport } from '../observe/import-households.ts'
import { influxFailures } from '../observe/influx-failures.ts'
import { nonsense } from '../observe/nonsense.ts'
import type { Observation } from '../observe/observation.ts'
import { pausedServer } from '../observe/paused-server.ts'
import { pressToRow } from '../observe/press-to-row.ts'
import { storeOutage } from '../observe/store-outage.ts'
import { threeServers } from '../observe/three-servers.ts'

/** The short form of each observation; `npm run observe -- ID` runs the full one with the same code. */
const observations: readonly Observation[] = [
  pressToRow,
  doubleClaim,
  nonsense,
  gatewayCrash,
  serverCrash,
  backlog,
  storeOutage,
  influxFailures,
  threeServers,
  pausedServer,
  dongle,
  manyDevices,
  householdImport,
]

test.for(observations)('$id $what', { timeout: 300_000 }, async (observation) => {
  const said: string[] = []
  const { figures, wrong } = await observation.run('short', (line) => said.push(line))
  console.log(observation.id, JSON.stringify(figures))
  if (wrong.length > 0) console.log(said.join('\n'))
  expect(wrong).toEqual([])
})
