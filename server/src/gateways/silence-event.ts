import { createHash } from 'node:crypto'
import {
  type EventPhase,
  encode,
  formatInstant,
  type GatewayId,
  type Instant,
  parseEvent,
  unwrap,
} from '@anju/contract'
import type { HeardEvent } from '../ports.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The centre's own word about a gateway, in the words a gateway would use: so that its silence is an event like any other,
 * with one alarm per episode. Each gateway is a placement of its own: of two in a home, the return of one must not end the
 * other's silence. The id follows from what it says: saying it twice is one event.
 */
export function silenceEvent(gateway: GatewayId, boot: number, phase: EventPhase, at: Instant): HeardEvent {
  const time = formatInstant(at)
  const message = {
    specversion: '1.0',
    id: ulidOf(at, `${gateway}/${phase}/${at}`),
    type: 'anju.gateway-silent',
    source: `/gateways/${gateway}`,
    subject: gateway,
    time,
    data: {
      boot,
      lane: 'technical',
      seq: 1,
      pendingFrom: 1,
      sentAt: time,
      class: 'technical',
      device: gateway,
      phase,
      heardAt: time,
      storedAt: time,
      elapsedMs: 0,
    },
  }
  return { gateway, message: unwrap(parseEvent(encode(message))) }
}

/** A ULID whose random part is a digest of what it names. */
function ulidOf(at: Instant, of: string): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(at, 0, 6)
  createHash('sha256').update(of).digest().copy(bytes, 6, 0, 10)
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (let digit = 0; digit < 26; digit++) {
    text = CROCKFORD.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return text
}
