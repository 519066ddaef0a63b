import { DomainError, errorCode } from '@anju/contract'
import type { Actor, Database } from '../../ports.ts'
import type { MoveLedger, MoveState } from './ledger.ts'

const actor: Actor = { kind: 'system', part: 'telemetry' }

interface Row {
  phase: MoveState['phase']
  since: number
  until: number
  home: string | null
  placement: string
  point: string
  unit: string
  at: number | null
  series: number
  samples: number
  too_old: number
  refused: number
  erased: number
  later: number
  compared: number
}

/**
 * How far a move has come, in the database that is one of its ends: whoever goes on may sit at another machine, and a backup
 * that is restored brings back how far it had come together with what had come.
 */
export function postgresLedger(database: Database, source: string, target: string): MoveLedger {
  let run = 0
  const ask = async <T>(text: string, values: readonly unknown[]): Promise<T[]> => {
    try {
      return await database.transaction(actor, (tx) => tx.query<T>(text, [source, target, ...values]))
    } catch (error) {
      const away = errorCode(error) === 'store-unavailable' || errorCode(error) === 'overloaded'
      if (!away) throw error
      const why = 'how far the move has come cannot be written down: PostgreSQL cannot be reached'
      throw new DomainError('telemetry-unavailable', why, {}, { cause: error })
    }
  }
  return {
    async last() {
      const [row] = await ask<Row>(LAST, [])
      return row && stateOf(row)
    },
    async take(state) {
      const [taken] = await ask<{ run: number }>(TAKE, columnsOf(state))
      run = taken?.run ?? 0
    },
    async save(state) {
      const saved = await ask(SAVE, [...columnsOf(state), run])
      if (saved.length === 0)
        throw new DomainError('request-malformed', 'another process goes on with this move; this one has ended')
    },
  }
}

const columnsOf = ({ phase, since, until, position, counts }: MoveState): unknown[] => [
  phase,
  since,
  until,
  position?.series.home ?? null,
  position?.series.placement ?? null,
  position?.series.point ?? null,
  position?.series.unit ?? null,
  position?.at ?? null,
  counts.series,
  counts.samples,
  counts.tooOld,
  counts.refused,
  counts.erased,
  counts.later,
  counts.compared,
]

const stateOf = ({ phase, since, until, home, placement, point, unit, at, ...counted }: Row): MoveState => ({
  phase,
  since,
  until,
  position: home === null ? undefined : { series: { home, placement, point, unit }, at: at ?? undefined },
  counts: {
    series: counted.series,
    samples: counted.samples,
    tooOld: counted.too_old,
    refused: counted.refused,
    erased: counted.erased,
    later: counted.later,
    compared: counted.compared,
  },
})

const COLUMNS =
  'phase, since, until, home, placement, point, unit, at, series, samples, too_old, refused, erased, later, compared'
const LAST = `select ${COLUMNS} from telemetry_move where source = $1 and target = $2`
const VALUES = '$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17'
const TAKE = `
  insert into telemetry_move (source, target, ${COLUMNS}, saved_at) values ($1, $2, ${VALUES}, app_now())
  on conflict (source, target) do update
  set (${COLUMNS}, saved_at) = (${VALUES}, app_now()), run = telemetry_move.run + 1
  returning run`
const SAVE = `
  update telemetry_move set (${COLUMNS}, saved_at) = (${VALUES}, app_now())
  where source = $1 and target = $2 and run = $18
  returning run`
