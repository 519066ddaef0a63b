import { type EventType, reading } from '@anju/contract'
import { hexOf } from '../../src/byte-reader.ts'
import type { PointReading } from '../../src/telling.ts'
import { hex, type Read, signalOf, withSignal } from './content.ts'

const STATUSES: Readonly<Record<number, string>> = {
  0x00: 'normal',
  0x01: 'normal_delayed',
  0x02: 'alarm',
  0x03: 'alarm_delayed',
  0x04: 'motion',
  0x05: 'no_motion',
  0x06: 'panic',
  0x07: 'end_panic',
  0x08: 'ir',
  0x09: 'arm_away',
  0x0a: 'arm_away_delayed',
  0x0b: 'arm_home',
  0x0c: 'arm_home_delayed',
  0x0d: 'disarm',
  0x10: 'light_1_off',
  0x11: 'light_1_on',
  0x12: 'light_2_off',
  0x13: 'light_2_on',
  0x14: 'dark_detected',
  0x15: 'light_detected',
  0x16: 'battery_low',
  0x17: 'pairing',
}
const PANIC = 0x06
const BATTERY_LOW = 0x16
/** Smoke detectors (KD101, SA30, RM174RF) have no word of their own for smoke: they say panic. */
const SMOKE_SUBTYPES = new Set([0x03, 0x09, 0x0a])
/** Which of the three bytes a device of this kind is known by, where they are fewer. */
const ID_BYTES: Readonly<Record<number, readonly number[]>> = {
  0x00: [0, 2],
  0x01: [0, 2],
  0x02: [0, 2],
  0x03: [0, 1],
  0x09: [0, 1],
}

export const security1: Read = (input, { subtype }) => {
  const id = input.bytes(3)
  const byte = input.u8()
  const status = byte & 0x7f
  const signal = signalOf(input.u8())
  const smokeDetector = SMOKE_SUBTYPES.has(subtype)
  const readings: PointReading[] = [{ point: 'tamper', quantity: 'tamper', reading: reading((byte & 0x80) !== 0) }]
  const moving = { 0x04: 1, 0x05: 0 }[status]
  if (moving !== undefined) readings.push({ point: 'motion', quantity: 'motion', reading: reading(moving) })
  const burning = smokeDetector ? { 0x00: 0, 0x06: 1, 0x07: 0 }[status] : undefined
  if (burning !== undefined) readings.push({ point: 'smoke', quantity: 'smoke', reading: reading(burning) })
  const events: EventType[] = []
  if (status === PANIC) events.push(smokeDetector ? 'smoke' : 'sos-pressed')
  if (status === BATTERY_LOW) events.push('battery-low')
  return {
    kind: 'security1',
    words: {
      id: hexOf(id),
      idPrinted: hexOf(Uint8Array.from(ID_BYTES[subtype] ?? [0, 1, 2], (at) => id[at] ?? 0)),
      status: STATUSES[status] ?? `status ${hex(status)}`,
      ...signal,
    },
    readings,
    events,
  }
}

/** KeeLoq: 28 bits of id and 4 of the button pressed, behind what is enciphered. */
export const security2: Read = (input, packet) => {
  input.bytes(4)
  const serial = input.u32le()
  const id = (serial & 0x0fff_ffff).toString(16).padStart(8, '0').toUpperCase()
  return { kind: 'security2', words: { id, button: serial >>> 28, ...withSignal(packet) } }
}
