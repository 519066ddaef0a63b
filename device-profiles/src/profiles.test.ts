import { DomainError, plausible } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { cjt188Framing } from '../protocols/cjt188/framing.ts'
import { encodeAnswer } from '../protocols/dlt645/encode.ts'
import { dlt645Framing } from '../protocols/dlt645/framing.ts'
import { modbusRtuFraming } from '../protocols/modbus-rtu/framing.ts'
import { checkOf, MR60FDA2_DATA_BYTES_MAX, tinyFraming } from '../protocols/tinyframe/framing.ts'
import { crc16Modbus } from './crc.ts'
import { decodeWith } from './decode-with.ts'
import { scanAll } from './frame-scanner.ts'
import { lint } from './lint.ts'
import type { Decoded, DeviceOptions, DriverMessages, Example, Poll } from './profile.ts'
import { protocolByName } from './protocols.ts'
import { type AnyProfile, profileById, profiles } from './registry.ts'
import { wireOf } from './wires.ts'

type AnyExample = Example<AnyProfile['driver'], string>

/** The driver of a profile and the input of its own examples always agree; the compiler cannot follow that through a list. */
const decode = (profile: AnyProfile, { input, options = {} }: Pick<AnyExample, 'input' | 'options'>) =>
  decodeWith((message) => (profile.decode as AnyDecode)(message, options), input)
type AnyDecode = (message: unknown, options: DeviceOptions) => Decoded

test('there are profiles, and each has a name of its own', () => {
  expect(profiles.length).toBeGreaterThan(2)
  expect(new Set(profiles.map((profile) => profile.id)).size).toBe(profiles.length)
  for (const { id } of profiles) expect(profileById(id)?.id).toBe(id)
  expect(profileById('acme/none')).toBeUndefined()
})

describe.for(profiles.map((profile) => [profile.id, profile] as const))('%s', ([, profile]) => {
  const examples: readonly AnyExample[] = profile.examples

  test('is sound by the same rules as an installer’s file', () => {
    expect(lint(profile)).toEqual([])
  })

  test('asks, where its wire is one that asks, for points it measures', () => {
    const wire = wireOf(profile.driver)
    const polls: readonly Poll[] = profile.polls ?? []
    expect(wire?.is === 'polled').toBe(polls.length > 0)
    expect(new Set(polls.map(({ name }) => name)).size).toBe(polls.length)
    for (const { every, points } of polls) {
      expect(every).toBeGreaterThanOrEqual(1_000)
      expect(points.length).toBeGreaterThan(0)
      for (const point of points) expect(profile.measures).toHaveProperty(point)
    }
    const points = wire?.is === 'polled' ? Object.keys(profile.measures) : []
    expect(new Set(polls.flatMap((poll) => poll.points))).toEqual(new Set(points))
  })

  test('its questions are reads: the protocol itself knows none of them as a command', () => {
    const wire = wireOf(profile.driver)
    if (wire?.is !== 'polled') return
    for (const { ask } of (profile.polls ?? []) as readonly Poll[]) {
      const asked = { address: wire.addressExample ?? '', ask, aloneOnBus: false, speedChanges: true }
      const { request } = wire.begin(asked)
      const told = protocolByName(wire.protocol)?.read({ bytes: request, topic: '', device: undefined }) ?? []
      expect(told.map(({ is }) => is)).not.toContain('refused')
      expect(told.some((one) => one.is === 'told' && 'neverSentByGateway' in one.frame)).toBe(false)
    }
  })

  test.for(examples)('$when', (example) => {
    const attempt = decode(profile, example)
    // First why, for whoever writes a profile.
    const refused = attempt.ok ? 'not refused' : `refused: ${attempt.error.message}`
    expect(refused).toMatch('fails' in example ? /^refused/ : /^not refused/)
    expect(attempt).toMatchObject(
      'fails' in example
        ? { ok: false, error: { code: example.fails } }
        : { ok: true, value: { readings: example.reads, events: example.events ?? [] } },
    )
    // `toMatchObject` forgives more than was expected: a reading too many is a wrong reading.
    const reads = 'reads' in example ? example.reads : {}
    expect(attempt.ok ? attempt.value.readings : {}).toEqual(reads)
    for (const [point, reading] of Object.entries(reads)) {
      const measure = profile.measures[point]
      expect(measure && reading && plausible(measure.quantity, reading)).toEqual(reading)
    }
  })
})

/** Every good byte example as the device would put it on the wire, with the framing that must find it there. */
const onTheWire = profiles.flatMap((profile) =>
  (profile.examples as readonly AnyExample[])
    .filter((example) => 'reads' in example)
    .flatMap((example) => {
      const bytes = framed(profile, example.input)
      return bytes ? [{ profile, when: `${profile.id}: ${example.when}`, ...bytes }] : []
    }),
)

function framed(profile: AnyProfile, input: AnyExample['input']) {
  if (profile.driver === 'dlt645-2007' || profile.driver === 'dlt645-1997') {
    const { di, data } = input as DriverMessages['dlt645-2007']
    const dialect = profile.driver === 'dlt645-2007' ? '2007' : '1997'
    const wire = encodeAnswer({ dialect, say: 'data', address: '000000000161', di, data })
    return { wire, framing: dlt645Framing }
  }
  if (profile.driver === 'cjt188') {
    const { meterType, data } = input as DriverMessages['cjt188']
    const head = [0x68, meterType, 1, 0, 0, 5, 8, 0, 0, 0x81, data.length + 3, 0x1f, 0x90, 7]
    const sum = [...head, ...data].reduce((total, byte) => (total + byte) & 0xff, 0)
    return { wire: Uint8Array.of(...head, ...data, sum, 0x16), framing: cjt188Framing }
  }
  if (profile.driver === 'modbus-rtu') {
    const { words } = input as DriverMessages['modbus-rtu']
    const data = [...words].flatMap((word) => [word >> 8, word & 0xff])
    const wire = Uint8Array.of(1, profile.polls?.[0]?.ask.function ?? 0, data.length, ...data)
    const crc = crc16Modbus(wire)
    return { wire: Uint8Array.of(...wire, crc & 0xff, crc >> 8), framing: modbusRtuFraming }
  }
  if (profile.driver === 'tinyframe') {
    const { type, data } = input as DriverMessages['tinyframe']
    const head = Uint8Array.of(1, 0, 7, 0, data.byteLength, type >> 8, type & 0xff)
    const wire = Uint8Array.of(...head, checkOf(head), ...data, checkOf(data))
    return { wire, framing: tinyFraming(MR60FDA2_DATA_BYTES_MAX) }
  }
  return undefined
}

test('there are examples on the wire', () => {
  expect(onTheWire.length).toBeGreaterThan(20)
})

test.for(onTheWire)('$when, cut at every length, is no frame', ({ wire, framing }) => {
  expect(scanAll<unknown>(framing, wire).map(({ is }) => is)).toEqual(['frame'])
  for (let length = 0; length < wire.byteLength; length++) {
    const found = scanAll<unknown>(framing, wire.subarray(0, length))
    expect(found.filter(({ is }) => is === 'frame')).toEqual([])
  }
})

test.for(onTheWire)('$when, with any one bit turned, is no frame', ({ wire, framing }) => {
  for (let bit = 0; bit < wire.byteLength * 8; bit++) {
    const turned = wire.slice()
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(scanAll<unknown>(framing, turned).filter(({ is }) => is === 'frame')).toEqual([])
  }
})

test('a codec that breaks by our own fault is not taken for a bad frame', () => {
  expect(() =>
    decodeWith((): number => {
      throw new TypeError('ours')
    }, 0),
  ).toThrow('ours')
  expect(
    decodeWith((): number => {
      throw new DomainError('frame-malformed', 'theirs')
    }, 0),
  ).toMatchObject({ ok: false })
})
