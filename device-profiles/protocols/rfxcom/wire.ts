import { millis } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import type { HeardWire } from '../../src/wire.ts'
import { type RfxcomPacket, rfxcomFraming } from './framing.ts'

export const SECURITY_1 = 0x20
export const LIGHTING_4 = 0x13
export const TEMPERATURE_HUMIDITY = 0x52

/** Packet types that a profile reads, and how much of their head is the sender: five hex digits are the id of an EV1527. */
const SENDER_DIGITS: Readonly<Record<number, number>> = {
  [SECURITY_1]: 6,
  [LIGHTING_4]: 5,
  [TEMPERATURE_HUMIDITY]: 4,
}

function senderOf({ type, data }: RfxcomPacket): string | undefined {
  const digits = SENDER_DIGITS[type]
  return digits === undefined ? undefined : hexOf(data).slice(0, digits)
}

/** A receiver of everything on the air: what its own base station answers, and kinds no profile reads, say nothing. */
export const rfxcomWire: HeardWire<RfxcomPacket, RfxcomPacket> = {
  is: 'heard',
  protocol: 'rfxcom',
  framing: rfxcomFraming,
  gapMax: millis(500),
  addressExample: 'D3DC54',
  addressProblem: (address) =>
    /^[0-9A-F]{4,6}$/.test(address ?? '')
      ? undefined
      : 'not the id in capital hex digits: six of a security device, five of an EV1527 code, four of a thermometer',
  words: (packet) => ({
    packetType: hexOf(Uint8Array.of(packet.type)),
    subtype: hexOf(Uint8Array.of(packet.subtype)),
    id: senderOf(packet) ?? null,
  }),
  senderOf,
  messageOf: (packet) => (senderOf(packet) === undefined ? undefined : packet),
}
