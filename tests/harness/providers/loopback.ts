import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request, as it came: signatures are over what was sent, not over what it means. */
export interface Asked {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
export interface Told {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}
/** `silent`: taken and never answered. `cut`: taken, and the line is gone. */
export type Instead = Told | 'silent' | 'cut'

export interface Loopback {
  readonly url: string
  readonly asked: readonly Asked[]
  /** What happens to the next request, whatever it asks; several stand in line. */
  next(...instead: Instead[]): void
  /** Resolves when the next request has come whole. */
  arrival(): Promise<void>
  close(): Promise<void>
}

export const json = (value: unknown, status = 200): Told => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** An HTTP provider on loopback; `mind` answers as the real one would. */
export async function loopback(mind: (asked: Asked) => Told): Promise<Loopback> {
  const asked: Asked[] = []
  const line: Instead[] = []
  let waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        method: request.method ?? '',
        target: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      asked.push(one)
      for (const arrived of waiting) arrived()
      waiting = []
      const told = line.shift() ?? mind(one)
      if (told === 'cut') request.socket.destroy()
      else if (told !== 'silent') response.writeHead(told.status, told.headers).end(told.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    next: (...instead) => void line.push(...instead),
    arrival: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
