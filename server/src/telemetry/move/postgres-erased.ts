import type { Actor, Database } from '../../ports.ts'
import type { ErasedHome } from '../erasure/erased-homes.ts'
import { unavailable } from '../postgres-store.ts'
import type { ReadErased } from './erased.ts'

const actor: Actor = { kind: 'system', part: 'telemetry' }

export function postgresErased(database: Database): ReadErased {
  return async () => {
    try {
      return await database.transaction(actor, (tx) =>
        tx.query<ErasedHome>('select home, max(until) as until from telemetry_erasure group by home'),
      )
    } catch (error) {
      throw unavailable(error)
    }
  }
}
