import {
  type Instant,
  integerBetween,
  millis,
  parseInstant,
  plus,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { FrameScanner, type Scanned } from '@anju/device-profiles/frame-scanner'
import type { Decoded, DeviceOptions } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import type { HeardWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import { describe, expect, test } from 'vitest'
import type { TalkingDevice } from './device.ts'
import { talkingDevices } from './devices.ts'
import { pendant, roomThermometer } from './esp3/senders.ts'
import { ld6002, ld6002b } from './hilink-radar/radars.ts'
import { ev1527Button, ev1527Contact } from './portisch/senders.ts'
import { motionDetector, smokeDetector } from './rfxcom/senders.ts'

// The simulated devices were written without our decoders; here the two meet.
const midnight = parseInstant('2026-03-09T00:00:00.000Z')
const dayMs = 86_400_000

/** As each is told apart: by five, six or four digits of RFXCOM, by eight of EnOcean. */
const SENDERS: Readonly<Record<string, string>> = {
  'ev1527/button': 'ABCDE',
  'ev1527/contact': '5C0FF',
  'rfxcom/lighting4-button': 'ABCDE',
  'rfxcom/temp-hum': '7002',
}
const senderOf = (profile: string): string =>
  SENDERS[profile] ?? (profile.startsWith('rfxcom/') ? 'D3DC54' : '0181B744')
const OPTIONS: Readonly<Record<string, DeviceOptions>> = {
  'enocean/temperature': { eep: 'A5-02-05' },
  'enocean/temp-hum': { eep: 'A5-04-01' },
}

function ear(device: TalkingDevice) {
  const profile = profileById(device.profile)
  const wire = wireOf(profile?.driver ?? '')
  if (!profile || wire?.is !== 'heard') throw new Error(`${device.profile} is not heard on a line`)
  const decode = profile.decode as (message: unknown, options: DeviceOptions) => Decoded
  return { profile, wire, decode: (message: unknown) => decode(message, OPTIONS[device.profile] ?? {}) }
}

/**
 * What comes out of bytes that arrive in pieces and of the silence behind them, in which the listener gives up what only began
 * like a frame: sender and meaning of each frame that says something.
 */
function heard(wire: HeardWire, scanner: FrameScanner<unknown>, bytes: Uint8Array, random = seededRandom(1)) {
  const found: Scanned<unknown>[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = integerBetween(random, 1, 40)
    found.push(...scanner.push(bytes.subarray(at, at + size)))
    at += size
  }
  found.push(...scanner.reset())
  return found.flatMap((scanned) => {
    if (scanned.is !== 'frame') return []
    const message = wire.messageOf(scanned.frame)
    return message === undefined ? [] : [{ sender: wire.senderOf?.(scanned.frame), message }]
  })
}
const valuesOf = (readings: Decoded['readings']) =>
  Object.fromEntries(
    Object.entries(readings).flatMap(([point, one]) => (one?.is === 'value' ? [[point, one.value]] : [])),
  )

/** The instants of a day at which a device speaks; of one that speaks every second, some of them. */
function instantsOf({ every }: TalkingDevice): readonly Instant[] {
  const step = Math.max(every, seconds(40))
  return Array.from({ length: Math.floor(dayMs / step) }, (_, i) => plus(midnight, millis(i * step)))
}

/** Meters that push have a test of their own. */
const senders = talkingDevices.filter(({ name }) => !/meter(?:-|$)/.test(name) || /thermometer/.test(name))

describe.for(senders.map(({ name, make }) => [name, make] as const))('%s', ([, make]) => {
  const device = make(senderOf(make('00000000').profile))
  const { profile, wire, decode } = ear(device)

  test('is heard for a day, and what it says is the truth to the last digit', () => {
    const scanner = new FrameScanner(wire.framing)
    const random = seededRandom(4)
    const seen: Record<string, Set<number>> = {}
    for (const at of instantsOf(device)) {
      let values: Record<string, number> = {}
      for (const { sender, message } of heard(wire, scanner, device.speak(at), random)) {
        expect(sender).toBe(device.address)
        values = { ...values, ...valuesOf(decode(message).readings) }
      }
      expect({ at, ...values }).toEqual({ at, ...device.truth(at) })
      for (const [point, value] of Object.entries(values)) (seen[point] ??= new Set()).add(value)
    }
    // A day without a change would prove little: everything it measures was seen, and all but a cell and a lid moved.
    expect(new Set(Object.keys(seen))).toEqual(new Set(Object.keys(profile.measures)))
    const unmoved = Object.keys(seen).filter((point) => (seen[point]?.size ?? 0) < 2)
    expect(unmoved.filter((point) => point !== 'tamper' && point !== 'battery')).toEqual([])
    expect(scanner.noiseBytes).toBeGreaterThan(10)
  })

  test('can be installed with its address, and with no other kind', () => {
    expect(wire.addressProblem(device.address)).toBeUndefined()
    expect(
      wire.addressProblem(device.address === undefined ? '7' : device.address.toLowerCase().replaceAll(/\d/g, 'g')),
    ).toBeDefined()
    expect(wire.addressProblem(wire.addressExample)).toBeUndefined()
    expect(wire.addressExample === undefined).toBe(wire.senderOf === undefined)
  })

  test('cut anywhere, no frame of it says anything it did not say whole', () => {
    const at = midnight
    const bytes = device.speak(at)
    const whole = heard(wire, new FrameScanner(wire.framing), bytes).map(({ message }) => message)
    for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 200))) {
      const part = heard(wire, new FrameScanner(wire.framing), bytes.subarray(0, length))
      expect(part.map(({ message }) => message)).toEqual(whole.slice(0, part.length))
    }
  })
})

test('there is a simulated device for every profile that listens', () => {
  expect(talkingDevices.length).toBeGreaterThan(20)
  const made = talkingDevices.map(({ make }) => make('00000000').profile)
  expect(new Set(made).size).toBe(made.length)
})

/** Who said what, out of one receiver's bytes. */
function behindOneReceiver(devices: readonly TalkingDevice[], at: Instant) {
  const [first] = devices
  if (!first) throw new Error('nobody is there')
  const { wire } = ear(first)
  const bytes = Uint8Array.from(devices.flatMap((device) => [...device.speak(at)]))
  const said = new Map<string | undefined, { values: Record<string, number>; events: string[] }>()
  for (const { sender, message } of heard(wire, new FrameScanner(wire.framing), bytes)) {
    const speaker = devices.find(({ address }) => address === sender)
    if (!speaker) throw new Error(`nobody here is ${sender}`)
    const { readings, events } = ear(speaker).decode(message)
    const before = said.get(sender) ?? { values: {}, events: [] }
    said.set(sender, { values: { ...before.values, ...valuesOf(readings) }, events: [...before.events, ...events] })
  }
  return said
}

test.for([
  ['433 MHz', [ev1527Contact('5C0FF'), ev1527Contact('5C100'), ev1527Button('ABCDE')]],
  ['RFXCOM', [motionDetector('D3DC54'), motionDetector('D3DC55'), smokeDetector('FFAA00')]],
  ['EnOcean', [roomThermometer('0181B744'), roomThermometer('0181B745')]],
] as const)('behind one %s receiver each is told apart, over a day', ([, devices]) => {
  for (const at of instantsOf(ev1527Contact('00000'))) {
    const said = behindOneReceiver(devices, at)
    for (const device of devices) expect(said.get(device.address)?.values).toEqual(device.truth(at))
  }
})

test('a press is some repeats of one event; what is let go, and the neighbour, are none', () => {
  const said = behindOneReceiver([ev1527Button('ABCDE'), ev1527Button('12345')], midnight)
  expect(said.get('ABCDE')?.events).toEqual(Array.from({ length: 20 }, () => 'sos-pressed'))
  expect(said.get('12345')?.events).toHaveLength(20)

  const pressed = behindOneReceiver([pendant('00298979')], midnight)
  expect(pressed.get('00298979')?.events).toEqual(['sos-pressed', 'sos-pressed']) // by itself and by a repeater
})

test('the same frame is a breath of one radar and the working mode of another', () => {
  const wire = ear(ld6002()).wire
  const sister = ear(ld6002b())
  const mode = heard(sister.wire, new FrameScanner(sister.wire.framing), ld6002b().speak(midnight)).find(
    ({ message }) => (message as { type: number }).type === 0x0a14,
  )
  expect(sister.decode(mode?.message)).toMatchObject({ readings: {}, heartbeat: true })
  expect(() => ear(ld6002()).decode(mode?.message)).toThrow(/too short/)
  // And reports as long as the family's are no frames on the line of a radar that never sends them.
  const long = new FrameScanner(wire.framing).push(ld6002b().speak(midnight))
  expect(long).toContainEqual(expect.objectContaining({ is: 'refused', reason: 'length' }))
})

test('a thermometer of another range reads the same byte as another temperature', () => {
  const device = roomThermometer('0181B744')
  const { wire, profile } = ear(device)
  const [first] = heard(wire, new FrameScanner(wire.framing), device.speak(midnight))
  const decode = profile.decode as (message: unknown, options: DeviceOptions) => Decoded
  expect(decode(first?.message, { eep: 'A5-02-05' }).readings.temperature).toEqual(
    reading(device.truth(midnight).temperature ?? Number.NaN),
  )
  expect(decode(first?.message, { eep: 'A5-02-15' }).readings.temperature).not.toEqual(
    decode(first?.message, { eep: 'A5-02-05' }).readings.temperature,
  )
})
