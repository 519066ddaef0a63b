import { createHash } from 'node:crypto'
import {
  type CentreId,
  type EventPhase,
  type EventType,
  encode,
  formatInstant,
  type GatewayId,
  gatewayId,
  type HomeId,
  type Instant,
  parseEvent,
  unwrap,
} from '@anju/contract'
import type { HeardEvent } from '../ports.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Stands where a gateway would: no gateway is called so, and none of theirs is its boot or its sequence. */
const CENTRE_ITSELF = gatewayId('centre')

/** What the centre finds by its own clock. */
export interface OwnWord {
  readonly type: Extract<
    EventType,
    'gateway-silent' | 'device-silent' | 'clock-unsynced' | 'heartbeat-late' | 'escalation-late' | 'nobody-on-duty'
  >
  readonly home: HomeId
  readonly centre: CentreId
  /** A gateway is a placement of its own: of two in a home, the return of one must not end the other's silence. */
  readonly placement: string
  readonly device: string
  readonly phase: EventPhase
  readonly at: Instant
  readonly urgent: boolean
}

/**
 * The centre's own word, in the words a gateway would use: so that a silence is an event like any other, with one alarm per
 * episode. The id follows from what it says: saying it twice is one event.
 */
export function ownEvent({ type, home, centre, placement, device, phase, at, urgent }: OwnWord): HeardEvent {
  const time = formatInstant(at)
  const message = {
    specversion: '1.0',
    id: ulidOf(at, `${type}/${home}/${placement}/${phase}/${at}`),
    type: `anju.${type}`,
    source: `/gateways/${CENTRE_ITSELF}`,
    subject: placement,
    time,
    data: {
      boot: 0,
      lane: 'technical',
      seq: 1,
      pendingFrom: 1,
      sentAt: time,
      class: 'technical',
      device,
      phase,
      heardAt: time,
      storedAt: time,
      elapsedMs: 0,
    },
  }
  const gateway: GatewayId = CENTRE_ITSELF
  return { gateway, message: unwrap(parseEvent(encode(message))), own: { home: { home, centre }, urgent } }
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
