import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Api, logIn } from './api.ts'
import { compileCache, type Part, ready, startPart } from './child.ts'
import { aCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { freePort } from './ports.ts'

/** What `npm run server` gives it: room for the garbage of one flight, so that a burst is not copied before it is dead; and traces name the sources. */
const asInProduction = ['--max-semi-space-size=64', '--enable-source-maps']

export const demoPassword = 'only-for-tests-2f6b'

/** The real server as a process of its own, on a PostgreSQL of the test's own, seeded as the demo is. */
export interface RunningServer {
  readonly url: string
  readonly mqttUrl: string
  readonly mqttPort: number
  readonly dataDir: string
  /** The PostgreSQL it runs on. @throws when it embeds its own. */
  readonly cluster: Cluster
  readonly part: Part
  logIn(username?: string): Promise<Api>
  /** `/readyz` as a load balancer sees it; 0 when nobody answers. */
  readiness(): Promise<number>
  /** Resolves when `/readyz` says yes. @throws Error with its last answer, and with what became of the process and its last lines. */
  ready(withinMs: number): Promise<void>
  /** SIGKILL; `start()` brings it back on the same ports and data. */
  kill(): Promise<void>
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it, ends its cluster and removes what it wrote. */
  end(): Promise<void>
}
export interface ServerOptions extends ClusterOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Shared by the tests of one file when they do not destroy it. */
  readonly cluster?: Cluster
  /** The server's own embedded PostgreSQL, as in production's default; then there is no `cluster` to stop. */
  readonly embedded?: boolean
}

export function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${prefix}-`))
  // The embedded PostgreSQL runs under an account of its own when we are root, and must reach what lies below.
  chmodSync(folder, 0o755)
  return folder
}

export async function aServer({
  env = {},
  cluster: given,
  embedded = false,
  quick = false,
}: ServerOptions = {}): Promise<RunningServer> {
  const cluster = embedded ? undefined : (given ?? (await aCluster({ quick })))
  const dataDir = temporaryFolder('anju-server')
  const [httpPort, mqttPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${httpPort}`
  const environment = {
    ANJU_DEMO: '1',
    ANJU_DEMO_PASSWORD: demoPassword,
    ANJU_DATA_DIR: dataDir,
    ANJU_HTTP_PORT: String(httpPort),
    ANJU_MQTT_PORT: String(mqttPort),
    ANJU_LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: compileCache,
    ...(cluster ? { DATABASE_URL: cluster.appUrl, DATABASE_OWNER_URL: cluster.ownerUrl } : {}),
    ...env,
  }
  let part: Part | undefined
  const readyz = async () => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })
    return { status: answer.status, text: await answer.text() }
  }
  const isReady = async () => {
    const { status, text } = await readyz()
    if (status !== 200) throw new Error(`/readyz said ${status} ${text}`)
    return true
  }
  const server: RunningServer = {
    url,
    mqttPort,
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    dataDir,
    get cluster() {
      if (!cluster) throw new Error('this server embeds its PostgreSQL')
      return cluster
    },
    get part() {
      if (!part) throw new Error('the server was never started')
      return part
    },
    logIn: (username = 'operator') => logIn(url, username, demoPassword),
    readiness: () =>
      readyz().then(
        ({ status }) => status,
        () => 0,
      ),
    ready: (withinMs) => ready(server.part, 'ready', isReady, withinMs),
    kill: () => server.part.kill(),
    stop: () => server.part.stop(10_000),
    async start() {
      part = startPart('server', 'server/dist/main.js', { env: environment, nodeArgs: asInProduction })
      await server.ready(20_000)
    },
    async end() {
      try {
        if (part?.alive) await server.stop()
      } finally {
        if (!given) cluster?.destroy()
        rmSync(dataDir, { recursive: true, force: true })
      }
    },
  }
  try {
    await server.start()
  } catch (error) {
    if (part?.alive) await part.kill()
    if (!given) cluster?.destroy()
    rmSync(dataDir, { recursive: true, force: true })
    throw error
  }
  return server
}
