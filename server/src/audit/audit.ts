import type { Once } from '../database/idempotency.ts'
import type { PersonalField } from '../policy/table.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'

/** One look at personal data. */
export interface Look {
  readonly action: string
  readonly fields: readonly PersonalField[]
  /** What was looked at: homes, alarms; empty when the answer held nobody. */
  readonly subjects: readonly string[]
  /** Why: the alarm being handled, when there is one. */
  readonly purpose: string | null
  readonly ip: string
  readonly agent: string
}

const subjectsMax = 500
const agentCharsMax = 200

/**
 * Commits who reads what, before the answer leaves.
 * @throws DomainError `store-unavailable`; then the answer must not leave.
 */
export async function record(database: Database, actor: PersonActor, look: Look): Promise<void> {
  await database.transaction(
    actor,
    (tx) =>
      tx.query(
        `insert into audit (centre, at, person, name, session, role, action, fields, subjects, purpose, ip, agent)
       values ($1, app_now(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          actor.centre,
          actor.person,
          actor.name,
          actor.session,
          actor.role,
          look.action,
          look.fields,
          look.subjects.slice(0, subjectsMax),
          look.purpose,
          look.ip,
          look.agent.slice(0, agentCharsMax),
        ],
        'audit',
      ),
    'by-key',
  )
}

/** One change of what people rely on. */
export interface Change {
  readonly action: `${string}.${'added' | 'changed' | 'removed' | 'restored' | 'reordered' | 'proven' | 'tested' | 'given' | 'withdrawn' | 'locked' | 'unlocked' | 'used'}`
  /** What was changed, and the home it belongs to. */
  readonly subjects: readonly string[]
  /** The names of the fields, never what was in them: a trail must not outlive a deletion. */
  readonly changed: readonly string[]
}

/** Who changes something. */
export interface Author {
  readonly actor: PersonActor
  /** The same command under the same key is done once. */
  readonly key: Once | undefined
  /** Written in the change's own transaction: there is never one without the other. */
  note(tx: Transaction, change: Change): Promise<void>
}

export async function noteChange(
  tx: Transaction,
  actor: PersonActor,
  { action, subjects, changed }: Change,
  { ip, agent }: { readonly ip: string; readonly agent: string },
): Promise<void> {
  await tx.query(
    `insert into audit (centre, at, person, name, session, role, action, fields, subjects, changed, ip, agent)
     values ($1, app_now(), $2, $3, $4, $5, $6, '{}', $7, $8, $9, $10)`,
    [
      actor.centre,
      actor.person,
      actor.name,
      actor.session,
      actor.role,
      action,
      subjects.slice(0, subjectsMax),
      changed,
      ip,
      agent.slice(0, agentCharsMax),
    ],
  )
}

/**
 * Whoever may start commands may change the database; the audit has the name they go by on that machine, since the first
 * account of all cannot be made in the name of another.
 */
export async function noteCommand(
  tx: Transaction,
  { centre, by, agent }: { readonly centre: string; readonly by: string; readonly agent: string },
  { action, subjects, changed }: Change,
): Promise<void> {
  await tx.query(
    `insert into audit (centre, at, person, name, role, action, fields, subjects, changed, ip, agent)
     values ($1, app_now(), 'command-line', $2, 'system', $3, '{}', $4, $5, '', $6)`,
    [centre, by, action, subjects.slice(0, subjectsMax), changed, agent],
  )
}

/**
 * A certificate goes into the audit with its sum: whoever changes its text afterwards would have to change the audit as well,
 * which nobody can. It is given by the server, in the name of whoever asked for what it certifies.
 */
export async function noteCertificate(
  tx: Transaction,
  {
    id,
    centre,
    home,
    by,
  }: {
    readonly id: string
    readonly centre: string
    readonly home: string
    readonly by: { readonly person: string; readonly name: string }
  },
  sha256: string,
): Promise<void> {
  await tx.query(
    `insert into audit (centre, at, person, name, role, action, fields, subjects, purpose, ip, agent)
     values ($1, app_now(), $2, $3, 'system', 'telemetry-erasure.proven', '{}', $4, $5, '', '')`,
    [centre, by.person, by.name, [home, id], `certificate sha256 ${sha256}`],
  )
}
