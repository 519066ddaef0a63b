import Type, { type Static } from 'typebox'
import { passwordCharsMax, ROLES, usernameCharsMax } from './account-rules.ts'
import { LANGUAGES } from './language.ts'
import { body, nullable, oneOf } from './schema.ts'

/** Accounts: how one is entered, what its owner sees and changes of it, and what whoever answers for it does. */

const Username = Type.String({ minLength: 1, maxLength: usernameCharsMax })
/** One that there is: whether it is right is judged, not whether it would be taken today. */
const Password = Type.String({ minLength: 1, maxLength: passwordCharsMax })
/** Judged by `passwordFault`, which names what is wrong. */
const NewPassword = Type.String({ maxLength: 4_096 })
/** Six digits of the authenticator, or a recovery code, with or without its dashes. */
const Code = Type.String({ minLength: 1, maxLength: 40 })

export const SessionBody = body({
  username: Username,
  password: Password,
  /** What the authenticator shows, or a recovery code; asked for by `mfa: required`. */
  code: Type.Optional(Code),
  /** In place of a password that was for once; asked for by `newPassword: required`. */
  newPassword: Type.Optional(NewPassword),
})
/** What an authenticator needs: an `otpauth://` address to photograph, and the secret in it to type. Told once. */
export const Enrolment = Type.Object({ uri: Type.String(), secret: Type.String() })
export type Enrolment = Static<typeof Enrolment>
/** Where somebody says that they sit. */
export const SeatTaken = Type.Object({ id: Type.String(), name: Type.String() })
export type SeatTaken = Static<typeof SeatTaken>
/** `null`: at none of those that there are, and then at each of them when one is asked. */
export const SitBody = body({ seat: nullable(Type.String({ minLength: 1, maxLength: 64 })) })
export const Person = Type.Object({
  personId: Type.String(),
  username: Type.String(),
  name: Type.String(),
  role: oneOf(ROLES),
  session: Type.String(),
  centre: Type.Object({ id: Type.String(), name: Type.String() }),
  demo: Type.Boolean(),
  /** Where this session sits; null: nowhere that was said. */
  seat: nullable(SeatTaken),
})
export type Person = Static<typeof Person>
const RecoveryCodes = Type.Array(Type.String())
/**
 * `mfa: required`: the same once more, with `code`; with `enrolment`, this account has no second factor yet, and a code of this
 * one sets it up. `newPassword: required`: the password was for once; the same once more, with `newPassword`.
 */
export const SessionAnswer = Type.Union([
  Type.Intersect([
    Person,
    Type.Object({
      /** The second factor was set up by this log-in: told once, each is good for one log-in without it. */
      recoveryCodes: Type.Optional(RecoveryCodes),
      /** One of them was used: so many are left. */
      recoveryCodesLeft: Type.Optional(Type.Integer()),
    }),
  ]),
  Type.Object({ mfa: Type.Literal('required'), enrolment: Type.Optional(Enrolment) }),
  Type.Object({ newPassword: Type.Literal('required') }),
])
export type SessionAnswer = Static<typeof SessionAnswer>

/** `exempt`: a demo's account on loopback. */
export const SECOND_FACTORS = ['exempt', 'to-be-enrolled', 'enrolled'] as const

/** One's own. */
export const OwnAccount = Type.Object({
  secondFactor: oneOf(SECOND_FACTORS),
  recoveryCodesLeft: Type.Integer(),
})
export type OwnAccount = Static<typeof OwnAccount>
export const PasswordBody = body({ current: Password, password: NewPassword })
/** That it is the owner who asks, and not somebody at a page that was left open. */
export const ProofBody = body({ password: Password, code: Code })
export const CodeBody = body({ code: Code })
/** Told once. */
export const RecoveryCodesAnswer = Type.Object({ recoveryCodes: RecoveryCodes })
export type RecoveryCodesAnswer = Static<typeof RecoveryCodesAnswer>

/** An account as whoever answers for it sees it: never its password. */
export const Account = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  role: oneOf(ROLES),
  home: nullable(Type.String()),
  language: oneOf(LANGUAGES),
  locked: Type.Boolean(),
  /** `for-once`: it must be changed at the next log-in. */
  password: oneOf(['none', 'for-once', 'set'] as const),
  secondFactor: oneOf(SECOND_FACTORS),
  /** Whoever asks may change it: it is not their own, nor of a role above theirs. */
  manageable: Type.Boolean(),
})
export type Account = Static<typeof Account>
export const AccountList = Type.Object({
  items: Type.Array(Account),
  nextCursor: nullable(Type.String()),
  /** The roles that whoever asks may give. */
  gives: Type.Array(oneOf(ROLES)),
})
export type AccountList = Static<typeof AccountList>
const accountFields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  role: oneOf(ROLES),
}
const accountExtras = {
  language: Type.Optional(oneOf(LANGUAGES)),
  /** Of a family member: the one home they may know of, and which of its contacts they are. */
  home: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  contact: Type.Optional(nullable(Type.String({ minLength: 1, maxLength: 64 }))),
}
export const AccountAdd = body({ username: Username, ...accountFields, ...accountExtras })
export type AccountAdd = Static<typeof AccountAdd>
export const AccountChange = body({
  name: Type.Optional(accountFields.name),
  role: Type.Optional(accountFields.role),
  ...accountExtras,
})
export type AccountChange = Static<typeof AccountChange>
/** Told once, to be handed over in person: at the next log-in it is replaced. */
export const OneTimePassword = Type.Object({ account: Account, password: Type.String() })
export type OneTimePassword = Static<typeof OneTimePassword>
