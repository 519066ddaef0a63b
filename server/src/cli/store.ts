import { DomainError } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { pino } from 'pino'
import { claimDataDir, serverOf } from '../app/data-dir.ts'
import { type Config, loadConfig } from '../config.ts'
import { openDatabase } from '../database/database.ts'
import { inspect, migrate } from '../database/migrate.ts'
import type { Database } from '../ports.ts'
import { embeddedUrls, startEmbeddedPostgres } from '../postgres/embedded.ts'

export interface Store {
  readonly database: Database
  close(): Promise<void>
}

/** Does this with the database, and closes it whatever comes of it. */
export async function withStore(work: (database: Database) => Promise<void>): Promise<void> {
  const store = await openStore()
  try {
    await work(store.database)
  } finally {
    await store.close()
  }
}

/**
 * The database the server uses. Where the server embeds it: that of the running server, or, when none runs, started for as
 * long as the command takes; nobody starts a server meanwhile.
 */
export async function openStore(config: Config = loadConfig()): Promise<Store> {
  const log = pino(
    {
      level: config.logLevel === 'info' ? 'warn' : config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination(2),
  )
  const closers: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const urls = config.database ?? (await embedded())
    if (urls.ownerUrl) await migrate(urls.ownerUrl, roleOf(urls.url))
    await inspect(urls.url)
    const database = openDatabase({ url: urls.url, clock: systemClock, random: systemRandom, log })
    closers.push(() => database.close())
    return { database, close }
  } catch (error) {
    await close()
    throw error
  }

  async function embedded(): Promise<{ url: string; ownerUrl?: string }> {
    const server = serverOf(config.dataDir)
    if (server !== undefined) {
      const urls = await embeddedUrls(config.dataDir)
      if (!urls) throw new DomainError('store-unavailable', `the server (pid ${server}) has not made its database yet`)
      // Its owner is the server's business while it runs.
      return { url: urls.url }
    }
    closers.push(claimDataDir(config.dataDir))
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, clock: systemClock, log })
    closers.push(() => postgres.stop())
    return postgres
  }
}

function roleOf(url: string): string {
  const user = /^postgres(?:ql)?:\/\/([^:@/]+)/.exec(url)?.[1]
  if (!user) throw new DomainError('config-malformed', 'DATABASE_URL: names no role')
  return decodeURIComponent(user)
}
