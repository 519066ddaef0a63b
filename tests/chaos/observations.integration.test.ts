import { backlog } from '../observe/backlog.ts'
import { dongle } from '../observe/dongle.ts'
import { doubleClaim } from '../observe/double-claim.ts'
import { manyDevices } from '../observe/forty-devices.ts'
import { householdImport } from '../observe/import-households.ts'
import { influxFailures } from '../observe/influx-failures.ts'
import { nonsense } from '../observe/nonsense.ts'
import { pressToRow } from '../observe/press-to-row.ts'
import { storeOutage } from '../observe/store-outage.ts'
import { threeServers } from '../observe/three-servers.ts'
import { inShort } from './short-forms.ts'

inShort([
  pressToRow,
  doubleClaim,
  nonsense,
  backlog,
  storeOutage,
  influxFailures,
  threeServers,
  dongle,
  manyDevices,
  householdImport,
])
