import type { Clock } from '@anju/contract'
import type { Database } from '../../ports.ts'
import { influxTimes, LineProtocol } from '../influx/line-protocol.ts'
import { InfluxWire } from '../influx/wire.ts'
import { influxArchive } from '../influx-archive.ts'
import { type InfluxAddress, influxStore } from '../influx-store.ts'
import { postgresArchive } from '../postgres-archive.ts'
import { postgresStore, postgresTimes } from '../postgres-store.ts'
import { refusalsOf } from '../refusals.ts'
import type { End } from './end.ts'

/** PostgreSQL as one end of a move; it keeps what it has for ever. */
export function postgresEnd(database: Database): End {
  const archive = postgresArchive(database)
  return {
    id: archive.id,
    archive,
    open: () => postgresStore(database),
    judge: () => (batch) => refusalsOf(batch, postgresTimes),
    keptFor: () => Promise.resolve(undefined),
  }
}

/** A bucket of an InfluxDB as one end of a move. */
export function influxEnd(address: InfluxAddress, clock: Clock): End & { close(): Promise<void> } {
  const archive = influxArchive(address, clock)
  const wire = new InfluxWire(address, clock)
  return {
    id: archive.id,
    archive,
    open: () => influxStore(address, clock),
    judge: () => {
      const protocol = new LineProtocol()
      return (batch) => {
        const refused = refusalsOf(batch, influxTimes)
        protocol.refuse(batch, refused)
        return refused
      }
    },
    keptFor: () => wire.keptFor(),
    async close() {
      wire.close()
      await archive.close()
    },
  }
}
