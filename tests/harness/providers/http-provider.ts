import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { selfSigned } from '../../../server/src/broker/tls.fixture.ts'

export interface Asked {
  readonly method: string
  /** Path and query as they came: signatures are over what was sent, not over what it means. */
  readonly target: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}
export interface Told {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
/**
 * What happens to the next request instead of what the provider would do. `silent`: taken and never answered; `cut`: taken, and
 * the line is gone; `drip` and `flood`: an answer begins that does not end.
 */
export type Trouble = 'silent' | 'cut' | 'drip' | 'flood'

export interface HttpProvider {
  readonly url: string
  /** Every request that has come whole, in order. */
  readonly asked: readonly Asked[]
  /** For the next request only; several stand in line. */
  readonly next: (...instead: (Told | Trouble)[]) => void
  /** Resolves when a request has arrived whole since the last `next` that was not waited for yet. */
  readonly arrived: () => Promise<Asked>
  readonly close: () => Promise<void>
}

export const json = (value: unknown, status = 200): Told => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** An HTTP provider on loopback: `mind` reads each request as the real one would, and answers as it would. */
export async function httpProvider(mind: (asked: Asked) => Told, { tls = false } = {}): Promise<HttpProvider> {
  const sockets = new Set<Socket>()
  const all: Asked[] = []
  const arrivals: Asked[] = []
  const waiting: ((asked: Asked) => void)[] = []
  const instead: (Told | Trouble)[] = []

  const server = tls ? createTlsServer({ cert: selfSigned.cert, key: selfSigned.key }) : createServer()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://provider')
      const asked: Asked = {
        method: request.method ?? '',
        target: request.url ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks),
      }
      all.push(asked)
      const trouble = instead.shift()
      if (trouble === undefined) tell(response, mind(asked))
      else if (typeof trouble === 'object') tell(response, trouble)
      else make(trouble, response)
      const waiter = waiting.shift()
      if (waiter) waiter(asked)
      else arrivals.push(asked)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    asked: all,
    next(...what) {
      arrivals.length = 0
      instead.push(...what)
    },
    arrived() {
      const asked = arrivals.shift()
      return asked ? Promise.resolve(asked) : new Promise((resolve) => waiting.push(resolve))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function tell(response: ServerResponse, { status, headers = {}, body = '' }: Told): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
}

function make(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'silent') return
  if (trouble === 'cut') {
    response.socket?.destroy()
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  const piece = Buffer.alloc(trouble === 'flood' ? 16_384 : 1, 0x20)
  response.write(piece)
  const more = setInterval(() => response.write(piece), 5)
  response.on('close', () => clearInterval(more))
}
