import {
  type CentreId,
  type Clock,
  DomainError,
  elapsed,
  type HomeId,
  hours,
  type Monotonic,
  malformed,
  type PersonId,
  type SessionId,
  seconds,
} from '@anju/contract'
import type { Person, Role, SeatTaken } from '@anju/contract/api'
import type { Change } from '../audit/audit.ts'
import type { Actor, Database, PersonActor, Transaction } from '../ports.ts'
import { checkPassword } from './entry.ts'
import type { Entrant, From, Proving } from './proving.ts'
import { renewRecoveryCodes } from './recovery-codes.ts'
import type { SecondFactors } from './second-factors.ts'
import { hashPassword, hashSecret, newSecret, newSessionId } from './secrets.ts'
import type { Enrolment } from './totp.ts'

export type { PersonActor }

/** Who is asking, as far as a request needs to know. */
export interface Identity {
  readonly actor: PersonActor
  readonly person: Person
  /** The only home a family member may know of. */
  readonly home: HomeId | null
}

export type LogIn =
  | {
      readonly is: 'session'
      readonly identity: Identity
      readonly secret: string
      readonly maxAgeS: number
      readonly factor: Factor
    }
  /** The password was for once: the same again, with one of their own. */
  | { readonly is: 'new-password-required' }
  /** `enrolment`: there is no second factor yet; a code of this one sets it up. */
  | { readonly is: 'second-factor-required'; readonly enrolment: Enrolment | undefined }

/** What its owner is to be told of the second factor: fresh recovery codes, or how many are left after one was used. */
export interface Factor {
  readonly recoveryCodes?: readonly string[]
  readonly recoveryCodesLeft?: number
}

/** What somebody gives to be let in. */
export interface Given {
  readonly username: string
  readonly password: string
  readonly code?: string
  /** In place of one that was for once. */
  readonly newPassword?: string
}

export interface People {
  /**
   * @throws DomainError `credentials-wrong`, `second-factor-wrong`, `account-locked`, `password-expired`, `request-malformed`,
   * `too-many-requests`, `store-unavailable`.
   */
  logIn(given: Given, from: From): Promise<LogIn>
  /** The session or program behind a secret; undefined when there is none. */
  identify(secret: string): Promise<Identity | undefined>
  /** Sessions of this person were ended: here it is noticed at once, at other servers within seconds. */
  doubt(person: string): void
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
  seat: SeatTaken | null
}

export interface PeopleParts {
  readonly database: Database
  readonly clock: Clock
  readonly proving: Proving
  readonly secondFactors: SecondFactors
  /** Writes down what a person changed of their account. */
  readonly note: (tx: Transaction, actor: PersonActor, change: Change, from: From) => Promise<void>
}

export function createPeople({ database, clock, proving, secondFactors, note }: PeopleParts): People {
  const known = new Map<string, { identity: Identity; at: Monotonic }>()

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

  /** In the transaction that opens the session: a code that was taken let somebody in. Undefined when it is none. */
  async function takeCode(
    tx: Transaction,
    who: Entrant,
    session: string,
    code: string,
    from: From,
  ): Promise<Factor | undefined> {
    const taken = await secondFactors.take(tx, who.person, code)
    if (taken.is === 'wrong') return undefined
    const actor = actorOf({ ...who, session })
    const { first, recoveryCodesLeft } = taken
    if (first) {
      await note(tx, actor, { action: 'account.changed', subjects: [who.person], changed: ['secondFactor'] }, from)
      return { recoveryCodes: await renewRecoveryCodes(tx, who.person) }
    }
    if (recoveryCodesLeft === undefined) return {}
    await note(tx, actor, { action: 'recovery-code.used', subjects: [who.person], changed: [] }, from)
    return { recoveryCodesLeft }
  }

  /** In place of the one that was for once, together with the session that it lets in: there is no other since that was given. */
  async function replace(tx: Transaction, who: Entrant, session: string, stored: string, from: From): Promise<void> {
    await tx.query('update person set password = $2, one_time_until = null where id = $1', [who.person, stored])
    const actor = actorOf({ ...who, session })
    await note(tx, actor, { action: 'account.changed', subjects: [who.person], changed: ['password'] }, from)
  }

  return {
    async logIn(given, from) {
      const { code, newPassword } = given
      const who = await proving.password(given.username, given.password, from)
      if (who.oneTime && newPassword === undefined) return { is: 'new-password-required' }
      const chosen = chosenBy(who, given)
      if (!who.exempt && code === undefined) {
        const propose = (tx: Transaction) => secondFactors.propose(tx, who.person, who.username)
        const enrolment = who.enrolled ? undefined : await database.transaction(LOGIN, propose)
        return { is: 'second-factor-required', enrolment }
      }
      const stored = chosen === undefined ? undefined : await hashPassword(chosen)
      const [secret, session] = [newSecret(), newSessionId()]
      const open = () =>
        database.transaction(LOGIN, async (tx) => {
          await stillSo(tx, who)
          const factor = who.exempt ? {} : await takeCode(tx, who, session, code ?? '', from)
          if (!factor) return undefined
          if (stored !== undefined) await replace(tx, who, session, stored, from)
          await openSession(tx, who, session, secret)
          return factor
        })
      const factor = who.exempt ? await open() : await proving.code(who.username, from, open)
      const identity = await lookUp(secret)
      if (!identity || !factor) throw new DomainError('internal', 'the session that was just opened is not there')
      remember(secret, identity)
      return { is: 'session', identity, secret, maxAgeS: sessionLength / 1_000, factor }
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

    doubt(person) {
      for (const [secret, { identity }] of known) if (identity.actor.person === person) known.delete(secret)
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

/** The password that somebody chose in place of one that was for once. @throws DomainError `request-malformed` */
function chosenBy({ oneTime, username }: Entrant, { password, newPassword }: Given): string | undefined {
  if (newPassword === undefined) return undefined
  if (!oneTime) throw malformed('newPassword', 'the one there is was not for once; change it once you are logged in')
  checkPassword(username, newPassword, 'newPassword')
  if (newPassword === password) throw malformed('newPassword', 'is the one that was for once')
  return newPassword
}

/**
 * Whoever was given another password, or locked out, since theirs was found right is not let in by it: the row is held until
 * the session is there to be ended.
 * @throws DomainError `credentials-wrong`
 */
async function stillSo(tx: Transaction, { person, stored }: Entrant): Promise<void> {
  const found = await tx.query(
    'select 1 from person where id = $1 and password = $2 and locked_at is null for no key update',
    [person, stored],
  )
  if (found.length === 0) throw new DomainError('credentials-wrong', 'name or password is wrong')
}

async function openSession(tx: Transaction, who: Entrant, session: string, secret: string): Promise<void> {
  await tx.query(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at)
     select $1, $2, $3, $4, now, now + $5 * interval '1 ms' from (select app_now() as now) as clock`,
    [session, who.centre, who.person, hashSecret(secret), sessionLength],
  )
}

/** A program's token is a session of its own: it can claim like a person, and is seen as its owner. */
const BY_SECRET = `
  select who.session, person.id as person, person.username, person.name, person.role, person.home, person.demo,
         person.centre, centre.name as centre_name,
         (select jsonb_build_object('id', seat.id, 'name', seat.name) from seat
           where seat.id = who.seat and seat.centre = person.centre) as seat
  from (select id as session, person, seat from session
          where secret_hash = $1 and ended_at is null and expires_at > (select app_now())
        union all
        select id, person, null from api_token where secret_hash = $1 and expires_at > (select app_now())) as who
  join person on person.id = who.person and person.locked_at is null
  join centre on centre.id = person.centre`

function identityOf(row: Row): Identity {
  const { person, session, username, name, role, demo, centre, seat } = row
  return {
    actor: actorOf(row),
    person: {
      personId: person,
      username,
      name,
      role,
      session,
      centre: { id: centre, name: row.centre_name },
      demo,
      seat,
    },
    home: row.home as HomeId | null,
  }
}

function actorOf({
  person,
  session,
  name,
  role,
  centre,
}: Omit<Row, 'username' | 'home' | 'demo' | 'centre_name' | 'seat'>) {
  return {
    kind: 'person',
    person: person as PersonId,
    name,
    session: session as SessionId,
    role,
    centre: centre as CentreId,
  } satisfies PersonActor
}
