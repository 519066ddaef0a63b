import { classOf, DomainError, definitionOf, type EventType, isEventType, isQuantity, plausible } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { encodeAnswer } from '../protocols/dlt645/encode.ts'
import { dlt645Framing } from '../protocols/dlt645/framing.ts'
import { checkOf, MR60FDA2_DATA_BYTES_MAX, tinyFraming } from '../protocols/tinyframe/framing.ts'
import { decodeWith } from './decode-with.ts'
import { scanAll } from './frame-scanner.ts'
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

  test('is well-formed', () => {
    expect(profile.id).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/)
    expect(profile.name).not.toBe('')
    expect(profile.models.length).toBeGreaterThan(0)
    expect(profile.supervision.lostAfter).toBeGreaterThanOrEqual(profile.supervision.reportEvery * 3)
    // A bare button measures nothing.
    expect(Object.keys({ ...profile.measures, ...profile.events }).length).toBeGreaterThan(0)
    for (const [point, { quantity, name }] of Object.entries(profile.measures)) {
      expect(point).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/)
      expect(isQuantity(quantity)).toBe(true)
      expect(name).not.toBe('')
    }
    expect(profile.serial === undefined || profile.serial.baud > 0).toBe(true)
    expect(profile.serial === undefined).toBe(profile.driver === 'mqtt')
  })

  test('declares events that exist, of their own class, and levels of switches it measures', () => {
    for (const [type, rule] of Object.entries(profile.events)) {
      expect(isEventType(type)).toBe(true)
      expect(rule.class).toBe(classOf(type as EventType))
      if (rule.from === 'edge') continue
      const measure = profile.measures[rule.of]
      const kind = measure && definitionOf(measure.quantity).kind
      expect(kind === 'switch').toBe(rule.from === 'level')
      expect(rule.from !== 'below' || rule.clearAt > rule.raiseAt).toBe(true)
    }
  })

  test('is lost within a day when lives hang on it', () => {
    const life = Object.values(profile.events).some((rule) => rule.class === 'life')
    expect(profile.supervision.lostAfter).toBeLessThanOrEqual((life ? 24 : 72) * 3_600_000)
  })

  test('has examples of every measure and event, and at least one that is refused', () => {
    const read = examples.flatMap((example) => ('reads' in example ? Object.keys(example.reads) : []))
    expect(new Set(read)).toEqual(new Set(Object.keys(profile.measures)))
    const edges = Object.entries(profile.events).filter(([, rule]) => rule.from === 'edge')
    const told = examples.flatMap((example) => ('reads' in example ? (example.events ?? []) : []))
    expect(new Set(told)).toEqual(new Set(edges.map(([type]) => type)))
    expect(examples.some((example) => 'fails' in example)).toBe(true)
    expect(new Set(examples.map((example) => example.when)).size).toBe(examples.length)
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

  test('tells an installer how to fit it and how to prove it', () => {
    expect(profile.walkTest.do).toMatch(/^[A-Z].*\.$/)
    expect([...Object.keys(profile.events), ...Object.keys(profile.measures)]).toContain(profile.walkTest.proves)
    expect(profile.wiring.length).toBeGreaterThan(0)
    for (const sentence of profile.wiring) expect(sentence).toMatch(/^[A-Z0-9].*\.$/)
    expect(profile.topic === undefined).toBe(profile.driver !== 'mqtt')
  })

  test.for(examples)('$when', (example) => {
    const attempt = decode(profile, example)
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
  if (profile.driver === 'dlt645-2007') {
    const { di, data } = input as DriverMessages['dlt645-2007']
    const wire = encodeAnswer({ dialect: '2007', say: 'data', address: '000000000161', di, data })
    return { wire, framing: dlt645Framing }
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
