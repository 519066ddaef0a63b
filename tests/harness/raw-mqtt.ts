import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import mqttPacket from 'mqtt-packet'

/**
 * MQTT 3.1.1 over a bare socket, just enough to load a broker: mqtt.js would be the bottleneck. Packets are written as
 * buffers, and everything that one chunk makes possible goes out in one write.
 */
export interface RawTarget {
  readonly port: number
  readonly tls?: boolean
  /** Source address, to have more than one range of ports. */
  readonly from?: string
}
export interface RawCredentials {
  readonly clientId: string
  readonly username?: string
  readonly password?: string
}
export interface RawClient {
  /** Publishes at QoS 1; `onAck` is called with the id this returns. Flushed by the next turn of the loop. */
  publish(topic: Buffer, payload: Buffer): number
  subscribe(filter: string): Promise<void>
  onAck: (packetId: number) => void
  onMessage: (payload: Buffer) => void
  onClose: (why: string) => void
  close(): void
}

const connectWithinMs = 30_000

export function rawConnect(target: RawTarget, credentials: RawCredentials): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const options = {
      port: target.port,
      host: '127.0.0.1',
      noDelay: true,
      ...(target.from ? { localAddress: target.from } : {}),
    }
    const socket: Socket = target.tls ? connectTls({ ...options, rejectUnauthorized: false }) : connectPlain(options)
    const timer = setTimeout(() => socket.destroy(new Error('no CONNACK')), connectWithinMs)
    let why = 'closed by the broker'
    let nextId = 0
    let out: Buffer[] = []
    let scheduled = false
    let rest: Buffer | undefined
    const subscriptions = new Map<number, () => void>()
    const flush = () => {
      scheduled = false
      const chunks = out
      out = []
      if (!socket.destroyed) socket.write(chunks.length === 1 ? (chunks[0] ?? '') : Buffer.concat(chunks))
    }
    const send = (packet: Buffer) => {
      out.push(packet)
      if (!scheduled) {
        scheduled = true
        setImmediate(flush)
      }
    }
    const takeId = () => {
      nextId = nextId >= 65_535 ? 1 : nextId + 1
      return nextId
    }
    const client: RawClient = {
      onAck: () => undefined,
      onMessage: () => undefined,
      onClose: () => undefined,
      publish(topic, payload) {
        const id = takeId()
        send(publishPacket(topic, payload, id))
        return id
      },
      subscribe(filter) {
        const messageId = takeId()
        send(mqttPacket.generate({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos: 1 }] }))
        return new Promise((done) => subscriptions.set(messageId, done))
      },
      close: () => socket.destroy(),
    }
    const packet = (type: number, flags: number, body: Buffer) => {
      if (type === 4) client.onAck(body.readUInt16BE(0))
      else if (type === 3) {
        const topicEnd = 2 + body.readUInt16BE(0)
        const qos = (flags >> 1) & 3
        if (qos > 0) send(Buffer.from([0x40, 2, body[topicEnd] ?? 0, body[topicEnd + 1] ?? 0]))
        client.onMessage(body.subarray(qos > 0 ? topicEnd + 2 : topicEnd))
      } else if (type === 2) {
        clearTimeout(timer)
        if (body[1] === 0) resolve(client)
        else socket.destroy(new Error(`CONNACK ${body[1]}`))
      } else if (type === 9) subscriptions.get(body.readUInt16BE(0))?.()
    }
    socket.on('data', (chunk) => {
      let buffer = rest ? Buffer.concat([rest, chunk]) : chunk
      for (;;) {
        const header = headerOf(buffer)
        if (!header || buffer.length < header.end) break
        packet((buffer[0] ?? 0) >> 4, buffer[0] ?? 0, buffer.subarray(header.start, header.end))
        buffer = buffer.subarray(header.end)
      }
      rest = buffer.length > 0 ? buffer : undefined
    })
    socket.once('error', (error) => {
      why = error.message
    })
    socket.once('close', () => {
      clearTimeout(timer)
      client.onClose(why)
      reject(new Error(`${credentials.clientId}: ${why}`))
    })
    socket.once(target.tls ? 'secureConnect' : 'connect', () => {
      const { clientId, username, password } = credentials
      socket.write(
        mqttPacket.generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clean: true,
          keepalive: 0,
          clientId,
          ...(username ? { username } : {}),
          ...(password ? { password: Buffer.from(password) } : {}),
        }),
      )
    })
  })
}

/** Where the body of the first packet lies; undefined while its length is not here yet. */
function headerOf(buffer: Buffer): { start: number; end: number } | undefined {
  let length = 0
  for (let index = 1; index <= 4; index++) {
    const byte = buffer[index]
    if (byte === undefined) return undefined
    length += (byte & 0x7f) * 128 ** (index - 1)
    if (byte < 128) return { start: index + 1, end: index + 1 + length }
  }
  throw new Error('a length of more than four bytes')
}

export function publishPacket(topic: Buffer, payload: Buffer, id: number): Buffer {
  const length = 2 + topic.length + 2 + payload.length
  const lengthBytes = length < 128 ? 1 : length < 16_384 ? 2 : 3
  const packet = Buffer.allocUnsafe(1 + lengthBytes + length)
  packet[0] = 0x32
  let left = length
  for (let index = 1; index <= lengthBytes; index++) {
    packet[index] = (left % 128) | (index < lengthBytes ? 0x80 : 0)
    left = Math.floor(left / 128)
  }
  let at = packet.writeUInt16BE(topic.length, 1 + lengthBytes)
  at += topic.copy(packet, at)
  at = packet.writeUInt16BE(id, at)
  payload.copy(packet, at)
  return packet
}
