import { type Clock, DomainError } from '@anju/contract'
import type { Role } from '@anju/contract/api'
import type { Database } from '../ports.ts'
import { LoginLimit } from './login-limit.ts'
import { hashPassword, newSecret, passwordMatches } from './secrets.ts'

export interface From {
  readonly ip: string
  readonly agent: string
}

/** Somebody whose password was right. */
export interface Entrant {
  readonly person: string
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly centre: string
  readonly exempt: boolean
  readonly enrolled: boolean
  /** It was given to them for this once. */
  readonly oneTime: boolean
  /** What is stored of the password that was right. */
  readonly stored: string
}

/** Proves who somebody is: at the log-in, and again before what a page left open must not do. Both are counted together. */
export interface Proving {
  /** @throws DomainError `credentials-wrong`, `account-locked`, `password-expired`, `too-many-requests`, `store-unavailable`. */
  password(username: string, password: string, from: From): Promise<Entrant>
  /**
   * One try at the second factor: `take` answers undefined for a code that is none.
   * @throws DomainError `second-factor-wrong`, `too-many-requests`, and what `take` throws; then it was no try.
   */
  code<T>(username: string, from: From, take: () => Promise<T | undefined>): Promise<T>
}

interface Row extends Entrant {
  readonly locked: boolean
  readonly expired: boolean
}

export function createProving(database: Database, clock: Clock): Proving {
  const passwords = new LoginLimit(clock)
  // Counted apart: whoever has the password and goes on giving it right must not get another five codes each time.
  const codes = new LoginLimit(clock)
  // Compared against when the name is unknown, so that an unknown name takes as long as a wrong password.
  const nobody = hashPassword(newSecret())

  return {
    async password(username, password, { ip }) {
      passwords.tries(username, ip)
      const [found] = await database
        .transaction({ kind: 'system', part: 'login' }, (tx) => tx.query<Row>(BY_NAME, [username]))
        .catch((error: unknown) => {
          passwords.untried(username, ip)
          throw error
        })
      const right = await passwordMatches(password, found?.stored ?? (await nobody))
      if (!found || !right) throw new DomainError('credentials-wrong', 'name or password is wrong')
      passwords.succeeded(username, ip)
      // Said only to who knows the password: whether a name is an account's is nobody else's business.
      const { locked, expired, ...entrant } = found
      if (locked) throw new DomainError('account-locked', 'this account is locked; ask whoever administers it')
      if (expired) throw new DomainError('password-expired', 'this password was for once, and its time is over')
      return entrant
    },

    async code(username, { ip }, take) {
      // Counted before it is looked at: of many at once, each is a try.
      codes.tries(username, ip)
      const taken = await take().catch((error: unknown) => {
        codes.untried(username, ip)
        throw error
      })
      if (taken === undefined)
        throw new DomainError('second-factor-wrong', 'the code is wrong, or was used already: wait for the next one')
      codes.succeeded(username, ip)
      return taken
    },
  }
}

const BY_NAME = `
  select id as person, username, name, role, centre, password as stored, second_factor_exempt as exempt,
         second_factor_since is not null as enrolled, locked_at is not null as locked,
         one_time_until is not null as "oneTime", coalesce(one_time_until <= (select app_now()), false) as expired
  from person where username = $1`
