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
import type { Change } from '../audit/audit.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { LoginLimit } from './login-limit.ts'
import type { SecondFactors } from './second-factors.ts'
import { hashPassword, hashSecret, newSecret, newSessionId, passwordMatches } from './secrets.ts'
import type { Enrolment } from './totp.ts'

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
  /** `enrolment`: there is no second factor yet; a code of this one sets it up. */
  | { readonly is: 'second-factor-required'; readonly enrolment: Enrolment | undefined }

/** What somebody gives to be let in. */
export interface Given {
  readonly username: string
  readonly password: string
  readonly code?: string
}
export interface From {
  readonly ip: string
  readonly agent: string
}

export interface People {
  /** @throws DomainError `credentials-wrong`, `second-factor-wrong`, `account-locked`, `too-many-requests`, `store-unavailable`. */
  logIn(given: Given, from: From): Promise<LogIn>
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

export interface PeopleParts {
  readonly database: Database
  readonly clock: Clock
  readonly secondFactors: SecondFactors
  /** Writes down that a person set up their second factor. */
  readonly note: (tx: Transaction, actor: PersonActor, change: Change, from: From) => Promise<void>
}

export function createPeople({ database, clock, secondFactors, note }: PeopleParts): People {
  const passwords = new LoginLimit(clock)
  // Counted apart: whoever has the password and goes on giving it right must not get another five codes each time.
  const codes = new LoginLimit(clock)
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

  async function knowing({ username, password }: Given, { ip }: From): Promise<Entrant> {
    passwords.tries(username, ip)
    const [found] = await database
      .transaction(LOGIN, (tx) => tx.query<Entrant & Hidden>(BY_NAME, [username]))
      .catch((error: unknown) => {
        passwords.untried(username, ip)
        throw error
      })
    const right = await passwordMatches(password, found?.password ?? (await nobody))
    if (!found || !right) throw new DomainError('credentials-wrong', 'name or password is wrong')
    passwords.succeeded(username, ip)
    // Said only to who knows the password: whether a name is an account's is nobody else's business.
    if (found.locked) throw new DomainError('account-locked', 'this account is locked; ask whoever administers it')
    return found
  }

  /** In the transaction that opens the session: a code that was taken let somebody in. */
  async function takeCode(tx: Transaction, who: Entrant, session: string, code: string, from: From): Promise<boolean> {
    const taken = await secondFactors.take(tx, who.person, code)
    if (taken.is === 'right' && taken.first) {
      const actor = actorOf({ ...who, session })
      await note(tx, actor, { action: 'account.changed', subjects: [who.person], changed: ['secondFactor'] }, from)
    }
    return taken.is === 'right'
  }

  return {
    async logIn(given, from) {
      const who = await knowing(given, from)
      const { code } = given
      if (!who.exempt && code === undefined) {
        const propose = (tx: Transaction) => secondFactors.propose(tx, who.person, who.username)
        const enrolment = who.enrolled ? undefined : await database.transaction(LOGIN, propose)
        return { is: 'second-factor-required', enrolment }
      }
      // Counted before it is looked at: of many at once, each is a try.
      if (!who.exempt) codes.tries(who.username, from.ip)
      const [secret, session] = [newSecret(), newSessionId()]
      const opened = await database
        .transaction(LOGIN, async (tx) => {
          if (!who.exempt && !(await takeCode(tx, who, session, code ?? '', from))) return false
          await openSession(tx, who, session, secret)
          return true
        })
        .catch((error: unknown) => {
          if (!who.exempt) codes.untried(who.username, from.ip)
          throw error
        })
      if (!opened) {
        throw new DomainError('second-factor-wrong', 'the code is wrong, or was used already: wait for the next one')
      }
      codes.succeeded(who.username, from.ip)
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

/** Somebody whose password was right. */
interface Entrant {
  readonly person: string
  readonly username: string
  readonly name: string
  readonly role: Role
  readonly centre: string
  readonly exempt: boolean
  readonly enrolled: boolean
  readonly locked: boolean
}
interface Hidden {
  readonly password: string
}

async function openSession(tx: Transaction, who: Entrant, session: string, secret: string): Promise<void> {
  await tx.query(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at)
     select $1, $2, $3, $4, now, now + $5 * interval '1 ms' from (select app_now() as now) as clock`,
    [session, who.centre, who.person, hashSecret(secret), sessionLength],
  )
}

const BY_NAME = `
  select id as person, username, name, role, centre, password, second_factor_exempt as exempt,
         second_factor_since is not null as enrolled, locked_at is not null as locked
  from person where username = $1`

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
    actor: actorOf(row),
    person: { personId: person, username, name, role, session, centre: { id: centre, name: row.centre_name }, demo },
    home: row.home as HomeId | null,
  }
}

function actorOf({ person, session, name, role, centre }: Omit<Row, 'username' | 'home' | 'demo' | 'centre_name'>) {
  return {
    kind: 'person',
    person: person as PersonId,
    name,
    session: session as SessionId,
    role,
    centre: centre as CentreId,
  } satisfies PersonActor
}
