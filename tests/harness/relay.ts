import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

/** What becomes of the bytes on their way; without it they pass. */
export interface OnTheWay {
  /** What the near side asks, one call for each piece, in order. */
  readonly asked?: (bytes: Buffer, far: Socket) => void
  /** What the far side answers. */
  readonly answered?: (bytes: Buffer, near: Socket) => void
}
export interface Relay {
  readonly port: number
  /** Ends what runs through it and refuses what comes. */
  goesDown(): void
  returns(): void
  end(): Promise<void>
}

/** A TCP relay in front of a port or a socket, in the test's hands: a stretch of cable that can be cut, slow, or lose answers. */
export async function aRelay(to: NetConnectOpts, way: OnTheWay = {}): Promise<Relay> {
  let up = true
  const open = new Set<Socket>()
  const server = createServer((near) => {
    if (!up) return near.destroy()
    const far = connect(to)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    join(near, far, way.asked)
    join(far, near, way.answered)
    return undefined
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the relay has no port')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: address.port,
    goesDown() {
      up = false
      cut()
    },
    returns() {
      up = true
    },
    async end() {
      cut()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

function join(from: Socket, to: Socket, on: ((bytes: Buffer, to: Socket) => void) | undefined): void {
  if (on) from.on('data', (bytes: Buffer) => on(bytes, to))
  else from.pipe(to)
}
