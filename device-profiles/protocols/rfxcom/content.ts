import { absent, type EventType, type Reading, reading } from '@anju/contract'
import { type ByteReader, decimal, hexOf } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'
import type { RfxcomPacket } from './framing.ts'

/** What a packet says beside its head. */
export interface Content {
  readonly kind: string
  readonly words?: Readonly<Record<string, unknown>>
  readonly readings?: readonly PointReading[]
  readonly events?: readonly EventType[]
}
export type Read = (input: ByteReader, packet: RfxcomPacket) => Content

/** The last byte of a packet: rssi high, battery low; 9 is full and 0 is low. */
export const signalOf = (byte: number) => ({ rssi: byte >> 4, battery: byte & 0x0f, batteryLow: (byte & 0x0f) === 0 })
export const withSignal = ({ data }: RfxcomPacket) => signalOf(data.at(-1) ?? 0)
/** Of what has no cell to tell of. */
export const withRssi = ({ data }: RfxcomPacket) => ({ rssi: (data.at(-1) ?? 0) >> 4 })

export const idOf = (input: ByteReader): string => hexOf(input.bytes(2))

/** The top bit is the sign, not a complement. */
export function signed(raw: number, exponent = -1): number {
  const value = decimal(raw & 0x7fff, exponent)
  return (raw & 0x8000) === 0 || value === 0 ? value : -value
}

export const temperature = (value: number, point = 'temperature'): PointReading => ({
  point,
  quantity: 'temperature',
  reading: reading(value),
})

export function humidity(raw: number): PointReading {
  const value: Reading = raw <= 100 ? reading(raw) : absent('invalid')
  return { point: 'humidity', quantity: 'relative-humidity', reading: value }
}

export const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
