import type { Clock } from '@anju/contract'
import type { Database } from '../ports.ts'
import type { TelemetryArchive } from '../telemetry/archive.ts'
import { influxArchive } from '../telemetry/influx-archive.ts'
import { postgresArchive } from '../telemetry/postgres-archive.ts'
import type { TelemetryWorkerData } from './telemetry-worker.ts'

export interface Archives {
  /** Of the store that measurements go to. */
  readonly current: TelemetryArchive
  /** Of every store this server knows: PostgreSQL still has what was measured before it was told of an InfluxDB. */
  readonly all: readonly TelemetryArchive[]
  close(): Promise<void>
}

export function openArchives(store: TelemetryWorkerData, database: Database, clock: Clock): Archives {
  const postgres = postgresArchive(database)
  if (store.store !== 'influx') return { current: postgres, all: [postgres], close: async () => undefined }
  const influx = influxArchive(store.address, clock)
  return { current: influx, all: [influx, postgres], close: () => influx.close() }
}
