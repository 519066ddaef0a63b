import type { UpKind } from '@anju/contract'
import type { Client } from './aedes-client.ts'
import type { Session } from './session.ts'

/** PUBLISH at QoS 1, not retained; sent for the first time or again. */
const FIRST = 0x32
const AGAIN = 0x3a
/** That one of our words arrived: nobody waits for it, because what a home missed it is told by state. */
const PUBACK = 0x40
const pubackBytes = 4

export type Take = (
  client: Client,
  session: Session,
  message: { readonly kind: UpKind; readonly topic: string; readonly payload: Uint8Array; readonly messageId: number },
) => void

/**
 * Nearly everything a gateway sends is a QoS 1 PUBLISH on one of its own topics, whole in one chunk. Such packets are read
 * right here, without an object per packet, buffer list and emitter, and so are the PUBACKs of receipts between them; anything
 * else (a packet cut in two, another kind of it, a topic that is not its own, before CONNACK) goes the usual way through
 * aedes' parser, and everything after it in its chunk too.
 */
export function openFastLane(client: Client, take: Take): void {
  const parser = client._parser
  const usual = parser.parse.bind(parser)
  parser.parse = (chunk) => {
    const session = client.anjuSession
    // What the usual parser has begun it must finish.
    if (!session || !client.connackSent || parser._list.length > 0 || parser._stateCounter !== 0) return usual(chunk)
    let offset = 0
    for (let end = packetEnd(chunk, offset); end > 0; end = packetEnd(chunk, offset)) {
      if (chunk[offset] !== PUBACK && !takePacket(client, session, chunk, offset, end, take)) break
      offset = end
    }
    if (offset > 0) client._keepaliveTimer?.refresh()
    return offset === chunk.length ? 0 : usual(offset === 0 ? chunk : chunk.subarray(offset))
  }
}

/** Where the PUBLISH or PUBACK that begins at `offset` ends; 0 when there is none, or not all of it. */
function packetEnd(chunk: Buffer, offset: number): number {
  const header = chunk[offset]
  if (header === PUBACK)
    return chunk[offset + 1] === 2 && offset + pubackBytes <= chunk.length ? offset + pubackBytes : 0
  if (header !== FIRST && header !== AGAIN) return 0
  const length = bodyLength(chunk, offset)
  const end = bodyStart(chunk, offset) + length
  return length >= 0 && end <= chunk.length ? end : 0
}

/** MQTT 3.1.1 §2.2.3, up to three of its bytes: no chunk is longer than that. -1 when it is cut off or longer. */
function bodyLength(chunk: Buffer, offset: number): number {
  let length = 0
  for (let place = 0; place < 3; place++) {
    const byte = chunk[offset + 1 + place]
    if (byte === undefined) return -1
    length |= (byte & 127) << (place * 7)
    if (byte < 128) return length
  }
  return -1
}

function bodyStart(chunk: Buffer, offset: number): number {
  let start = offset + 1
  while ((chunk[start] ?? 0) > 127) start++
  return start + 1
}

/** False when it is not ours to take; then nothing has happened. */
function takePacket(client: Client, session: Session, chunk: Buffer, offset: number, end: number, take: Take): boolean {
  const start = bodyStart(chunk, offset)
  if (start + 2 > end) return false
  const topicEnd = start + 2 + chunk.readUInt16BE(start)
  if (topicEnd + 2 > end) return false
  const topic = chunk.toString('latin1', start + 2, topicEnd)
  const kind = session.kindOf(topic)
  const messageId = chunk.readUInt16BE(topicEnd)
  if (kind === undefined || messageId === 0) return false
  take(client, session, { kind, topic, payload: chunk.subarray(topicEnd + 2, end), messageId })
  return true
}
