import type { Duplex } from 'node:stream'
import { messageBytesMax } from '@anju/contract'
import type { Client } from './aedes-client.ts'

/**
 * A message a little too long is read, refused by name and acknowledged, so that its sender does not repeat it for ever.
 * Beyond this the connection is cut before the bytes have been collected.
 */
export const packetBytesMax = messageBytesMax * 4
export const connectBytesMax = 16 * 1024

type GuardedConnection = Duplex & { client?: Client }

/** The parser gathers a packet's bytes without a limit of its own; this looks at the length it announces. */
function guard(this: GuardedConnection): void {
  const packet = this.client?._parser.packet
  if (!packet) return
  if (packet.length > (packet.cmd === 'connect' ? connectBytesMax : packetBytesMax)) this.destroy()
}

export function guardPacketBytes(client: Client): void {
  client.conn.on('readable', guard)
}
