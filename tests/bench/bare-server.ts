import { createServer } from 'node:net'

/** The reference of `connections`: what Node's sockets cost when nothing is done with them but to greet. */
const connack = Buffer.from([0x20, 2, 0, 0])
const kept = new Set<object>()
createServer((socket) => {
  kept.add(socket)
  socket.on('data', (packet) => {
    const type = (packet[0] ?? 0) >> 4
    if (type === 1) socket.write(connack)
    else if (type === 8) socket.write(Buffer.from([0x90, 3, packet[2] ?? 0, packet[3] ?? 0, 1]))
  })
  socket.on('error', () => undefined)
  socket.on('close', () => kept.delete(socket))
}).listen(Number(process.argv[2]), '127.0.0.1', 4_096, () => console.log('listening'))
