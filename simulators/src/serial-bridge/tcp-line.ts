import { createServer, type Socket } from 'node:net'
import { type LineParts, type SimulatedLine, waitingBytesMax } from './line.ts'

const socketsMax = 4

/** A serial line behind an RS-485/Ethernet converter: whoever connects hears it all and may speak. */
export async function openTcpLine(
  options: { readonly host: string; readonly port: number },
  { hear, log }: LineParts,
): Promise<SimulatedLine> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    if (sockets.size >= socketsMax) {
      log(`a fifth connection to line ${options.host}:${options.port} was refused`)
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.on('data', hear)
    socket.on('error', () => {}) // told by `close`
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : options.port
  return {
    url: `tcp://${options.host}:${port}`,
    write(bytes) {
      for (const socket of sockets) if (socket.writableLength < waitingBytesMax) socket.write(bytes)
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
