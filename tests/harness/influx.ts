import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { findInfluxd } from '../prepare-machine.ts'
import { type Part, ready, startProgram } from './child.ts'
import { freePort } from './ports.ts'
import { temporaryFolder } from './server.ts'

export { findInfluxd }

export interface InfluxAddress {
  readonly url: string
  readonly token: string
  readonly org: string
  readonly bucket: string
}
/** A real InfluxDB: the one that `INFLUX_URL` names, or one of our own from the `influxd` on the PATH. */
export interface Influx {
  readonly version: string
  /** Undefined when it is not our own: somebody else's is neither killed nor frozen. */
  readonly own: OwnInflux | undefined
  /** An empty bucket, kept for ever or for so many seconds. */
  aBucket(keptS?: number, name?: string): Promise<InfluxAddress>
  end(): Promise<void>
}

export interface OwnInflux {
  /** As a power cut would. */
  kill(): Promise<void>
  /** On what is on its disk. */
  startAgain(): Promise<void>
  /** It takes connections and answers nothing, until it thaws. */
  freeze(): void
  thaw(): void
}

/** Why no real InfluxDB can be had here, said by whoever leaves tests out for it; undefined when one can. */
export function whyNoInflux(): string | undefined {
  if (process.env['INFLUX_URL'] || findInfluxd() !== undefined) return undefined
  return 'neither INFLUX_URL is set nor an influxd is on the PATH'
}

export async function anInflux(): Promise<Influx> {
  const { INFLUX_URL: url, INFLUX_TOKEN: token = '', INFLUX_ORG: org = '' } = process.env
  return url ? influxAt({ url, token, org }, undefined, async () => undefined) : anInfluxOfOurOwn()
}

/** On a free port, with an empty folder. */
async function anInfluxOfOurOwn(): Promise<Influx> {
  const folder = temporaryFolder('anju-influx')
  const port = await freePort()
  const server = { url: `http://127.0.0.1:${port}`, token: 'only-for-tests-5f1d', org: 'anju' }
  let part = await startInfluxd(folder, port)
  await call(server, 'POST', '/api/v2/setup', {
    username: 'anju',
    password: 'only-for-tests-5f1d',
    org: server.org,
    bucket: 'first',
    token: server.token,
  })
  const own: OwnInflux = {
    kill: () => part.kill(),
    async startAgain() {
      part = await startInfluxd(folder, port)
    },
    freeze: () => void process.kill(part.pid, 'SIGSTOP'),
    thaw: () => void process.kill(part.pid, 'SIGCONT'),
  }
  return influxAt(server, own, async () => {
    await part.stop()
    rmSync(folder, { recursive: true, force: true })
  })
}

export async function startInfluxd(folder: string, port: number): Promise<Part> {
  const program = findInfluxd()
  if (!program) throw new Error(whyNoInflux())
  const part = startProgram('influxd', program, [
    `--http-bind-address=127.0.0.1:${port}`,
    `--bolt-path=${join(folder, 'influxd.bolt')}`,
    `--sqlite-path=${join(folder, 'influxd.sqlite')}`,
    `--engine-path=${join(folder, 'engine')}`,
    '--reporting-disabled',
    '--log-level=warn',
  ])
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok
  await ready(part, 'answering', answers, 60_000)
  return part
}

type Server = Omit<InfluxAddress, 'bucket'>
async function influxAt(server: Server, own: OwnInflux | undefined, end: () => Promise<void>): Promise<Influx> {
  const { version } = await call<{ version: string }>(server, 'GET', '/health')
  const query = new URLSearchParams({ org: server.org }).toString()
  const { orgs } = await call<{ orgs: { id: string }[] }>(server, 'GET', `/api/v2/orgs?${query}`)
  const orgID = orgs[0]?.id
  const made: string[] = []
  return {
    version,
    own,
    async aBucket(keptS = 0, name = `anju-test-${process.pid}-${Date.now()}-${made.length}`) {
      const retentionRules = keptS === 0 ? [] : [{ type: 'expire', everySeconds: keptS }]
      const { id } = await call<{ id: string }>(server, 'POST', '/api/v2/buckets', { orgID, name, retentionRules })
      made.push(id)
      return { ...server, bucket: name }
    },
    async end() {
      for (const id of made) await call(server, 'DELETE', `/api/v2/buckets/${id}`)
      await end()
    },
  }
}

async function call<T>({ url, token }: Server, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Token ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
