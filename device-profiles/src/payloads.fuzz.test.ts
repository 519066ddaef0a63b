import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Random, seededRandom } from '@anju/contract'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bytesOfHex } from './byte-reader.ts'
import { objectOf, payloadBytesMax } from './json-payload.ts'
import { protocolByName } from './protocols.ts'
import type { ProtocolInput } from './telling.ts'

const root = new URL('../protocols/', import.meta.url)
/** Protocols whose message is one payload: no framing, so whatever the network lets through reaches the codec. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter((one) => one.isDirectory() && !existsSync(new URL(`${one.name}/framing.ts`, root)))
  .map(({ name }) => name)

interface Stored {
  readonly id: string
  readonly protocol: string
  readonly topic?: string
  readonly f_port?: number
  readonly key_hex?: string
  readonly mac?: string
  readonly input_hex?: string
  readonly input_text?: string
  readonly input_json?: unknown
}
const utf8 = new TextEncoder()
const inputOf = (entry: Stored): ProtocolInput => ({
  topic: entry.topic ?? '',
  fPort: entry.f_port,
  key: entry.key_hex === undefined ? undefined : bytesOfHex(entry.key_hex),
  mac: entry.mac === undefined ? undefined : bytesOfHex(entry.mac),
  bytes:
    entry.input_hex === undefined
      ? utf8.encode(entry.input_text ?? JSON.stringify(entry.input_json))
      : bytesOfHex(entry.input_hex),
})
const stored: (Stored & { folder: string })[] = []
for (const folder of folders) {
  const path = new URL(`${folder}/vectors.json`, root)
  stored.push(...(JSON.parse(await readFile(path, 'utf8')) as Stored[]).map((entry) => ({ ...entry, folder })))
}
const cases = [...Map.groupBy(stored, ({ protocol }) => protocol)]

test('every payload protocol has payloads to try', () => {
  expect(folders.length).toBeGreaterThan(13)
  expect(new Set(stored.map(({ folder }) => folder)).size).toBe(folders.length)
})

/** No throw, and nothing that grows beyond what came in: a telling is at most some tens of the payload. */
function isBounded(name: string, input: ProtocolInput): boolean {
  const tellings = protocolByName(name)?.read(input) ?? []
  return tellings.length === 1 && JSON.stringify(tellings).length < 4_096 + input.bytes.byteLength * 40
}

const counterexample = (name: string, inputs: fc.Arbitrary<ProtocolInput>, numRuns: number) =>
  fc.check(
    fc.property(inputs, (input) => isBounded(name, input)),
    { numRuns, seed: 9 },
  ).counterexample

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.double(),
  fc.constantFrom('constructor', '__proto__', -1, 2 ** 53, 8.64e15, 1e308, '', 'ON', null, {}, []),
)

describe.for(cases)('%s', ([name, entries]) => {
  const anyOf = fc.constantFrom(...entries.map(inputOf))

  test('any bytes at all are read or refused', () => {
    const any = fc.tuple(anyOf, fc.uint8Array({ maxLength: 300 })).map(([like, bytes]) => ({ ...like, bytes }))
    expect(counterexample(name, any, 3_000)).toBeNull()
  })

  test('any bytes behind the beginning of a real one are read or refused', () => {
    const any = fc.tuple(anyOf, fc.nat(), fc.uint8Array({ maxLength: 40 })).map(([like, cut, tail]) => {
      const head = like.bytes.subarray(0, cut % (like.bytes.byteLength + 1))
      return { ...like, bytes: Uint8Array.of(...head, ...tail) }
    })
    expect(counterexample(name, any, 2_000)).toBeNull()
  })
})

const odd = ['null', 'true', '-1', '1e308', '9007199254740993', '""', '"constructor"', '{}', '[]', '[[1]]', '"\\u0000"']

/** Noise, a real payload with bytes turned, a cut one, or one with another value behind one of its keys. */
function anyLike({ bytes }: ProtocolInput, random: Random): Uint8Array {
  const below = (count: number) => Math.floor(random.uniform() * count)
  switch (below(4)) {
    case 0:
      return Uint8Array.from({ length: below(64) }, () => below(256))
    case 1:
      return bytes.subarray(0, below(bytes.byteLength + 1))
    case 2: {
      const turned = bytes.slice()
      for (let count = below(4); count >= 0; count--) turned[below(turned.byteLength)] = below(256)
      return turned
    }
    default: {
      const text = new TextDecoder().decode(bytes)
      const at = text.indexOf(':', below(text.length)) + 1
      return utf8.encode(text.slice(0, at) + (odd[below(odd.length)] ?? '') + text.slice(at).replace(/^[^,}]*/, ''))
    }
  }
}

test.for(cases)('%s: a hundred thousand of any kind are read or refused', { timeout: 60_000 }, ([name, entries]) => {
  const inputs = entries.map(inputOf)
  const random = seededRandom(9)
  // A refusal is an error by construction; its stack is what would cost most here.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
  const wrong: unknown[] = []
  for (let count = 0; count < 100_000 && wrong.length === 0; count++) {
    const like = inputs[count % inputs.length]
    if (!like) continue
    const input = { ...like, bytes: anyLike(like, random) }
    if (!isBounded(name, input)) wrong.push(new TextDecoder().decode(input.bytes))
  }
  expect(wrong).toEqual([])
})

const inJson = cases
  .map(([name, entries]) => [name, entries.filter(({ input_json }) => input_json !== undefined)] as const)
  .filter(([, entries]) => entries.length > 0)

test.for(inJson)('%s: real keys with any values are read or refused', ([name, entries]) => {
  const any = fc.tuple(fc.constantFrom(...entries), fc.nat(), anyValue).map(([entry, which, value]) => ({
    ...inputOf(entry),
    bytes: utf8.encode(JSON.stringify(withOneChanged(entry.input_json, which, value))),
  }))
  expect(counterexample(name, any, 3_000)).toBeNull()
})

/** The value with the `which`-th of its parts, counted through all levels, replaced. */
function withOneChanged(value: unknown, which: number, by: unknown): unknown {
  const paths: (readonly string[])[] = []
  const walk = (one: unknown, path: readonly string[]) => {
    if (path.length > 0) paths.push(path)
    if (typeof one === 'object' && one !== null)
      for (const [key, part] of Object.entries(one)) walk(part, [...path, key])
  }
  walk(value, [])
  const [path = []] = paths.slice(which % Math.max(1, paths.length))
  const copy = structuredClone(value) as Record<string, unknown>
  let at = copy
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
  const last = path.at(-1)
  if (last !== undefined) at[last] = by
  return copy
}

test('JSON is refused when it is too large, too deep, no UTF-8 or no object', () => {
  expect(() => objectOf(new Uint8Array(payloadBytesMax + 1))).toThrow('at most')
  expect(() => objectOf(utf8.encode('['.repeat(60_000)))).toThrow('nested deeper')
  expect(() => objectOf(utf8.encode(`{"a":${'['.repeat(17)}${']'.repeat(17)}}`))).toThrow('nested deeper')
  expect(() => objectOf(Uint8Array.of(0x7b, 0xff, 0x7d))).toThrow('not UTF-8')
  expect(() => objectOf(utf8.encode('[]'))).toThrow('not a JSON object')
  expect(() => objectOf(utf8.encode('{"a":'))).toThrow('not JSON')
  expect(objectOf(utf8.encode('{"a":"\\"[[[[[[[[[[[[[[[[[[[[["}'))).toEqual({ a: '"[[[[[[[[[[[[[[[[[[[[[' })
})
