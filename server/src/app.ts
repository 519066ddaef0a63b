import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, DomainError, errorMessage, type Random } from '@anju/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import { openDatabase } from './database/database.ts'
import { inspect, migrate } from './database/migrate.ts'
import { createHttp } from './http/http.ts'
import { sessionRoutes } from './http/session-routes.ts'
import { createMetrics } from './metrics.ts'
import { createPeople } from './people/people.ts'
import { startEmbeddedPostgres } from './postgres/embedded.ts'

export interface AppOptions {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly log: FastifyBaseLogger
}

export interface App {
  /** Where the page and the API are. */
  readonly url: string
  readonly databaseUrl: string
  readonly ownerUrl: string | undefined
  close(): Promise<void>
}

/** The whole server, wired: the only place that constructs adapters. What is opened last is closed first. */
export async function startApp({ config, clock, random, log }: AppOptions): Promise<App> {
  const closers: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse())
      await closer().catch((error: unknown) => log.error({ why: errorMessage(error) }, 'a part did not close cleanly'))
  }
  try {
    await mkdir(join(config.dataDir, 'run'), { recursive: true })

    const { url: databaseUrl, ownerUrl } = config.database ?? (await embedded())
    if (ownerUrl) await migrate(ownerUrl, roleOf(databaseUrl))
    await inspect(databaseUrl)
    const database = openDatabase({ url: databaseUrl, clock, random, log })
    closers.push(() => database.close())

    const metrics = createMetrics()
    const people = createPeople(database, clock)

    const http = await createHttp({
      log,
      database,
      people,
      metrics,
      readiness: [{ name: 'database', ready: () => database.healthy }],
      routes: [sessionRoutes(people, false)],
    })
    closers.push(() => http.close())
    const url = await http.listen({ host: config.http.host, port: config.http.port }).catch((error: unknown) => {
      throw portProblem(error, 'ANJU_HTTP_PORT', config.http.port)
    })
    return { url, databaseUrl, ownerUrl, close }
  } catch (error) {
    await close()
    throw error
  }

  async function embedded(): Promise<{ url: string; ownerUrl: string }> {
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, clock, log })
    const pidFile = join(config.dataDir, 'run', 'postgres.pid')
    const note = (pid: number) => writeFile(pidFile, `${pid}\n`)
    closers.push(async () => {
      await postgres.stop()
      await rm(pidFile, { force: true })
    })
    await note(postgres.pid)
    postgres.onRestart((pid) => void note(pid).catch(() => undefined))
    return postgres
  }
}

function roleOf(databaseUrl: string): string {
  const user = /^postgres(?:ql)?:\/\/([^:@/]+)/.exec(databaseUrl)?.[1]
  if (!user) throw new DomainError('config-malformed', 'DATABASE_URL: names no role')
  return decodeURIComponent(user)
}

/** @returns a sentence that names the port and the variable that moves it. */
export function portProblem(error: unknown, variable: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EADDRINUSE' || code === 'EACCES'
    ? new DomainError('port-unavailable', `port ${port} cannot be used (${code}); set ${variable} to another`)
    : error
}
