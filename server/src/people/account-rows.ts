import { DomainError } from '@anju/contract'
import type { Language, Role } from '@anju/contract/api'
import type { Transaction } from '../ports.ts'

/** An account as whoever keeps it sees it: never its password. */
export interface Account {
  readonly id: string
  readonly centre: string
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly home: string | null
  readonly contact: string | null
  readonly language: Language
  readonly hasPassword: boolean
  /** Given by a colleague, to be replaced at the next log-in. */
  readonly oneTime: boolean
  readonly locked: boolean
  readonly secondFactor: 'exempt' | 'to-be-enrolled' | 'enrolled'
}

export const SELECT_ACCOUNTS = `
  select person.id, person.centre, username, name, role, home, contact, language, password <> '' as "hasPassword",
         one_time_until is not null as "oneTime", locked_at is not null as locked,
         case when second_factor_exempt then 'exempt' when second_factor_since is null then 'to-be-enrolled' else 'enrolled' end as "secondFactor"
  from person`

export async function lockAccount(tx: Transaction, username: string): Promise<Account | undefined> {
  const [row] = await tx.query<Account>(`${SELECT_ACCOUNTS} where username = $1 for no key update of person`, [
    username,
  ])
  return row
}

/** @throws DomainError `person-unknown` */
export async function requireAccount(tx: Transaction, username: string): Promise<Account> {
  const row = await lockAccount(tx, username)
  if (!row) throw new DomainError('person-unknown', `username: there is no account ${username}`)
  return row
}
