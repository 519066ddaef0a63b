import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { InfluxAddress } from './influx.ts'
import { deletePoints } from './influx-double/deletes.ts'
import { parseLines } from './influx-double/lines.ts'
import { answerQuery } from './influx-double/queries.ts'
import { type Answer, type DoubleBucket, failure, storeLines } from './influx-double/store.ts'

type Mischief = (() => Answer) | 'hang' | 'cut'
export interface InfluxDouble {
  readonly address: InfluxAddress
  /** What came in, oldest first: `POST /api/v2/write`, and so on. */
  readonly heard: readonly { readonly call: string; readonly body: string }[]
  /** What it does with the next requests instead of what it should: one entry each. */
  readonly mischief: Mischief[]
  /** And with all the others, until it is undefined again. */
  always: Mischief | undefined
  /** Ends the connections that hang. */
  letGo(): void
  aBucket(keptS?: number, name?: string): InfluxAddress
  /** From now on its first bucket, or another, takes nothing older; what it has stays. */
  keeps(keptS: number | undefined, name?: string): void
  /** Points of its first bucket: one for each instant of each series. */
  readonly points: number
  /** As if these lines had been written to it before. */
  remembers(lines: string): void
  /** One of another name, as setup makes them. */
  addBucket(name: string, keptS?: number): DoubleBucket
  bucketOf(address: InfluxAddress): DoubleBucket
  end(): Promise<void>
}

const org = 'anju'
const token = 'only-for-tests-5f1d'

export interface DoubleOptions {
  readonly port?: number
  /** Before it says that it has them: whoever wants lines to outlive it writes them down here. */
  readonly onStored?: (lines: string) => void
}

/**
 * The v2 API as far as we use it, and no further: what it does not know it refuses, in the words of a real server. That its
 * words are a real server's is shown by `influx-answers.ts`.
 */
export async function anInfluxDouble({ port = 0, onStored }: DoubleOptions = {}): Promise<InfluxDouble> {
  const buckets = new Map<string, DoubleBucket>()
  const heard: { call: string; body: string }[] = []
  const mischief: Mischief[] = []
  let always: Mischief | undefined

  const server = createServer((request, response) => void respond(request, response))

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request)
    const url = new URL(request.url ?? '/', 'http://double')
    heard.push({ call: `${request.method} ${url.pathname}`, body })
    const instead = mischief.shift() ?? always
    if (instead === 'hang') return
    if (instead === 'cut') {
      request.socket.destroy()
      return
    }
    const { status, headers, text } = instead ? instead() : answer(request, url, body)
    response.writeHead(status, { 'x-influxdb-build': 'OSS', 'x-influxdb-version': 'double', ...headers }).end(text)
  }

  function answer(request: IncomingMessage, url: URL, body: string): Answer {
    const asked = `${request.method} ${url.pathname}`
    if (asked === 'GET /ping') return { status: 204, headers: {}, text: '' }
    if (asked === 'GET /health')
      return json(200, { name: 'influxdb', message: 'ready for queries and writes', status: 'pass', checks: [] })
    if (request.headers.authorization !== `Token ${token}`) return failure(401, 'unauthorized', 'unauthorized access')
    const ours = url.searchParams.get('org') === org
    const unknown = `organization name "${url.searchParams.get('org')}" not found`
    if (asked === 'GET /api/v2/buckets') return ours ? bucketList(url) : failure(404, 'not found', unknown)
    if (asked === 'POST /api/v2/query')
      return ours ? answerQuery(buckets, body) : failure(400, 'invalid', `failed to decode request body: ${unknown}`)
    const name = url.searchParams.get('bucket') ?? ''
    const bucket = buckets.get(name)
    const missing = () => failure(404, 'not found', `bucket "${name}" not found`)
    if (asked === 'POST /api/v2/delete') {
      if (!ours) return failure(404, 'not found', unknown)
      return bucket ? deletePoints(bucket, body) : missing()
    }
    if (asked !== 'POST /api/v2/write') return failure(404, 'not found', 'path not found')
    const precision = url.searchParams.get('precision')
    if (precision !== 'ms')
      return failure(400, 'invalid', 'invalid precision; valid precision units are ns, us, ms, and s')
    if (!ours) return failure(404, 'not found', unknown)
    if (!bucket) return missing()
    const lines = parseLines(body)
    if (!lines.ok) return failure(400, 'invalid', lines.why)
    const stored = storeLines(bucket, lines.points)
    onStored?.(body)
    return stored
  }

  /** By its name only, as we ask. */
  function bucketList(url: URL): Answer {
    const name = url.searchParams.get('name') ?? ''
    const bucket = buckets.get(name)
    if (!bucket) return failure(404, 'not found', `bucket "${name}" not found`)
    const retentionRules = [{ type: 'expire', everySeconds: (bucket.keptMs ?? 0) / 1_000 }]
    return json(200, { buckets: [{ id: name, type: 'user', name, retentionRules }] })
  }

  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  const at = server.address()
  if (typeof at !== 'object' || !at) throw new Error('the double has no port')
  const url = `http://127.0.0.1:${at.port}`
  const addBucket = (name: string, keptS?: number) => {
    const bucket: DoubleBucket = { keptMs: millisOf(keptS), types: new Map(), series: new Map() }
    buckets.set(name, bucket)
    return bucket
  }
  const aBucket = (keptS?: number, bucket = `bucket-${buckets.size + 1}`) => {
    addBucket(bucket, keptS)
    return { url, token, org, bucket }
  }
  const address = aBucket()
  return {
    address,
    heard,
    mischief,
    get always() {
      return always
    },
    set always(given) {
      always = given
    },
    letGo: () => server.closeAllConnections(),
    aBucket,
    get points() {
      return [...(buckets.get(address.bucket)?.series.values() ?? [])].reduce((sum, { values }) => sum + values.size, 0)
    },
    remembers(lines) {
      const [bucket, parsed] = [buckets.get(address.bucket), parseLines(lines)]
      if (bucket && parsed.ok) storeLines(bucket, parsed.points)
    },
    keeps(keptS, name = address.bucket) {
      const known = buckets.get(name)
      if (known) buckets.set(name, { ...known, keptMs: millisOf(keptS) })
    },
    addBucket,
    bucketOf({ bucket }) {
      const found = buckets.get(bucket)
      if (!found) throw new Error(`no bucket ${bucket}`)
      return found
    },
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const millisOf = (keptS: number | undefined) => (keptS === undefined ? undefined : keptS * 1_000)

const json = (status: number, body: object): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  text: JSON.stringify(body),
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
