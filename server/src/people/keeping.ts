import { malformed } from '@anju/contract'
import type { Change } from '../audit/audit.ts'
import type { Actor, Transaction } from '../ports.ts'

/** Who sets up centres and accounts. */
export interface Keeper {
  readonly actor: Actor
  /** Written in the change's own transaction: there is never one without the other. */
  note(tx: Transaction, centre: string, change: Change): Promise<void>
}

/** What came of it; `changed` names the fields that are different now. */
export type Kept =
  | { readonly is: 'added' }
  | { readonly is: 'changed'; readonly changed: readonly string[] }
  | { readonly is: 'unchanged' }

export const nameCharsMax = 100

/** @throws DomainError `request-malformed` naming the field */
export function nameIn(field: string, text: string): string {
  const name = text.trim()
  if (name === '') throw malformed(field, 'must not be empty')
  if (name.length > nameCharsMax) throw malformed(field, `has more than ${nameCharsMax} characters`)
  if (/\p{Cc}/u.test(name) || !name.isWellFormed())
    throw malformed(field, 'holds a character that is no part of a name')
  return name
}

/** The fields of a wish that are not so yet; what it does not mention stays. */
export function differing<W extends object>(wish: W, stored: Readonly<Record<keyof W, unknown>>): string[] {
  return (Object.keys(wish) as (keyof W & string)[]).filter(
    (field) => wish[field] !== undefined && wish[field] !== stored[field],
  )
}
