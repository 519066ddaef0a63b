import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeWith } from './decode-with.ts'
import type { Decoded, DeviceOptions, MqttMessage, Profile } from './profile.ts'
import { profiles } from './registry.ts'

// What holds for every device that publishes, whatever its dialect.
const mqtt = profiles.filter((profile): profile is Profile<'mqtt'> => profile.driver === 'mqtt')
const named = mqtt.map((profile) => [profile.id, profile] as const)

const read = (profile: Profile<'mqtt'>, input: MqttMessage, options: DeviceOptions = {}): Decoded | undefined => {
  const attempt = decodeWith((message: MqttMessage) => profile.decode(message, options), input)
  return attempt.ok ? attempt.value : undefined
}

test('there are devices of many makers', () => {
  expect(new Set(mqtt.map(({ id }) => id.split('/')[0])).size).toBeGreaterThan(15)
})

test.for(named)('%s: a value that becomes null clears nothing', ([, profile]) => {
  const levels = Object.values(profile.events).flatMap((rule) => (rule.from === 'level' ? [rule.of] : []))
  const cleared = profile.examples.flatMap(({ when, input, options }) => {
    const raised = levels.filter((point) => isAt(1, read(profile, input, options), point))
    return withOneNull(input.payload).flatMap((payload) => {
      const after = read(profile, { ...input, payload }, options)
      return raised.filter((point) => isAt(0, after, point)).map((point) => `${when}: ${point}`)
    })
  })
  expect(cleared).toEqual([])
})
const isAt = (level: 0 | 1, decoded: Decoded | undefined, point: string): boolean => {
  const given = decoded?.readings[point]
  return given?.is === 'value' && given.value === level
}

/** The JSON payload once for each of its leaves, that leaf being null; none of what is no JSON. */
function withOneNull(payload: Uint8Array): Uint8Array[] {
  const parsed = parse(new TextDecoder().decode(payload))
  return leavesOf(parsed).map((path) => new TextEncoder().encode(JSON.stringify(withNull(parsed, path))))
}
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
const leavesOf = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]) => leavesOf(part, [...path, key]))
    : path.length > 0
      ? [path]
      : []
function withNull(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return null
  const copy = structuredClone(value) as Record<string, unknown>
  copy[key] = withNull(copy[key], rest)
  return copy
}

test.for(named)('%s: any bytes at all are read or refused', ([, profile]) => {
  const examples = fc.constantFrom(...profile.examples.map(({ input, options }) => ({ input, options })))
  const any = fc.tuple(examples, fc.nat(), fc.uint8Array({ maxLength: 60 }))
  const found = fc.check(
    fc.property(any, ([{ input, options }, cut, tail]) => {
      const head = input.payload.subarray(0, cut % (input.payload.byteLength + 1))
      const decoded = read(profile, { ...input, payload: Uint8Array.of(...head, ...tail) }, options)
      return decoded === undefined || Object.keys(decoded.readings).every((point) => point in profile.measures)
    }),
    { numRuns: 300, seed: 11 },
  )
  expect(found.counterexample).toBeNull()
})
