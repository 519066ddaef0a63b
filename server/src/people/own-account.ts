import { DomainError, malformed } from '@anju/contract'
import type { OwnAccount } from '@anju/contract/api'
import type { Change } from '../audit/audit.ts'
import type { Actor, Database, PersonActor, Transaction } from '../ports.ts'
import { checkPassword, endSessions } from './entry.ts'
import type { Identity, People } from './people.ts'
import type { From, Proving } from './proving.ts'
import { recoveryCodesLeft, renewRecoveryCodes } from './recovery-codes.ts'
import type { SecondFactors } from './second-factors.ts'
import { hashPassword } from './secrets.ts'
import type { Enrolment } from './totp.ts'

/** That it is the owner who asks, and not somebody at a page that was left open. */
export interface Proof {
  readonly password: string
  /** Of the authenticator, or a recovery code. */
  readonly code: string
}

/**
 * What a person does with their own account. Each change asks for the password once more, and all their other sessions end with
 * it: whoever had one may be why. A wrong password is counted as at the log-in.
 */
export interface OwnAccounts {
  read(actor: PersonActor): Promise<OwnAccount>
  /** @throws DomainError `credentials-wrong`, `request-malformed` naming the field, `too-many-requests`. */
  changePassword(
    who: Identity,
    given: { readonly current: string; readonly password: string },
    from: From,
  ): Promise<void>
  /** Ten fresh ones in place of those there were. @throws DomainError as `proposeFactor`. */
  renewCodes(who: Identity, proof: Proof, from: From): Promise<string[]>
  /**
   * What a new telephone's authenticator needs. Until its first code was seen, the one there is counts.
   * @throws DomainError `credentials-wrong`, `second-factor-wrong`, `second-factor-exempt`, `too-many-requests`.
   */
  proposeFactor(who: Identity, proof: Proof, from: From): Promise<Enrolment>
  /** The new authenticator is the only one from here on; with it come fresh recovery codes. @throws DomainError as above. */
  confirmFactor(who: Identity, code: string, from: From): Promise<string[]>
}

export interface OwnAccountParts {
  readonly database: Database
  readonly people: Pick<People, 'doubt'>
  readonly proving: Proving
  readonly secondFactors: SecondFactors
  readonly note: (tx: Transaction, actor: PersonActor, change: Change, from: From) => Promise<void>
}

/** What of an account is no person's to read, not even their own. */
const PART: Actor = { kind: 'system', part: 'own-account' }

export function createOwnAccounts({ database, people, proving, secondFactors, note }: OwnAccountParts): OwnAccounts {
  /** One change by its owner: theirs alone, and the last thing that any other session of theirs sees. */
  async function changing<T>(
    { actor }: Identity,
    fields: readonly string[],
    from: From,
    work: (tx: Transaction) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const done = await database.transaction(PART, async (tx) => {
      const result = await work(tx)
      if (result === undefined) return undefined
      await endSessions(tx, actor.person, actor.session)
      await note(tx, actor, { action: 'account.changed', subjects: [actor.person], changed: fields }, from)
      return result
    })
    if (done !== undefined) people.doubt(actor.person)
    return done
  }

  /** In the change's own transaction: a code that was taken has done something. */
  async function taken(tx: Transaction, { actor }: Identity, code: string, from: From): Promise<boolean> {
    const outcome = await secondFactors.take(tx, actor.person, code)
    if (outcome.is === 'right' && outcome.recoveryCodesLeft !== undefined)
      await note(tx, actor, { action: 'recovery-code.used', subjects: [actor.person], changed: [] }, from)
    return outcome.is === 'right'
  }

  async function withFactor({ person }: Identity, password: string, from: From): Promise<void> {
    const { exempt } = await proving.password(person.username, password, from)
    if (exempt) throw new DomainError('second-factor-exempt', 'no second factor is asked of a demo’s account')
  }

  return {
    read: ({ person }) =>
      database.transaction(PART, async (tx) => {
        const [row] = await tx.query<Pick<OwnAccount, 'secondFactor'>>(
          `select case when second_factor_exempt then 'exempt' when second_factor_since is null then 'to-be-enrolled'
             else 'enrolled' end as "secondFactor" from person where id = $1`,
          [person],
        )
        if (!row) throw new DomainError('person-unknown', 'there is no such account any more')
        return { ...row, recoveryCodesLeft: await recoveryCodesLeft(tx, person) }
      }),

    async changePassword(who, { current, password }, from) {
      const { stored } = await proving.password(who.person.username, current, from)
      checkPassword(who.person.username, password)
      if (password === current) throw malformed('password', 'is the one there is')
      const next = await hashPassword(password)
      const done = await changing(who, ['password'], from, async (tx) => {
        const changed = await tx.query(
          'update person set password = $2 where id = $1 and password = $3 and one_time_until is null returning 1',
          [who.actor.person, next, stored],
        )
        return changed.length > 0 ? true : undefined
      })
      // It was changed by somebody else at this very moment.
      if (!done) throw new DomainError('credentials-wrong', 'the password is wrong')
    },

    async renewCodes(who, { password, code }, from) {
      await withFactor(who, password, from)
      return proving.code(who.person.username, from, () =>
        changing(who, ['recoveryCodes'], from, async (tx) =>
          (await taken(tx, who, code, from)) ? renewRecoveryCodes(tx, who.actor.person) : undefined,
        ),
      )
    },

    async proposeFactor(who, { password, code }, from) {
      await withFactor(who, password, from)
      return proving.code(who.person.username, from, () =>
        database.transaction(PART, async (tx) =>
          (await taken(tx, who, code, from))
            ? secondFactors.proposeNext(tx, who.actor.person, who.person.username)
            : undefined,
        ),
      )
    },

    confirmFactor: (who, code, from) =>
      proving.code(who.person.username, from, () =>
        changing(who, ['secondFactor', 'recoveryCodes'], from, async (tx) =>
          (await secondFactors.takeNext(tx, who.actor.person, code))
            ? renewRecoveryCodes(tx, who.actor.person)
            : undefined,
        ),
      ),
  }
}
