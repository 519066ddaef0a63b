import { HOTP, Secret, TOTP } from 'otpauth'

/** Time-based codes of RFC 6238 as every authenticator makes them: SHA-1, six digits, a new one every 30 seconds. */
const KIND = { algorithm: 'SHA1', digits: 6 } as const
export const stepLengthS = 30
/** A telephone's clock may be off, and a person needs a moment to type. */
const stepsAside = 1
/** What RFC 4226 recommends: as long as the hash. */
export const totpSecretBytes = 20

/** What an authenticator needs, as a code to photograph and as a text to type. */
export interface Enrolment {
  readonly uri: string
  readonly secret: string
}

export function enrolmentOf(secret: Uint8Array, username: string): Enrolment {
  const totp = new TOTP({ issuer: 'Anju', label: username, secret: secretOf(secret), period: stepLengthS, ...KIND })
  return { uri: totp.toString(), secret: totp.secret.base32 }
}

/** The step whose code this is, of the present one and its neighbours; undefined when it is none of theirs. */
export function stepOfCode(secret: Uint8Array, code: string, present: number): number | undefined {
  const token = code.replaceAll(' ', '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = HOTP.validate({ token, secret: secretOf(secret), counter: present, window: stepsAside, ...KIND })
  return delta === null ? undefined : present + delta
}

/** The code of one step, as the authenticator shows it. */
export const codeOfStep = (secret: Uint8Array, step: number): string =>
  HOTP.generate({ secret: secretOf(secret), counter: step, ...KIND })

const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: Uint8Array.from(bytes).buffer })
