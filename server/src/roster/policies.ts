import { DomainError, formatInstant, type Instant, malformed } from '@anju/contract'
import type { EscalationPolicy, PolicyAnswer, PolicyBody, PolicyScope, PolicyView, Target } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { repeatedChannel } from '../domain/escalation/policy.ts'
import type { PersonActor } from '../people/people.ts'
import type { Transaction } from '../ports.ts'
import { changing, newId, type RosterParts } from './change.ts'
import { outlook, readinessView } from './readiness.ts'
import { type ScopeRow, scopeOf } from './rows.ts'

export interface Policies {
  list(actor: PersonActor): Promise<PolicyView[]>
  /**
   * The one for this scope from now on; alarms that are running keep theirs.
   * @throws DomainError `policy-unreachable` when its centre track reaches nobody at any time, `request-malformed`.
   */
  put(author: Author, given: PolicyBody): Promise<PolicyAnswer>
  /** From then on the next wider one counts. @throws DomainError `policy-unknown`. */
  remove(author: Author, id: string): Promise<void>
}

interface Row extends ScopeRow {
  id: string
  version: number
  changed_at: Instant
  tracks: EscalationPolicy
}
const COLUMNS = 'id, home, type, class, version, changed_at, tracks'
const policiesMax = 1_000

export function createPolicies(parts: RosterParts): Policies {
  return {
    list: (actor) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `select ${COLUMNS} from escalation_policy where centre = $1
           order by home nulls first, type nulls first, class nulls first limit ${policiesMax}`,
          [actor.centre],
        )
        return rows.map(viewOf)
      }),

    async put(author, { scope, policy }) {
      if (Object.keys(scope).length > 1) throw malformed('body/scope', 'at most one of home, type and class')
      const problem = repeatedChannel(policy)
      if (problem) throw malformed(`body/policy/${problem.where}`, problem.why)
      const { centre } = author.actor
      const { gaps, never } = await outlook(parts, centre, policy)
      if (never) throw unreachable(gaps[0]?.why)
      return changing(parts, author, async (tx) => {
        await check(tx, author.actor, scope, policy)
        const [row] = await tx.query<Row>(
          `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at)
           values ($1, $2, $3, $4, $5, $6, app_now())
           on conflict on constraint escalation_policy_once do update
             set tracks = excluded.tracks, version = escalation_policy.version + 1, changed_at = excluded.changed_at
           returning ${COLUMNS}`,
          [
            newId(parts, 'policy'),
            centre,
            scope.home ?? null,
            scope.type ?? null,
            scope.class ?? null,
            JSON.stringify(policy),
          ],
        )
        const view = viewOf(row as Row)
        const action = view.version === 1 ? 'policy.added' : 'policy.changed'
        await author.note(tx, { action, subjects: subjectsOf(view), changed: Object.keys(policy) })
        return { ...view, readiness: readinessView(view.id, view.scope, gaps) }
      })
    },

    remove: (author, id) =>
      changing(parts, author, async (tx) => {
        const [row] = await tx.query<Row>(
          `delete from escalation_policy where id = $1 and centre = $2 returning ${COLUMNS}`,
          [id, author.actor.centre],
        )
        if (!row) throw new DomainError('policy-unknown', 'there is no such policy')
        await author.note(tx, { action: 'policy.removed', subjects: subjectsOf(viewOf(row)), changed: [] })
      }),
  }
}

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
