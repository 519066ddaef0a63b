import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** The one file that makes and checks secrets of people and sessions. */
const derive = promisify(argon2)

/** OWASP's second recommendation for argon2id (19 MiB, 2 passes): a login costs a few tens of milliseconds. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const
const saltBytes = 16
const secretBytes = 32

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltBytes)
  const tag = await derive('argon2id', { message: Buffer.from(password, 'utf8'), nonce, ...COST })
  return `argon2id$${COST.memory}$${COST.passes}$${COST.parallelism}$${nonce.toString('base64url')}$${tag.toString('base64url')}`
}

/** False for a wrong password and for a stored value that is none of ours. */
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [scheme, memory, passes, parallelism, salt, tag] = stored.split('$')
  if (scheme !== 'argon2id' || !salt || !tag) return false
  const expected = Buffer.from(tag, 'base64url')
  const actual = await derive('argon2id', {
    message: Buffer.from(password, 'utf8'),
    nonce: Buffer.from(salt, 'base64url'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected)
}

/** So many bytes that nobody can guess: a key, a nonce, what an authenticator shares with us. */
export const secretOf = (bytes: number): Buffer => randomBytes(bytes)

/** What a cookie or a bearer token carries. */
export const newSecret = (): string => randomBytes(secretBytes).toString('base64url')

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const typedChars = 16

/** A secret that a person reads and types: 80 bits, without a digit that looks like a letter, in fours. */
export const newTypedSecret = (): string =>
  Array.from(randomBytes(typedChars), (byte, at) => `${at > 0 && at % 4 === 0 ? '-' : ''}${ALPHABET[byte & 31]}`).join(
    '',
  )

/** As it was told, however it was typed: in capitals, with blanks, without dashes. Undefined for what is none. */
export function typedSecretIn(text: string): string | undefined {
  const bare = text.toLowerCase().replace(/[\s-]/g, '')
  return /^[a-z2-7]{16}$/.test(bare) ? bare.replace(/(.{4})(?=.)/g, '$1-') : undefined
}

/** What is stored of it. Plain SHA-256 is enough for 80 random bits and more. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** A session's public name (a UUID, version 4): seen by colleagues as `owner.session`, and worth nothing to a thief. */
export function newSessionId(): string {
  const bytes = randomBytes(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
