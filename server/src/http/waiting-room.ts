import { createServer } from 'node:http'
import { DomainError } from '@anju/contract'
import { problemOf } from './errors.ts'

/** What answers in the server's place before it can: that it lives, and what it waits for. */
export interface WaitingRoom {
  /** Frees the address for the server itself. */
  close(): Promise<void>
}

/**
 * `waitsFor`: in words; they are read by whoever reaches the address, so nothing of the configuration stands in them.
 * @throws Error of `node:net` when the address cannot be had.
 */
export async function openWaitingRoom(
  { host, port }: { readonly host: string; readonly port: number },
  waitsFor: () => string,
): Promise<WaitingRoom> {
  const server = createServer((request, response) => {
    // Not by `URL`: whoever asks may have sent anything.
    const [path] = (request.url ?? '/').split('?')
    const [status, type, body] = answerTo(path, waitsFor())
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'retry-after': '2' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answerTo(path: string | undefined, waitsFor: string): [status: number, type: string, body: object] {
  if (path === '/healthz') return [200, 'application/json', { status: 'alive' }]
  if (path === '/readyz')
    return [503, 'application/json', { status: 'not-ready', parts: { database: 'down' }, waitsFor }]
  const problem = problemOf(
    new DomainError('store-unavailable', `the server is being started and waits for ${waitsFor}`),
  )
  return [problem.status, 'application/problem+json', problem]
}
