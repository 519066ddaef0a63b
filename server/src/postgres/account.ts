import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import { promisify } from 'node:util'
import { DomainError } from '@anju/contract'
import { type Binaries, binariesIn } from './binaries.ts'

const run = promisify(execFile)
/** Where root puts what another account must reach, when the data directory is not reachable for it. */
const REACHABLE = '/var/lib/anju'

/** The account PostgreSQL runs under; undefined when it is our own (PostgreSQL refuses to run as root). */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** @throws DomainError `config-malformed` when we are root and no account can be found or made. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const existing = await lookUp()
  if (existing) return existing
  await run('useradd', [
    '--system',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    '--user-group',
    'postgres',
  ]).catch(
    () => run('adduser', ['-S', '-D', '-H', 'postgres']), // BusyBox
  )
  const made = await lookUp()
  if (!made)
    throw new DomainError(
      'config-malformed',
      'PostgreSQL does not run as root, and no account "postgres" could be made',
    )
  return made
}

async function lookUp(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
    )
    return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: uid as number, gid: gid as number } : undefined
  } catch {
    return undefined
  }
}

/** Whether the account may walk down to `path`: every folder above it must let it through. */
export async function reachable(path: string, account: Account | undefined): Promise<boolean> {
  if (!account) return true
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found) {
      const mine = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001
      if ((found.mode & mine) === 0) return false
    }
    if (folder === parse(folder).root) return true
  }
}

export interface Place {
  /** PGDATA. */
  readonly cluster: string
  /** Why it is not in the data directory; undefined when it is. */
  readonly because?: string
}

/** The cluster lives in the data directory, unless PostgreSQL's account could not reach it there. */
export async function placeFor(dataDir: string, account: Account | undefined): Promise<Place> {
  const wanted = join(dataDir, 'postgres')
  if (await reachable(wanted, account)) return { cluster: wanted }
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)
  await mkdir(REACHABLE, { recursive: true, mode: 0o755 })
  return {
    cluster: join(REACHABLE, name, 'postgres'),
    because: `the account "postgres" cannot enter ${resolve(dataDir)}`,
  }
}

/** The programs themselves may lie under a home that only root may enter: then they are copied once. */
export async function reachableBinaries(
  binaries: Binaries,
  version: string,
  account: Account | undefined,
): Promise<Binaries> {
  if (await reachable(binaries.postgres, account)) return binaries
  const copy = binariesIn(join(REACHABLE, `programs-${version}`))
  if (!(await stat(copy.postgres).catch(() => undefined))) {
    const half = `${copy.root}.${process.pid}`
    await cp(binaries.root, half, { recursive: true, verbatimSymlinks: true })
    await rename(half, copy.root).catch(() => rm(half, { recursive: true, force: true }))
  }
  return copy
}

/** Makes a folder that only PostgreSQL's account (and root) may enter. */
export async function ownFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await mkdir(path, { recursive: true, mode: 0o700 })
  if (account) await chown(path, account.uid, account.gid)
}
