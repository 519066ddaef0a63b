import { type Instant, millis, minutes, parseInstant, plus, type Reading, reading } from '@anju/contract'
import { FrameScanner } from '@anju/device-profiles/frame-scanner'
import type { Decoded } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import type { HeardWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import { describe, expect, test } from 'vitest'
import { iecPushMeter } from './iec62056-meter/meter.ts'
import { p1MeterWithGas, stamp } from './p1-meter/meter.ts'
import { smlMeter } from './sml-meter/meter.ts'

const midnight = parseInstant('2026-03-09T00:00:00.000Z')
const meters = [iecPushMeter(), p1MeterWithGas(), smlMeter()]

function partsOf(profileId: string) {
  const profile = profileById(profileId)
  const wire = wireOf(profile?.driver ?? '')
  if (!profile || wire?.is !== 'heard') throw new Error('no profile that is heard')
  const decode = profile.decode as (message: unknown, options: object) => Decoded
  return { profile, wire, decode }
}
const counters = (truth: Readonly<Record<string, number>>) =>
  Object.entries(truth).filter(([point]) => /energy|volume/.test(point))
const messagesOf = (wire: HeardWire, ...chunks: Uint8Array[]): unknown[] => {
  const scanner = new FrameScanner(wire.framing)
  return chunks
    .flatMap((chunk) => scanner.push(chunk))
    .flatMap((scanned) => (scanned.is === 'frame' ? [wire.messageOf(scanned.frame)] : []))
}

describe.for(meters.map((meter) => [meter.profile, meter] as const))('%s', ([id, meter]) => {
  const { wire, decode, profile } = partsOf(id)

  test('is heard through a whole day, every point right to its last digit', () => {
    for (let at = midnight; at < plus(midnight, minutes(24 * 60)); at = plus(at, minutes(3))) {
      const [message, ...more] = messagesOf(wire, meter.speak(at))
      expect(more).toEqual([])
      const expected = Object.entries(meter.truth(at)).map(([point, value]): [string, Reading] => [
        point,
        reading(value),
      ])
      expect(decode(message, {}).readings).toEqual(Object.fromEntries(expected))
    }
    expect(Object.keys(profile.measures)).toEqual(expect.arrayContaining(Object.keys(meter.truth(midnight))))
  })

  test('is heard byte by byte, from the middle of a message on, and past one that was spoilt', () => {
    const [first, second, third] = [0, 1, 2].map((n) => meter.speak(plus(midnight, millis(n * meter.every))))
    if (!first || !second || !third) throw new Error('nothing said')
    const spoilt = second.with(second.length >> 1, (second[second.length >> 1] ?? 0) ^ 0x81)
    const stream = [...first.subarray(first.length >> 1), ...second, ...spoilt, ...third]
    const messages = messagesOf(wire, ...stream.map((byte) => Uint8Array.of(byte)))
    const [whole, last] = [messagesOf(wire, second), messagesOf(wire, third)]
    expect(messages).toEqual([...whole, ...last])
  })

  test('never counts backwards', () => {
    let before = meter.truth(midnight)
    for (let at = midnight; at < plus(midnight, minutes(3 * 24 * 60)); at = plus(at, minutes(11))) {
      const now = meter.truth(at)
      for (const [point, value] of counters(now)) expect(value).toBeGreaterThanOrEqual(before[point] ?? 0)
      before = now
    }
    expect(before).not.toEqual(meter.truth(midnight))
  })
})

describe('the gas meter behind a smart meter', () => {
  const meter = p1MeterWithGas()
  const { wire, decode } = partsOf(meter.profile)
  const gasAt = (at: Instant) => decode(messagesOf(wire, meter.speak(at))[0], {}).readings['gas-volume']

  test('says the same for an hour, and then what the hour has used', () => {
    const noon = plus(midnight, minutes(12 * 60))
    expect(gasAt(plus(noon, minutes(59)))).toEqual(gasAt(noon))
    expect(gasAt(plus(noon, minutes(61)))).not.toEqual(gasAt(noon))
  })

  test('is read through the night in which an hour comes twice', () => {
    for (let at = parseInstant('2026-10-24T22:00:00.000Z'), i = 0; i < 30; i++, at = plus(at, minutes(15)))
      expect(gasAt(at)).toEqual(reading(meter.truth(at)['gas-volume'] ?? 0))
  })

  test('has times of summer and winter', () => {
    const times = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'].map((text) =>
      stamp(parseInstant(text), 'Europe/Amsterdam'),
    )
    expect(times).toEqual(['261025023000S', '261025023000W'])
  })
})
