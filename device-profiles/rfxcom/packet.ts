import type { RfxcomPacket } from '../protocols/rfxcom/framing.ts'
import { LIGHTING_4, SECURITY_1, TEMPERATURE_HUMIDITY } from '../protocols/rfxcom/wire.ts'
import { bytesOfHex } from '../src/byte-reader.ts'

const packet =
  (type: number) =>
  (subtype: number, data: string): RfxcomPacket => ({ type, subtype, sequence: 0, data: bytesOfHex(data) })

/** Packets, as examples are written: the subtype and what follows the sequence number. */
export const security = packet(SECURITY_1)
export const lighting4 = packet(LIGHTING_4)
export const climate = packet(TEMPERATURE_HUMIDITY)

export const receiver = 'An RFXtrx433 receiver on USB, 38400 8N1; the gateway only listens to it.'
export const address = (digits: string): string =>
  `Its address is ${digits} hex digits: make it speak, and the gateway’s log names the sender that is not installed here.`
