import { millis } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import type { HeardWire } from '../../src/wire.ts'
import { type Esp3Packet, esp3Framing } from './framing.ts'
import { readTelegram, type Telegram } from './telegram.ts'

const RADIO = 1

/** A receiver of every telegram on the air. Its own responses and events say nothing for a device. */
export const esp3Wire: HeardWire<Esp3Packet, Telegram> = {
  is: 'heard',
  protocol: 'esp3',
  framing: esp3Framing,
  gapMax: millis(500),
  addressExample: '0181B744',
  addressProblem: (address) =>
    /^[0-9A-F]{8}$/.test(address ?? '') ? undefined : 'not the eight capital hex digits printed on the device',
  words(packet) {
    if (packet.type !== RADIO) return { packetType: packet.type }
    const { rorg, payload, sender } = readTelegram(packet)
    return { packetType: packet.type, rorg: hexOf(Uint8Array.of(rorg)), payload: hexOf(payload), sender }
  },
  senderOf: (packet) => (packet.type === RADIO ? readTelegram(packet).sender : undefined),
  messageOf: (packet) => (packet.type === RADIO ? readTelegram(packet) : undefined),
}
