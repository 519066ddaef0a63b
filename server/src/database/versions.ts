import { DomainError, formatInstant, type Instant } from '@anju/contract'
import type { Changed } from '@anju/contract/api'
import type { Transaction } from '../ports.ts'

/**
 * What people correct by forms carries a version. Whoever writes says which one they had read; where it is another one by now
 * they are told who made it so, and nothing is done.
 */

/** Where the version of each is kept. The order of a home's contacts is the home's, and not what is corrected of the home itself. */
const KEPT = {
  home: { table: 'home', prefix: '' },
  'contact-order': { table: 'home', prefix: 'order_' },
  resident: { table: 'resident', prefix: '' },
  contact: { table: 'contact', prefix: '' },
  responder: { table: 'responder', prefix: '' },
  person: { table: 'person', prefix: '' },
  seat: { table: 'seat', prefix: '' },
  shift: { table: 'shift', prefix: '' },
} as const
export type Versioned = keyof typeof KEPT

/** `version` null: it is not there, or not any more. */
export interface Version {
  readonly version: number | null
  readonly changed_at: Instant | null
  readonly changed_by: string | null
}
/** The version the writer had read; null: there was nothing. Undefined: a program that does not say. */
export type WrittenFrom = number | null | undefined

/** Under the row's lock: what its writer read is what it still is. @throws DomainError `…-changed`, with `changed`. */
export function unlessChanged(
  what: Versioned | 'plan' | 'policy',
  now: Version | undefined,
  writtenFrom: WrittenFrom,
): void {
  const version = now?.version ?? null
  if (writtenFrom === undefined || writtenFrom === version) return
  const at = now?.changed_at ?? null
  throw new DomainError(`${what}-changed`, `this ${what} is not the one it was written from any more`, {
    changed: { version, by: now?.changed_by ?? null, at: at === null ? null : formatInstant(at) } satisfies Changed,
  })
}

/** The same for what is kept in a table of its own. The caller holds it, or what it belongs to. */
export async function unlessWritten(
  tx: Transaction,
  what: Versioned,
  id: string,
  writtenFrom: WrittenFrom,
): Promise<void> {
  if (writtenFrom === undefined) return
  const { table, prefix } = KEPT[what]
  const [now] = await tx.query<Version>(
    `select ${prefix}version as version, ${prefix}changed_at as changed_at, ${prefix}changed_by as changed_by from ${table} where id = $1`,
    [id],
  )
  unlessChanged(what, now, writtenFrom)
}

/** It has become another one, by whose hand. Call it with the change, in its transaction. */
export async function written(tx: Transaction, what: Versioned, id: string, by: string): Promise<void> {
  const { table, prefix } = KEPT[what]
  await tx.query(
    `update ${table} set ${prefix}version = ${prefix}version + 1, ${prefix}changed_at = app_now(), ${prefix}changed_by = $2 where id = $1`,
    [id, by],
  )
}
