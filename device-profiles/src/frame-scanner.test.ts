import { readFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cjt188Framing } from '../protocols/cjt188/framing.ts'
import { dlt645Framing } from '../protocols/dlt645/framing.ts'
import { radar5359Framing } from '../protocols/radar-5359/framing.ts'
import { FAMILY_DATA_BYTES_MAX, tinyFraming } from '../protocols/tinyframe/framing.ts'
import { bytesOfHex } from './byte-reader.ts'
import { FrameScanner, type Framing, type Scanned, scanAll } from './frame-scanner.ts'

interface Stored {
  readonly id: string
  readonly input_hex: string
  readonly expected: { readonly ok: boolean }
}
const stored = async (name: string): Promise<Stored[]> =>
  JSON.parse(await readFile(new URL(`../protocols/${name}/vectors.json`, import.meta.url), 'utf8')) as Stored[]

const families: readonly { name: string; framing: Framing<unknown>; start: number }[] = [
  { name: 'dlt645', framing: dlt645Framing, start: 0x68 },
  { name: 'cjt188', framing: cjt188Framing, start: 0x68 },
  { name: 'radar-5359', framing: radar5359Framing, start: 0x53 },
  { name: 'tinyframe', framing: tinyFraming(FAMILY_DATA_BYTES_MAX), start: 0x01 },
]
const cases = await Promise.all(
  families.map(async (family) => ({
    ...family,
    vectors: (await stored(family.name)).map((vector) => ({ ...vector, bytes: bytesOfHex(vector.input_hex) })),
  })),
)

const framesIn = (found: readonly Scanned<unknown>[]): unknown[] =>
  found.flatMap((item) => (item.is === 'frame' ? [item.frame] : []))

function framesOfChunks(framing: Framing<unknown>, chunks: readonly Uint8Array[]): unknown[] {
  const scanner = new FrameScanner(framing)
  const found = chunks.flatMap((chunk) => scanner.push(chunk))
  return framesIn([...found, ...scanner.reset()])
}

function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.byteLength + 1)))].toSorted((a, b) => a - b)
  const edges = [0, ...sorted, bytes.byteLength]
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i], edge))
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

describe.for(cases.map((one) => [one.name, one] as const))('%s', ([, { framing, start, vectors }]) => {
  const good = vectors.filter(({ expected }) => expected.ok)
  /** Noise that cannot begin a frame; noise that can is met in the tests of random bytes. */
  const quietNoise = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.filter((byte) => byte !== start))

  test('there are frames', () => {
    expect(good.length).toBeGreaterThan(2)
  })

  test.for(vectors)('$id: byte by byte and in chunks it is what it is whole', ({ bytes, expected }) => {
    const whole = framesIn(scanAll(framing, bytes))
    expect(whole.length > 0).toBe(expected.ok)
    expect(framesOfChunks(framing, cutAt(bytes, [...bytes.keys()]))).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
        expect(framesOfChunks(framing, cutAt(bytes, places))).toEqual(whole)
      }),
      { numRuns: 30 },
    )
  })

  test.for(good)('$id: with any one bit turned it is not that frame', ({ bytes }) => {
    const whole = framesIn(scanAll(framing, bytes))
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const turned = bytes.slice()
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const left = framesIn(scanAll(framing, turned))
      // In a preamble a bit means nothing, and a buffer of several frames loses only the one; no frame ever comes out changed.
      expect(whole).toEqual(expect.arrayContaining(left))
    }
  })

  test('frames joined with noise between them all arrive, however the line cuts them', () => {
    const part = fc.record({ noise: quietNoise, vector: fc.constantFrom(...good) })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 20 }), (parts, places) => {
        const bytes = joined(...parts.flatMap(({ noise, vector }) => [noise, vector.bytes]))
        const wanted = parts.flatMap(({ vector }) => framesIn(scanAll(framing, vector.bytes)))
        expect(framesOfChunks(framing, cutAt(bytes, places))).toEqual(wanted)
      }),
      { numRuns: 200 },
    )
  })

  test('a frame behind any noise arrives, at the latest when the line falls quiet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...good), (noise, { bytes }) => {
        const frames = framesOfChunks(framing, [noise, bytes])
        // Noise may by chance be a frame of its own, or claim the beginning of the real one with right checks: 1 in 2^16.
        expect(frames).toEqual(expect.arrayContaining(framesIn(scanAll(framing, bytes))))
      }),
      { numRuns: 500, seed: 645 },
    )
  })

  test('random bytes never throw and never pile up', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (chunks) => {
        const scanner = new FrameScanner(framing)
        for (const chunk of chunks) {
          scanner.push(chunk)
          expect(scanner.pendingBytes).toBeLessThan(framing.frameBytesMax)
        }
        scanner.reset()
        expect(scanner.pendingBytes).toBe(0)
      }),
      { numRuns: 200 },
    )
  })

  test('a megabyte of start bytes is worked off', () => {
    const scanner = new FrameScanner(framing)
    for (let i = 0; i < 256; i++) scanner.push(new Uint8Array(4_096).fill(start))
    expect(scanner.pendingBytes).toBeLessThan(framing.frameBytesMax)
    expect(scanner.noiseBytes).toBeGreaterThan(1_000_000)
  })
})

test('the caller may reuse its buffer', () => {
  const bytes = bytesOfHex('01 00 00 00 01 0E 02 F3 01 FE')
  const scanner = new FrameScanner(tinyFraming(28))
  const buffer = bytes.slice(0, 5)
  scanner.push(buffer)
  buffer.fill(0)
  expect(framesIn(scanner.push(bytes.subarray(5)))).toEqual([{ id: 0, type: 0x0e02, data: Uint8Array.of(1) }])
})

test('a framing that never has enough is our own fault, and is told', () => {
  const endless: Framing<never> = { look: () => ({ is: 'incomplete' }), frameBytesMax: 4 }
  expect(() => new FrameScanner(endless).push(new Uint8Array(4))).toThrow(/asked for more than its 4 bytes/)
})
