import { DomainError, formatInstant, type Instant } from '@anju/contract'
import type { PlanBody, PlanClass, PlanStep, StoredPlan } from '@anju/contract/api'
import { unlessChanged, type Version, type WrittenFrom } from '../database/versions.ts'
import { checkedScope, type Scoped } from '../domain/plan.ts'
import type { PersonActor, Transaction } from '../ports.ts'

/**
 * Writes the plan of a scope. Its row stays for ever, also over a removal, so that a version is never given twice; each version is
 * kept with the time from which it held.
 */
export async function putPlan(tx: Transaction, actor: PersonActor, plan: PlanBody): Promise<StoredPlan> {
  const scope = checkedScope(plan)
  if (scope.home !== null) {
    const known = await tx.query('select 1 from home where id = $1 and centre = $2', [scope.home, actor.centre])
    if (known.length === 0) throw new DomainError('home-unknown', 'there is no such home', { id: scope.home })
  }
  const steps = JSON.stringify(plan.steps)
  const written = (await firstOf(tx, actor, scope, steps)) ?? (await nextOf(tx, actor, scope, steps, plan.writtenFrom))
  if (written.version === 1 && typeof plan.writtenFrom === 'number')
    throw new DomainError('plan-unknown', 'there never was a plan of this scope')
  keep(tx, written.id, plan.steps)
  return planOf(written)
}

/** From now on the next wider plan holds. */
export async function removePlan(
  tx: Transaction,
  actor: PersonActor,
  id: string,
  writtenFrom: WrittenFrom,
): Promise<void> {
  const [before] = await tx.query<PlanRow>(
    `select ${COLUMNS} from response_plan where id::text = $1 and centre = $2 and removed_at is null for update`,
    [id, actor.centre],
  )
  if (!before) throw new DomainError('plan-unknown', 'there is no such plan')
  unlessChanged('plan', before, writtenFrom)
  await tx.query(
    `update response_plan set removed_at = app_now(), version = version + 1, changed_at = app_now(), changed_by = $2
     where id = $1`,
    [before.id, actor.name],
  )
  keep(tx, before.id, null)
}

/** Nothing was ever written for this scope; undefined when something was. */
async function firstOf(
  tx: Transaction,
  actor: PersonActor,
  { home, type, class: of }: Scoped,
  steps: string,
): Promise<PlanRow | undefined> {
  const [row] = await tx.query<PlanRow>(
    `insert into response_plan (centre, home, type, class, steps, changed_at, changed_by) values ($1, $2, $3, $4, $5, app_now(), $6)
     on conflict on constraint response_plan_once do nothing returning ${COLUMNS}`,
    [actor.centre, home, type, of, steps, actor.name],
  )
  return row
}

/** The time is read after the row's lock: what was written later holds from later on. */
async function nextOf(
  tx: Transaction,
  actor: PersonActor,
  scope: Scoped,
  steps: string,
  writtenFrom: WrittenFrom,
): Promise<PlanRow> {
  const { home, type, class: of } = scope
  const [before] = await tx.query<PlanRow>(
    `select ${COLUMNS} from response_plan where centre = $1 and home is not distinct from $2 and type is not distinct from $3
       and class is not distinct from $4 for update`,
    [actor.centre, home, type, of],
  )
  if (before) unlessChanged('plan', versionOf(before), writtenFrom)
  const [row] = await tx.query<PlanRow>(
    `update response_plan set steps = $2, version = version + 1, changed_at = app_now(), changed_by = $3, removed_at = null
     where id = $1 returning ${COLUMNS}`,
    [before?.id ?? null, steps, actor.name],
  )
  if (!row) throw new DomainError('internal', 'a plan was written and is not there')
  return row
}

/** A removed one is no plan, and who removed it is known. */
const versionOf = (row: PlanRow): Version => ({ ...row, version: row.removed_at === null ? row.version : null })

/** Null: from now on it does not hold. */
function keep(tx: Transaction, plan: number, steps: readonly PlanStep[] | null): void {
  void tx.query(
    `insert into plan_version (plan, version, centre, steps, held_from)
     select id, version, centre, $2, changed_at from response_plan where id = $1`,
    [plan, steps && JSON.stringify(steps)],
  )
}

export const COLUMNS = 'id, home, type, class, version, steps, changed_at, changed_by, removed_at'
export interface PlanRow {
  readonly id: number
  readonly home: string | null
  readonly type: string | null
  readonly class: PlanClass | null
  readonly version: number
  readonly steps: PlanStep[]
  readonly changed_at: Instant
  readonly changed_by: string
  readonly removed_at: Instant | null
}
export const planOf = ({ id, home, type, class: of, version, steps, ...changed }: PlanRow): StoredPlan => ({
  id: String(id),
  home,
  type,
  class: of,
  version,
  steps,
  changedAt: formatInstant(changed.changed_at),
  changedBy: changed.changed_by,
})
