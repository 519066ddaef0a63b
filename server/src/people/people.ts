import {
  type CentreId,
  type Clock,
  DomainError,
  elapsed,
  type HomeId,
  hours,
  type Monotonic,
  type PersonId,
  type SessionId,
  seconds,
} from '@anju/contract'
import type { Person, Role } from '@anju/contract/api'
import type { Actor, Database, Transaction } from '../ports.ts'
import { LoginLimit } from './login-limit.ts'
import { hashPassword, hashSecret, newSecret, newSessionId, passwordMatches } from './secrets.ts'

export type PersonActor = Extract<Actor, { kind: 'person' }>

/** Who is asking, as far as a request needs to know. */
export interface Identity {
  readonly actor: PersonActor
  readonly person: Person
  /** The only home a family member may know of. */
  readonly home: HomeId | null
}

export type LogIn =
  | { readonly is: 'session'; readonly identity: Identity; readonly secret: string; readonly maxAgeS: number }
  | { readonly is: 'second-factor-required' }

export interface People {
  /** @throws DomainError `credentials-wrong`, `account-locked`, `too-many-requests`, `store-unavailable`. */
  logIn(username: string, password: string, address: string): Promise<LogIn>
  /** The session or program behind a secret; undefined when there is none. */
  identify(secret: string): Promise<Identity | undefined>
  /** @throws DomainError `owns-alarms` while this session holds any. */
  logOut(identity: Identity, secret: string): Promise<void>
}

const sessionLength = hours(12)
/** A page polls and commands many times a second; a stolen session must still end soon after it is ended. */
const trustFor = seconds(5)
/** While PostgreSQL is away a known session may go on reading what needs no database (the stream's `status`). */
const trustDegradedFor = hours(1)
const knownMax = 5_000
const LOGIN: Actor = { kind: 'system', part: 'login' }

interface Row {
  person: string
  session: string
  username: string
  name: string
  role: Role
  home: string | null
  demo: boolean
  centre: string
  centre_name: string
}

export function createPeople(database: Database, clock: Clock): People {
  const limit = new LoginLimit(clock)
  const known = new Map<string, { identity: Identity; at: Monotonic }>()
  // Compared against when the name is unknown, so that an unknown name takes as long as a wrong password.
  const nobody = hashPassword(newSecret())

  async function lookUp(secret: string): Promise<Identity | undefined> {
    const rows = await database.transaction(LOGIN, (tx) => tx.query<Row>(BY_SECRET, [hashSecret(secret)], 'identify'))
    return rows[0] && identityOf(rows[0])
  }

  function remember(secret: string, identity: Identity): void {
    const [oldest] = known.keys()
    if (known.size >= knownMax && oldest) known.delete(oldest)
    known.delete(secret)
    known.set(secret, { identity, at: clock.monotonic() })
  }

  return {
    async logIn(username, password, address) {
      const waitS = limit.waitS(username, address)
      if (waitS > 0)
        throw new DomainError('too-many-requests', `too many wrong passwords; try again in ${waitS} s`, { waitS })
      const [found] = await database.transaction(LOGIN, (tx) =>
        tx.query<{ id: string; centre: string; password: string; exempt: boolean; locked: boolean }>(BY_NAME, [
          username,
        ]),
      )
      const right = await passwordMatches(password, found?.password ?? (await nobody))
      if (!found || !right) {
        limit.failed(username, address)
        throw new DomainError('credentials-wrong', 'name or password is wrong')
      }
      limit.succeeded(username, address)
      // Said only to who knows the password: whether a name is an account's is nobody else's business.
      if (found.locked) throw new DomainError('account-locked', 'this account is locked; ask whoever administers it')
      if (!found.exempt) return { is: 'second-factor-required' }
      const secret = newSecret()
      await database.transaction(LOGIN, (tx) => openSession(tx, found.centre, found.id, secret))
      const identity = await lookUp(secret)
      if (!identity) throw new DomainError('internal', 'the session that was just opened is not there')
      remember(secret, identity)
      return { is: 'session', identity, secret, maxAgeS: sessionLength / 1_000 }
    },

    async identify(secret) {
      const entry = known.get(secret)
      const age = entry ? elapsed(entry.at, clock.monotonic()) : 0
      if (entry && age < trustFor) return entry.identity
      try {
        const identity = await lookUp(secret)
        if (identity) remember(secret, identity)
        else known.delete(secret)
        return identity
      } catch (error) {
        const away = error instanceof DomainError && error.code === 'store-unavailable'
        if (away && entry && age < trustDegradedFor) return entry.identity
        throw error
      }
    },

    async logOut({ actor }, secret) {
      await database.transaction(actor, async (tx) => {
        const held = await tx.query(
          `select 1 from alarm where person_session = $1 and handling in ('claimed', 'in-progress') and until > (select app_now()) limit 1`,
          [actor.session],
        )
        if (held.length > 0)
          throw new DomainError('owns-alarms', 'hand over or release the alarms you hold before you log out')
        await tx.query('update session set ended_at = app_now() where id = $1', [actor.session])
      })
      known.delete(secret)
    },
  }
}

async function openSession(tx: Transaction, centre: string, person: string, secret: string): Promise<void> {
  await tx.query(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at)
     select $1, $2, $3, $4, now, now + $5 * interval '1 ms' from (select app_now() as now) as clock`,
    [newSessionId(), centre, person, hashSecret(secret), sessionLength],
  )
}

const BY_NAME = `
  select id, centre, password, second_factor_exempt as exempt, locked_at is not null as locked from person where username = $1`

/** A program's token is a session of its own: it can claim like a person, and is seen as its owner. */
const BY_SECRET = `
  select who.session, person.id as person, person.username, person.name, person.role, person.home, person.demo,
         person.centre, centre.name as centre_name
  from (select id as session, person from session
          where secret_hash = $1 and ended_at is null and expires_at > (select app_now())
        union all
        select id, person from api_token where secret_hash = $1 and expires_at > (select app_now())) as who
  join person on person.id = who.person and person.locked_at is null
  join centre on centre.id = person.centre`

function identityOf(row: Row): Identity {
  const { person, session, username, name, role, demo, centre } = row
  return {
    actor: {
      kind: 'person',
      person: person as PersonId,
      name,
      session: session as SessionId,
      role,
      centre: centre as CentreId,
    },
    person: { personId: person, username, name, role, session, centre: { id: centre, name: row.centre_name }, demo },
    home: row.home as HomeId | null,
  }
}
