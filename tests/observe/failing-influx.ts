import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, ready, startPart } from '../harness/child.ts'
import { anInfluxOfOurOwn, type InfluxAddress, whyNoInflux } from '../harness/influx.ts'
import { freePort } from '../harness/ports.ts'
import { temporaryFolder } from '../harness/server.ts'
import { aSmallDisk } from '../harness/small-disk.ts'
import { until } from '../harness/wait.ts'

/** A store that can be made to fail in every way that one has, and that can be asked afterwards what it holds. */
export interface FailingInflux {
  /** Which one it is, for the evidence. */
  readonly name: string
  readonly port: number
  readonly address: InfluxAddress
  stop(): Promise<void>
  kill(): Promise<void>
  startAgain(): Promise<void>
  /** Its disk, to the last byte. Undefined where that cannot be done; `whyNotFilled` says why. */
  readonly fill: (() => void) | undefined
  readonly whyNotFilled: string
  makeRoom(): void
  /** Points it holds: one for each instant of each series. */
  points(): Promise<number>
  end(): Promise<void>
}

const diskMiB = 256

/** A real one, with its folder on a small disk of its own. */
export async function aFailingInflux(): Promise<FailingInflux> {
  const disk = aSmallDisk(diskMiB)
  const mounted = 'folder' in disk ? disk : undefined
  const influx = await anInfluxOfOurOwn(mounted?.folder)
  const address = await influx.aBucket()
  const { own } = influx
  if (!own) throw new Error('an InfluxDB of our own is not ours')
  return {
    name: `InfluxDB ${influx.version}`,
    address,
    port: own.port,
    stop: () => own.stop(),
    kill: () => own.kill(),
    startAgain: () => own.startAgain(),
    fill: mounted && (() => mounted.fill()),
    whyNotFilled: 'why' in disk ? disk.why : '',
    makeRoom: () => mounted?.makeRoom(),
    points: () => countIn(address),
    async end() {
      await influx.end().catch(() => own.kill())
      mounted?.end()
    },
  }
}

/** The strict double of its API, as a process with a journal: what it confirmed it still has after it was killed. */
export async function aFailingDouble(): Promise<FailingInflux> {
  const folder = temporaryFolder('anju-influx-double')
  const port = await freePort()
  const args = [String(port), join(folder, 'journal')]
  const start = async (): Promise<Part> => {
    const begun = startPart('influx double', 'tests/harness/influx-double/serve.ts', { args })
    await ready(begun, 'listening', async () => begun.log().includes('listening'), 20_000)
    return begun
  }
  let part = await start()
  return {
    name: `a double of InfluxDB’s API (${whyNoInflux() ?? 'the short form is the same everywhere'})`,
    port,
    address: { url: `http://127.0.0.1:${port}`, token: 'only-for-tests-5f1d', org: 'anju', bucket: 'bucket-1' },
    stop: () => part.stop(),
    kill: () => part.kill(),
    async startAgain() {
      part = await start()
    },
    fill: () => part.tell('full'),
    whyNotFilled: '',
    makeRoom: () => undefined,
    async points() {
      const asked = part.log().split('points ').length
      part.tell('count')
      const answers = await until('the double to count', () => answersAfter(part.log(), asked), { withinMs: 10_000 })
      return Number(answers)
    },
    async end() {
      if (part.alive) await part.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
const answersAfter = (log: string, asked: number): string | undefined => {
  const answers = [...log.matchAll(/points (\d+)\n/g)]
  return answers.length >= asked ? answers.at(-1)?.[1] : undefined
}

async function countIn({ url, token, org, bucket }: InfluxAddress): Promise<number> {
  const script = `from(bucket: ${JSON.stringify(bucket)}) |> range(start: 0, stop: 2100-01-01T00:00:00Z) |> count() |> group() |> sum()`
  const answer = await fetch(`${url}/api/v2/query?${new URLSearchParams({ org }).toString()}`, {
    method: 'POST',
    headers: { authorization: `Token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: script, type: 'flux', dialect: { header: true, annotations: [] } }),
  })
  const text = await answer.text()
  const [head = '', row = ''] = text.trim().split('\r\n')
  const count = row.split(',')[head.split(',').indexOf('_value')]
  if (!answer.ok || count === undefined) throw new Error(`counting the points: ${answer.status} ${text}`)
  return Number(count)
}
