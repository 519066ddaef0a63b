import { absent, DomainError, type Reading, reading } from '@anju/contract'
import { ByteReader, decimal } from '../../src/byte-reader.ts'
import type { RfxcomPacket } from './framing.ts'
import { LIGHTING_4, SECURITY_1, TEMPERATURE_HUMIDITY } from './wire.ts'

/** Words of a security device; others are of remotes that arm and disarm, and say nothing of a home. */
export const STATUS = {
  normal: 0x00,
  normalDelayed: 0x01,
  alarm: 0x02,
  alarmDelayed: 0x03,
  motion: 0x04,
  noMotion: 0x05,
  panic: 0x06,
  endPanic: 0x07,
  batteryLow: 0x16,
} as const

export interface SecurityReport {
  readonly status: number
  /** KD101, SA30, RM174RF: they have no word of their own for smoke and say panic. */
  readonly ofSmokeDetector: boolean
  readonly readings: { readonly tamper: Reading; readonly battery: Reading }
}
const SMOKE_SUBTYPES: ReadonlySet<number> = new Set([0x03, 0x09, 0x0a])

/** @throws DomainError `frame-unknown` for a packet of another kind. */
export function readSecurity(packet: RfxcomPacket): SecurityReport {
  const input = open(packet, SECURITY_1)
  input.bytes(3) // the sender
  const byte = input.u8()
  const status = byte & 0x7f
  const signal = input.u8()
  input.end()
  // A device that says that its cell runs low is on the lowest step, whatever the nibble of the receiver makes of it.
  const battery = status === STATUS.batteryLow ? batteryOf(0) : batteryOf(signal)
  return {
    status,
    ofSmokeDetector: SMOKE_SUBTYPES.has(packet.subtype),
    readings: { tamper: reading((byte & 0x80) !== 0), battery },
  }
}

/** @throws DomainError `frame-unknown` for a packet of another kind. */
export function readLighting4(packet: RfxcomPacket): { readonly key: number } {
  const input = open(packet, LIGHTING_4)
  input.bytes(2)
  const key = input.u8() & 0x0f
  input.bytes(3) // pulse length and signal
  input.end()
  return { key }
}

/** @throws DomainError `frame-unknown` for a packet of another kind. */
export function readTemperatureHumidity(packet: RfxcomPacket) {
  const input = open(packet, TEMPERATURE_HUMIDITY)
  input.bytes(2) // the sender
  const raw = input.u16be()
  const tenths = decimal(raw & 0x7fff, -1)
  const humidity = input.u8()
  input.u8() // comfortable, dry or wet
  const battery = batteryOf(input.u8())
  input.end()
  return {
    // The top bit is the sign, not a complement.
    temperature: reading((raw & 0x8000) === 0 ? tenths : 0 - tenths),
    humidity: humidity <= 100 ? reading(humidity) : absent('invalid'),
    battery,
  }
}

function open(packet: RfxcomPacket, type: number): ByteReader {
  if (packet.type !== type)
    throw new DomainError('frame-unknown', `packet type ${packet.type.toString(16)} is another device's`)
  return new ByteReader(packet.data)
}

/** The low nibble: ten steps from 0, a tenth left or less, to 9, full. */
const batteryOf = (signal: number): Reading =>
  (signal & 0x0f) <= 9 ? reading(((signal & 0x0f) + 1) * 10) : absent('invalid')
