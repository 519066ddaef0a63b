import type { Clock } from '@anju/contract'
import type { Database } from '../ports.ts'
import type { TelemetryArchive } from '../telemetry/archive.ts'
import { influxArchive } from '../telemetry/influx-archive.ts'
import type { InfluxAddress } from '../telemetry/influx-store.ts'
import { postgresArchive } from '../telemetry/postgres-archive.ts'

export interface Archives {
  /** Of the store that measurements go to. */
  readonly current: TelemetryArchive
  /** Of every store this server knows: PostgreSQL still has what was measured before it was told of an InfluxDB. */
  readonly all: readonly TelemetryArchive[]
  close(): Promise<void>
}

/** `address`: of the InfluxDB that measurements go to, if they do. */
export function openArchives(address: InfluxAddress | undefined, database: Database, clock: Clock): Archives {
  const postgres = postgresArchive(database)
  if (!address) return { current: postgres, all: [postgres], close: async () => undefined }
  const influx = influxArchive(address, clock)
  return { current: influx, all: [influx, postgres], close: () => influx.close() }
}
