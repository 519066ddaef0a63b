import { hours, type Instant, type Millis, minutes, seconds } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { below, between, junk, roomAt } from '../room.ts'

/**
 * RFXtrx packets (38400 8N1): `length | type | subtype | sequence | data`, the length counting what is behind it. There is no
 * checksum and no start byte, so only bytes that are nobody's length may lie between: 00 and FF are.
 */
const packet = (at: Instant, type: number, subtype: number, data: readonly number[]): number[] => {
  const rest = [type, subtype, below(at, 3, 256), ...data]
  return [...junk(at, [0x00, 0xff], 2), rest.length, ...rest]
}
const bytesOf = (id: string): number[] => (id.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))

/** Signal high, battery low: 9 is full, and each step below is a tenth less. */
const fullSignal = 0x79
const batteryStep = (at: Instant): number => 9 - (Math.floor(at / hours(3)) % 10)

const security = (at: Instant, subtype: number, id: string, status: number, signal = fullSignal): number[] =>
  packet(at, 0x20, subtype, [...bytesOf(id), status, signal])

interface Sender {
  readonly profile: string
  readonly address: string
  readonly every: Millis
  readonly truth: (at: Instant) => Readonly<Record<string, number>>
  readonly packets: (at: Instant) => readonly (readonly number[])[]
}
const sender = ({ packets, ...device }: Sender): TalkingDevice => ({
  ...device,
  speak: (at) => Uint8Array.from(packets(at).flat()),
})

/** Pressed every few hours: panic four times over within half a second, and its end. */
export const panicPendant = (id: string): TalkingDevice =>
  sender({
    profile: 'rfxcom/panic-pendant',
    address: id,
    every: hours(5),
    truth: () => ({ tamper: 0, battery: 100 }),
    packets: (at) => [0x06, 0x06, 0x06, 0x06, 0x07].map((status) => security(at, 0x02, id, status)),
  })

export const motionDetector = (id: string): TalkingDevice =>
  sender({
    profile: 'rfxcom/motion',
    address: id,
    every: minutes(5),
    truth: (at) => ({
      motion: Number(roomAt(at).moving),
      tamper: Number(roomAt(at).fallen),
      battery: (batteryStep(at) + 1) * 10,
    }),
    packets(at) {
      const { moving, fallen } = roomAt(at)
      const status = (moving ? 0x04 : 0x05) | (fallen ? 0x80 : 0)
      return [security(at, 0x01, id, status, 0x70 | batteryStep(at))]
    },
  })

/** It sounds for a quarter of an hour a day, and says so again and again by its word panic. */
export const smokeDetector = (id: string): TalkingDevice =>
  sender({
    profile: 'rfxcom/smoke',
    address: id,
    every: minutes(5),
    truth: (at) => ({ smoke: Number(roomAt(at).fallen), tamper: 0, battery: 100 }),
    packets: (at) => [security(at, 0x0a, id, roomAt(at).fallen ? 0x06 : 0x00)],
  })

/** EV1527: 20 bits of its own and the key, the pulse length and the signal. Repeats of a press come through as they are. */
export const lighting4Button = (id: string, key = 0x1): TalkingDevice =>
  sender({
    profile: 'rfxcom/lighting4-button',
    address: id,
    every: hours(5),
    truth: () => ({}),
    packets: (at) =>
      Array.from({ length: 5 }, (_, repeat) =>
        packet(at, 0x13, 0x00, [...bytesOf(`${id}${key.toString(16)}`), 0x01, 0x50 + below(at, 30 + repeat, 16), 0x50]),
      ),
  })

/** A winter's day outside: below and above zero. */
const tenthsAt = (at: Instant): number => between(at, hours(24), -48, 93, 1)
const humidityAt = (at: Instant): number => between(at, hours(7), 38, 96, 1)

/** Tenths of degrees with the sign in the top bit, whole per cent. */
export const thermometer = (id: string): TalkingDevice =>
  sender({
    profile: 'rfxcom/temp-hum',
    address: id,
    every: seconds(60),
    truth: (at) => ({
      temperature: tenthsAt(at) / 10,
      humidity: humidityAt(at),
      battery: (batteryStep(at) + 1) * 10,
    }),
    packets(at) {
      const [sign, size] = [tenthsAt(at) < 0 ? 0x80 : 0, Math.abs(tenthsAt(at))]
      const data = [...bytesOf(id), sign | (size >> 8), size & 0xff, humidityAt(at), 0x01, 0x70 | batteryStep(at)]
      return [packet(at, 0x52, 0x02, data)]
    },
  })
