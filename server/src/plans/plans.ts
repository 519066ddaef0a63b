import { DomainError, formatInstant, type Instant } from '@anju/contract'
import type { PlanBody, PlanDefect, PlanDefectList, PlanList, StoredPlan } from '@anju/contract/api'
import { type Once, once } from '../database/idempotency.ts'
import { STANDARD_PLANS } from '../domain/plan.ts'
import type { PlanRun } from '../domain/plan-run.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'
import { stepViews } from './view.ts'
import { COLUMNS, type PlanRow, planOf, putPlan, removePlan } from './write-plan.ts'

const pageMax = 200

/** A centre's own plans, and what was found wrong with them. */
export interface Plans {
  list(actor: PersonActor, cursor: string | undefined): Promise<PlanList>
  /**
   * Writes the plan of a scope; its version grows.
   * @throws DomainError `request-malformed`, `home-unknown`, `plan-changed` (with `changed`).
   */
  put(actor: PersonActor, plan: PlanBody, key?: Once): Promise<StoredPlan>
  /** From now on the next wider plan holds. @throws DomainError `plan-unknown`, `plan-changed` (with `changed`). */
  remove(actor: PersonActor, id: string, writtenFrom?: number, key?: Once): Promise<void>
  /** Newest first. */
  defects(actor: PersonActor, settled: boolean, cursor: string | undefined): Promise<PlanDefectList>
  /** @throws DomainError `plan-unknown`, `transition-refused`. */
  settle(actor: PersonActor, id: string, note: string, key?: Once): Promise<PlanDefect>
}

export function createPlans(database: Database): Plans {
  return {
    list: (actor, cursor) =>
      database.transaction(actor, async (tx) => {
        const rows = await tx.query<PlanRow>(
          `select ${COLUMNS} from response_plan where centre = $1 and removed_at is null and id > $2 order by id limit ${pageMax + 1}`,
          [actor.centre, numberOf('cursor', cursor ?? '0')],
        )
        const items = rows.slice(0, pageMax).map(planOf)
        const standard = {
          life: [...STANDARD_PLANS.life],
          hazard: [...STANDARD_PLANS.hazard],
          technical: [...STANDARD_PLANS.technical],
        }
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null, standard }
      }),

    put: (actor, plan, key) => database.transaction(actor, (tx) => once(tx, key, () => putPlan(tx, actor, plan))),

    remove: (actor, id, writtenFrom, key) =>
      database.transaction(actor, async (tx) => {
        await once(tx, key, async () => {
          await removePlan(tx, actor, id, writtenFrom)
          return null
        })
      }),

    defects: (actor, settled, cursor) =>
      database.transaction(actor, async (tx) => {
        const rows = await tx.query<DefectRow>(
          `select ${DEFECT} where plan_defect.centre = $1 and (settled_at is not null) = $2 and plan_defect.id < $3
           order by plan_defect.id desc limit ${pageMax + 1}`,
          [actor.centre, settled, numberOf('cursor', cursor ?? String(Number.MAX_SAFE_INTEGER))],
        )
        const items = rows.slice(0, pageMax).map(defectOf)
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
      }),

    settle: (actor, id, note, key) =>
      database.transaction(actor, (tx) => once(tx, key, () => settle(tx, actor, id, note))),
  }
}

async function settle(tx: Transaction, actor: PersonActor, id: string, note: string): Promise<PlanDefect> {
  const [before] = await tx.query<{ settled_at: number | null }>(
    'select settled_at from plan_defect where id::text = $1 and centre = $2 for update',
    [id, actor.centre],
  )
  if (!before) throw new DomainError('plan-unknown', 'there is no such defect')
  if (before.settled_at !== null) throw new DomainError('transition-refused', 'this defect was settled before')
  await tx.query(
    'update plan_defect set settled_at = app_now(), settled_by = $2, settled_note = $3 where id::text = $1',
    [id, actor.name, note],
  )
  const [row] = await tx.query<DefectRow>(`select ${DEFECT} where plan_defect.id::text = $1`, [id])
  if (!row) throw new DomainError('internal', 'a defect was settled and is not there')
  return defectOf(row)
}

const DEFECT = `plan_defect.id, alarm, plan_defect.home, home.name as home_name, type, run, reason, at, person_name,
  settled_at, settled_by, settled_note from plan_defect left join home on home.id = plan_defect.home`
interface DefectRow {
  id: number
  alarm: string
  home: string
  home_name: string | null
  type: string
  run: PlanRun
  reason: string
  at: Instant
  person_name: string
  settled_at: Instant | null
  settled_by: string | null
  settled_note: string | null
}
const defectOf = (row: DefectRow): PlanDefect => ({
  id: String(row.id),
  alarmId: row.alarm,
  homeId: row.home,
  homeName: row.home_name ?? row.home,
  type: row.type,
  source: row.run.plan.source,
  planId: row.run.plan.id,
  planVersion: row.run.plan.version,
  reason: row.reason,
  at: formatInstant(row.at),
  by: row.person_name,
  steps: stepViews(row.run),
  settled:
    row.settled_at === null
      ? null
      : { at: formatInstant(row.settled_at), by: row.settled_by ?? '', note: row.settled_note ?? '' },
})

function numberOf(field: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new DomainError('request-malformed', `${field}: is none that this list gave out`)
  return number
}
