import { DomainError, formatInstant, type Instant, malformed } from '@anju/contract'
import type { EscalationPolicy, PolicyAnswer, PolicyBody, PolicyScope, PolicyView, Target } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { unlessChanged, type Version } from '../database/versions.ts'
import { repeatedChannel } from '../domain/escalation/policy.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { changing, newId, type RosterParts } from './change.ts'
import { outlook, readinessView } from './readiness.ts'
import { type ScopeRow, scopeOf } from './rows.ts'

export interface Policies {
  list(actor: PersonActor): Promise<PolicyView[]>
  /**
   * The one for this scope from now on; alarms that are running keep theirs.
   * @throws DomainError `policy-unreachable` when its centre track reaches nobody at any time, `policy-changed`, `request-malformed`.
   */
  put(author: Author, given: PolicyBody): Promise<PolicyAnswer>
  /** From then on the next wider one counts. @throws DomainError `policy-unknown`, `policy-changed`. */
  remove(author: Author, id: string, writtenFrom?: number): Promise<void>
}

interface Row extends ScopeRow {
  id: string
  version: number
  changed_at: Instant
  changed_by: string | null
  removed_at: Instant | null
  tracks: EscalationPolicy
}
const COLUMNS = 'id, home, type, class, version, changed_at, changed_by, removed_at, tracks'
const policiesMax = 1_000

export function createPolicies(parts: RosterParts): Policies {
  return {
    list: (actor) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `select ${COLUMNS} from escalation_policy where centre = $1 and removed_at is null
           order by home nulls first, type nulls first, class nulls first limit ${policiesMax}`,
          [actor.centre],
        )
        return rows.map(viewOf)
      }),

    async put(author, { scope, policy, writtenFrom }) {
      if (Object.keys(scope).length > 1) throw malformed('body/scope', 'at most one of home, type and class')
      const problem = repeatedChannel(policy)
      if (problem) throw malformed(`body/policy/${problem.where}`, problem.why)
      const { centre, name } = author.actor
      const { gaps, never } = await outlook(parts, centre, policy)
      if (never) throw unreachable(gaps[0]?.why)
      return changing(parts, author, async (tx) => {
        await check(tx, author.actor, scope, policy)
        const columns = [scope.home ?? null, scope.type ?? null, scope.class ?? null]
        // Nothing was ever written for this scope: then there is nothing to be locked, and only one of two inserts is made.
        const [fresh] = await tx.query<Row>(
          `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at, changed_by)
           values ($1, $2, $3, $4, $5, $6, app_now(), $7) on conflict on constraint escalation_policy_once do nothing
           returning ${COLUMNS}`,
          [newId(parts, 'policy'), centre, ...columns, JSON.stringify(policy), name],
        )
        const before = fresh ? undefined : await standing(tx, centre, columns)
        unlessChanged('policy', before && versionOf(before), writtenFrom)
        const [row = fresh] = before ? await tx.query<Row>(NEXT, [before.id, JSON.stringify(policy), name]) : []
        const view = viewOf(row as Row)
        const action = before?.removed_at === null ? 'policy.changed' : 'policy.added'
        await author.note(tx, { action, subjects: subjectsOf(view), changed: Object.keys(policy) })
        return { ...view, readiness: readinessView(view.id, view.scope, gaps) }
      })
    },

    remove: (author, id, writtenFrom) =>
      changing(parts, author, async (tx) => {
        const [row] = await tx.query<Row>(
          `select ${COLUMNS} from escalation_policy where id = $1 and centre = $2 and removed_at is null for update`,
          [id, author.actor.centre],
        )
        if (!row) throw new DomainError('policy-unknown', 'there is no such policy')
        unlessChanged('policy', row, writtenFrom)
        await tx.query(
          `update escalation_policy set removed_at = app_now(), version = version + 1, changed_at = app_now(), changed_by = $2
           where id = $1`,
          [id, author.actor.name],
        )
        await author.note(tx, { action: 'policy.removed', subjects: subjectsOf(viewOf(row)), changed: [] })
      }),
  }
}

/** The time is read after the row's lock. */
const NEXT = `update escalation_policy
  set tracks = $2, version = version + 1, changed_at = app_now(), changed_by = $3, removed_at = null where id = $1
  returning ${COLUMNS}`

/** The one of this scope, also one that was removed, locked. */
async function standing(tx: Transaction, centre: string, scope: readonly (string | null)[]): Promise<Row> {
  const [row] = await tx.query<Row>(
    `select ${COLUMNS} from escalation_policy where centre = $1 and home is not distinct from $2
       and type is not distinct from $3 and class is not distinct from $4 for update`,
    [centre, ...scope],
  )
  if (!row) throw new DomainError('internal', 'a policy was there and is not')
  return row
}

/** A removed one is no policy, and who removed it is known. */
const versionOf = (row: Row): Version => ({ ...row, version: row.removed_at === null ? row.version : null })

const subjectsOf = ({ id, scope }: PolicyView): string[] => (scope.home ? [scope.home, id] : [id])

const unreachable = (why: string | undefined) =>
  new DomainError(
    'policy-unreachable',
    why === 'no-living-way'
      ? 'its centre track reaches nobody: whoever it names is at no console it uses and has no working number on its channels'
      : 'its centre track reaches nobody: nobody it names is planned to be on duty within the next 14 days',
  )

/** Whoever a policy names is there. @throws DomainError `home-unknown`, `request-malformed`. */
async function check(
  tx: Transaction,
  { centre }: PersonActor,
  { home }: PolicyScope,
  policy: EscalationPolicy,
): Promise<void> {
  if (home !== undefined) {
    const found = await tx.query('select 1 from home where id = $1 and centre = $2', [home, centre])
    if (found.length === 0) throw new DomainError('home-unknown', 'there is no such home')
  }
  const named = namedIn(policy)
  const ids = named.map(({ id }) => id)
  const [seats, centres] = await Promise.all([
    // Shared, so that a seat is still there when this is committed.
    tx.query<{ id: string }>('select id from seat where centre = $1 and id = any($2) for share', [centre, ids]),
    tx.query<{ id: string }>('select id from centre where id = any($1)', [ids]),
  ])
  const known = { seat: new Set(seats.map(({ id }) => id)), centre: new Set(centres.map(({ id }) => id)) }
  const missing = named.find(({ kind, id }) => !known[kind].has(id))
  if (missing) throw malformed(`body/policy/${missing.where}`, `there is no such ${missing.kind}`)
}

function namedIn(policy: EscalationPolicy) {
  const named: { readonly kind: 'seat' | 'centre'; readonly id: string; readonly where: string }[] = []
  for (const [track, { steps }] of Object.entries(policy))
    for (const [step, { targets }] of steps.entries())
      for (const [index, target] of targets.entries()) {
        const found = idOf(target)
        if (found) named.push({ ...found, where: `${track}/steps/${step}/targets/${index}/${found.kind}` })
      }
  return named
}

const idOf = (target: Target) =>
  target.to === 'seat'
    ? ({ kind: 'seat', id: target.seat } as const)
    : target.to === 'centre'
      ? ({ kind: 'centre', id: target.centre } as const)
      : undefined

const viewOf = (row: Row): PolicyView => ({
  id: row.id,
  scope: scopeOf(row),
  version: row.version,
  changedAt: formatInstant(row.changed_at),
  policy: row.tracks,
})
