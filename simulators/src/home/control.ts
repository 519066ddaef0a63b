import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, errorMessage, type Millis, seconds } from '@anju/contract'

/** What a second shell may ask of the running home; the answer is a sentence for people and figures for programs. */
export interface ControlRequest {
  readonly do: string
  readonly minutes?: number
}
export type ControlAnswer =
  | { readonly ok: true; readonly said: string; readonly [figure: string]: unknown }
  | { readonly ok: false; readonly error: string }

const lineBytesMax = 4_096
const connectionsMax = 16
/** The system's limit for the path of a local socket is 104 bytes on macOS, 108 on Linux. */
const socketPathBytesMax = 100

/** Where a part of the system under `dataDir` listens; beside its data, or under the temporary folder when that path is too long. */
export function controlSocket(dataDir: string, part: string): string {
  const beside = join(dataDir, 'run', `${part}.sock`)
  if (Buffer.byteLength(beside) <= socketPathBytesMax) return beside
  return join(tmpdir(), `anju-${createHash('sha256').update(dataDir).digest('hex').slice(0, 20)}-${part}.sock`)
}

/**
 * Answers one JSON line each on a local socket that only this user can open.
 * @throws Error `EADDRINUSE` while another process answers there; the socket of a dead one is taken over.
 */
export async function serveControl(
  path: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<{ stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    if (sockets.size >= connectionsMax) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveSocket(socket, answer)
  })
  await listen(server, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || (await somebodyAnswers(path))) throw error
    rmSync(path, { force: true })
    await listen(server, path)
  })
  chmodSync(path, 0o600)
  return {
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function serveSocket(socket: Socket, answer: (request: ControlRequest) => Promise<ControlAnswer>): void {
  let held = ''
  socket.setEncoding('utf8')
  socket.on('error', () => {}) // told by `close`
  socket.on('data', (text: string) => {
    held += text
    if (held.length > lineBytesMax) socket.destroy()
    const end = held.indexOf('\n')
    if (end < 0 || socket.destroyed) return
    const line = held.slice(0, end)
    held = ''
    void reply(socket, answerLine(line, answer))
  })
}

async function reply(socket: Socket, answer: Promise<ControlAnswer>): Promise<void> {
  socket.end(`${JSON.stringify(await answer)}\n`)
}

async function answerLine(
  line: string,
  answer: (request: ControlRequest) => Promise<ControlAnswer>,
): Promise<ControlAnswer> {
  try {
    const request = JSON.parse(line) as unknown
    if (typeof request !== 'object' || request === null || !('do' in request) || typeof request.do !== 'string')
      return { ok: false, error: 'a request is {"do": "<command>"}' }
    return await answer(request as ControlRequest)
  } catch (error) {
    return { ok: false, error: errorMessage(error) }
  }
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })

/** Whether a process listens on the socket. A socket file alone proves nothing: a killed process leaves it behind. */
export function somebodyAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Asks once. @throws Error `ENOENT` or `ECONNREFUSED` when nobody listens, and when no answer comes in time. */
export function askControl(
  path: string,
  request: ControlRequest,
  clock: Clock,
  within: Millis = seconds(15),
): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    const tooLong = clock.after(within, () => socket.destroy(new Error(`no answer within ${within / 1_000} s`)))
    let held = ''
    socket.setEncoding('utf8')
    socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`))
    socket.on('data', (text: string) => {
      held += text
    })
    socket.once('error', reject)
    socket.once('close', () => {
      tooLong.cancel()
      try {
        resolve(JSON.parse(held) as ControlAnswer)
      } catch {
        reject(new Error('the connection was closed without an answer'))
      }
    })
  })
}
