import type { Clock, Random } from '@anju/contract'
import type { FastifyPluginAsync } from 'fastify'
import { ulid } from 'ulid'
import { noteCertificate } from '../audit/audit.ts'
import { telemetryErasureRoutes } from '../http/telemetry-erasure-routes.ts'
import type { Database } from '../ports.ts'
import { startErasing } from '../telemetry/erasure/carry-out.ts'
import type { ErasedHomes } from '../telemetry/erasure/erased-homes.ts'
import { createErasures } from '../telemetry/erasure/erasures.ts'
import type { Log } from '../uplink-ports.ts'
import type { Archives } from './archives.ts'

export interface ErasureParts {
  readonly database: Database
  readonly archives: Archives
  readonly erased: ErasedHomes
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** A wish becomes a row; the row is known to every worker, carried out, and certified in the audit. */
export function startErasure({ database, archives, erased, clock, random, log }: ErasureParts): {
  readonly routes: readonly FastifyPluginAsync[]
  stop(): void
} {
  const erasing = startErasing({ database, archives: archives.all, clock, log, certified: noteCertificate })
  const erasures = createErasures({
    database,
    newId: () => ulid(clock.now(), () => random.uniform()).toLowerCase(),
    wake() {
      // Other servers read it within seconds; this one must not write any more of it from now on.
      void erased
        .refresh()
        .catch(() => undefined)
        .finally(() => erasing.wake())
    },
  })
  return { routes: [telemetryErasureRoutes(erasures, database)], stop: erasing.stop }
}
