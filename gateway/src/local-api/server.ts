import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DomainError, errorMessage } from '@anju/contract'
import { isLoopback } from '../domain/loopback.ts'
import type { Log } from '../ports.ts'

export interface LocalApi {
  readonly port: number
  stop(): Promise<void>
}

const FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
}
const SAFE = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}
const connectionsMax = 32

/**
 * The page an installer opens on the gateway itself. It reads only, and answers only to the machine's own names: a page on
 * the internet that points its own name at 127.0.0.1 must not read who pressed what.
 * @throws DomainError `port-unavailable`
 */
export async function startLocalApi(
  { host, port }: { readonly host: string; readonly port: number },
  status: () => object,
  log: Log,
): Promise<LocalApi> {
  const files = Object.fromEntries(
    Object.entries(FILES).map(([path, [name, type]]) => [
      path,
      { type, body: readFileSync(join(import.meta.dirname, 'page', name)) },
    ]),
  )
  const ownHosts = (name: string) => isLoopback(name) || (!isLoopback(host) && name === host)

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const say = (code: number, type: string, body: string | Buffer) =>
      response.writeHead(code, { ...SAFE, 'content-type': type }).end(request.method === 'HEAD' ? undefined : body)
    if (!ownHosts(hostOf(request.headers.host))) return void say(421, 'text/plain', 'not a name of this gateway\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return void say(405, 'text/plain', 'read only\n')
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const file = files[path]
    if (file) return void say(200, file.type, file.body)
    if (path !== '/api/status') return void say(404, 'text/plain', 'no such page\n')
    try {
      say(200, 'application/json; charset=utf-8', JSON.stringify(status()))
    } catch (error) {
      log.error({ why: errorMessage(error) }, 'the status could not be read')
      say(500, 'text/plain', 'the status could not be read\n')
    }
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 8_192 }, answer)
  server.maxConnections = connectionsMax
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new DomainError('port-unavailable', `local page ${host}:${port}: ${error.message}`, {}, { cause: error })),
    )
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The name in a Host header without its port; IPv6 keeps its brackets. */
const hostOf = (header: string | undefined): string => /^(\[[^\]]*\]|[^:]*)/.exec(header ?? '')?.[1] ?? ''
