import { createECDH } from 'node:crypto'
import { link, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import webPush from 'web-push'
import { refuse } from '../../provider.ts'

/** Who sends, towards push services (RFC 8292). Browsers subscribe for one public key: with another, every subscription is void. */
export interface VapidKeys {
  readonly publicKey: string
  readonly privateKey: string
}

/** @throws DomainError `config-malformed` when it is no private key on P-256. */
export function vapidKeysOf(privateKey: string, path: string): VapidKeys {
  const curve = createECDH('prime256v1')
  const bytes = Buffer.from(privateKey, 'base64url')
  try {
    if (bytes.length !== 32) throw new RangeError('length')
    curve.setPrivateKey(bytes)
  } catch {
    throw refuse(path, 'is not a P-256 private key, 32 bytes in base64url')
  }
  return { publicKey: curve.getPublicKey('base64url'), privateKey: bytes.toString('base64url') }
}

/** The server's own keys, made at its first start and kept: `push-vapid.json` in the data folder, for nobody else to read. */
export async function keptVapidKeys(dataDir: string): Promise<VapidKeys> {
  const file = join(dataDir, 'push-vapid.json')
  const kept = await read(file)
  if (kept) return kept
  const { privateKey } = webPush.generateVAPIDKeys()
  // Whole or not at all, and the first of two servers that start at once wins: a link does not replace what is there.
  const folder = await mkdtemp(join(dataDir, 'push-vapid-'))
  try {
    const draft = join(folder, 'draft.json')
    await writeFile(draft, `${JSON.stringify({ privateKey })}\n`, { mode: 0o600, flush: true })
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(folder, { recursive: true })
  }
  return (await read(file)) ?? vapidKeysOf(privateKey, file)
}

async function read(file: string): Promise<VapidKeys | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  let privateKey: unknown
  try {
    ;({ privateKey } = JSON.parse(text) as { privateKey?: unknown })
  } catch {
    // Told below, as for any other file that is not ours.
  }
  if (typeof privateKey !== 'string') throw refuse(file, 'holds no key; removing it ends every subscription to push')
  return vapidKeysOf(privateKey, file)
}
