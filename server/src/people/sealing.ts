import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DomainError } from '@anju/contract'
import { newSessionId, secretOf } from './secrets.ts'

/** What must be read again cannot be stored as a hash: it is sealed under a key that the database does not hold. */
export interface SealingKey {
  readonly bytes: Uint8Array
  /** Its name beside what it sealed; it says nothing of the key itself. */
  readonly id: string
}

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const CIPHER = 'aes-256-gcm'

/** @throws DomainError `config-malformed` when it is no key; `where` is the variable or the file it comes from. */
export function sealingKeyOf(text: string, where: string): SealingKey {
  const bytes = Buffer.from(text.trim(), 'base64url')
  if (bytes.length !== keyBytes)
    throw new DomainError('config-malformed', `${where}: is not a key of ${keyBytes} bytes in base64url`)
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 16) }
}

/** The server's own key, made at its first start and kept: `second-factor.key` in the data folder, for nobody else to read. */
export async function keptSealingKey(dataDir: string): Promise<SealingKey> {
  const file = join(dataDir, 'second-factor.key')
  const draft = join(dataDir, `second-factor-${newSessionId()}.draft`)
  const kept = await readIfThere(file)
  if (kept !== undefined) return sealingKeyOf(kept, file)
  // Whole or not at all, and the first of two servers that start at once wins: a link does not replace what is there.
  try {
    await writeFile(draft, `${secretOf(keyBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return sealingKeyOf(await readFile(file, 'utf8'), file)
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** `owner` is sealed in: moved to another row, it opens no more. */
export function seal({ bytes }: SealingKey, plain: Uint8Array, owner: string): Buffer {
  const nonce = secretOf(nonceBytes)
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(Buffer.from(owner))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Undefined for what this key did not seal for this owner. */
export function unseal({ bytes }: SealingKey, sealed: Uint8Array, owner: string): Buffer | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const [nonce, tag] = [sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes, nonceBytes + tagBytes)]
  const decipher = createDecipheriv(CIPHER, bytes, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()])
  } catch {
    return undefined
  }
}
