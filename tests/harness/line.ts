import { connect, createServer, type Socket } from 'node:net'

/** A stretch of internet that the test can cut: a TCP relay in front of a port. */
export interface Line {
  readonly port: number
  /** Ends what runs through it and refuses what comes. */
  goesDown(): void
  returns(): void
  end(): Promise<void>
}

export async function aLine(to: number): Promise<Line> {
  let up = true
  const open = new Set<Socket>()
  const server = createServer((near) => {
    if (!up) return near.destroy()
    const far = connect(to, '127.0.0.1')
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
    near.pipe(far)
    far.pipe(near)
    return undefined
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the line has no port')
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
