import { readFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dsmrP1Framing } from '../protocols/dsmr-p1/framing.ts'
import { esp3Framing } from '../protocols/esp3/framing.ts'
import { type Iec62056Frame, iec62056Framing } from '../protocols/iec62056-21/framing.ts'
import { mbusFraming } from '../protocols/mbus/framing.ts'
import { modbusRtuFraming } from '../protocols/modbus-rtu/framing.ts'
import { portischFraming } from '../protocols/rf433-portisch/framing.ts'
import { rfxcomFraming } from '../protocols/rfxcom/framing.ts'
import { smlFraming } from '../protocols/sml/framing.ts'
import { bytesOfHex } from './byte-reader.ts'
import { FrameScanner, type Framing, type Scanned, scanAll } from './frame-scanner.ts'
import { protocolByName } from './protocols.ts'

/** The promises of `frame-scanner.test.ts` for framings that have several start bytes, or none, or no check. */
interface Family {
  readonly name: string
  readonly framing: Framing<unknown>
  readonly starts: (byte: number) => boolean
  /** What the check vouches for in a frame, in parts that may come alone; nothing for a frame without a check. */
  readonly vouched: (frame: unknown) => readonly unknown[]
}
const family = <Frame>(
  name: string,
  framing: Framing<Frame>,
  starts: (byte: number) => boolean,
  vouched: (frame: Frame) => readonly unknown[],
): Family => ({ name, framing, starts, vouched: vouched as Family['vouched'] })

const families: readonly Family[] = [
  family<Iec62056Frame>(
    'iec62056-21',
    iec62056Framing,
    (byte) => [0x2f, 0x01, 0x02, 0x06].includes(byte & 0x7f),
    // The BCC begins behind STX: the identification is not covered. A bit that makes an STX in the middle leaves the lines
    // behind it as a message of their own, and an xor of 7 bits lets 1 in 128 of those pass: shorter, with nothing changed.
    (frame) => {
      if (frame.is === 'command') return [frame]
      return frame.is === 'readout' && frame.checked ? frame.data.trim().split('\r\n') : []
    },
  ),
  family(
    'dsmr-p1',
    dsmrP1Framing,
    (byte) => byte === 0x2f,
    (telegram) => (telegram.crc === undefined ? [] : [telegram]),
  ),
  family(
    'modbus-rtu',
    modbusRtuFraming,
    (byte) => byte > 0 && byte <= 248,
    (frame) => [frame],
  ),
  family(
    'mbus',
    mbusFraming,
    (byte) => byte === 0x68 || byte === 0x10,
    (frame) => [frame],
  ),
  family(
    'esp3',
    esp3Framing,
    (byte) => byte === 0x55,
    (packet) => [packet],
  ),
  family(
    'rf433-portisch',
    portischFraming,
    (byte) => byte === 0xaa,
    () => [],
  ),
  family(
    'rfxcom',
    rfxcomFraming,
    (byte) => byte >= 0x04 && byte <= 0x24,
    // Nothing checks a packet: a turned bit in its content cannot be seen.
    () => [],
  ),
  family(
    'sml',
    smlFraming,
    (byte) => byte === 0x1b,
    (file) => [file],
  ),
]

interface Stored {
  readonly id: string
  readonly input_hex?: string
  readonly input_text?: string
  readonly expected: { readonly ok?: boolean; readonly error?: string }
}
const cases = await Promise.all(
  families.map(async (one) => {
    const text = await readFile(new URL(`../protocols/${one.name}/vectors.json`, import.meta.url), 'utf8')
    const vectors = (JSON.parse(text) as Stored[])
      .filter(({ expected }) => expected.ok !== undefined)
      .map((vector) => ({
        ...vector,
        bytes: vector.input_hex ? bytesOfHex(vector.input_hex) : new TextEncoder().encode(vector.input_text ?? ''),
      }))
    return { ...one, vectors }
  }),
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
const joined = (...chunks: readonly Uint8Array[]): Uint8Array => Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))

describe.for(cases.map((one) => [one.name, one] as const))('%s', ([name, { framing, starts, vouched, vectors }]) => {
  const good = vectors.filter(({ bytes }) => framesIn(scanAll(framing, bytes)).length > 0)
  const quietNoise = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.filter((byte) => !starts(byte)))

  test('there are frames', () => {
    expect(good.length).toBeGreaterThan(0)
  })

  test.for(vectors)('$id: byte by byte and in chunks it is what it is whole', ({ bytes, expected }) => {
    const frames = framesIn(scanAll(framing, bytes))
    expect(frames.length > 0 || expected.ok !== true).toBe(true)
    expect(framesOfChunks(framing, cutAt(bytes, [...bytes.keys()]))).toEqual(frames)
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
        expect(framesOfChunks(framing, cutAt(bytes, places))).toEqual(frames)
      }),
      { numRuns: 20 },
    )
  })

  // Streams of several telegrams are long, and made of those tested here.
  const short = good.filter(({ bytes }) => bytes.byteLength < 1_200)
  test.for(short)('$id: with any one bit turned, nothing that a check vouches for comes out changed', ({ bytes }) => {
    const right = framesIn(scanAll(framing, bytes)).flatMap(vouched)
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const turned = bytes.slice()
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(right).toEqual(expect.arrayContaining(framesIn(scanAll(framing, turned)).flatMap(vouched)))
    }
  })

  test.for(short)('$id: cut at any length it is never another frame', ({ bytes }) => {
    const right = framesIn(scanAll(framing, bytes)).flatMap(vouched)
    for (let length = 0; length < bytes.byteLength; length++) {
      const left = framesIn(scanAll(framing, bytes.subarray(0, length))).flatMap(vouched)
      expect(right).toEqual(expect.arrayContaining(left))
    }
  })

  test('frames joined with noise between them all arrive, however the line cuts them', () => {
    const part = fc.record({
      noise: quietNoise,
      vector: fc.constantFrom(...good.filter(({ expected }) => expected.ok)),
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 20 }), (list, places) => {
        const bytes = joined(...list.flatMap(({ noise, vector }) => [noise, vector.bytes]))
        const wanted = list.flatMap(({ vector }) => framesIn(scanAll(framing, vector.bytes)))
        expect(framesOfChunks(framing, cutAt(bytes, places))).toEqual(wanted)
      }),
      { numRuns: 100 },
    )
  })

  // Without a check, noise that looks like a frame's head is its head: only the line's silence tells them apart.
  const checked = good.some(({ bytes }) => framesIn(scanAll(framing, bytes)).flatMap(vouched).length > 0)
  const noiseBefore = checked ? fc.uint8Array({ maxLength: 60 }) : quietNoise
  test('a frame behind any noise arrives, at the latest when the line falls quiet', () => {
    fc.assert(
      fc.property(noiseBefore, fc.constantFrom(...good), (noise, { bytes }) => {
        const frames = framesOfChunks(framing, [noise, bytes])
        expect(frames).toEqual(expect.arrayContaining(framesIn(scanAll(framing, bytes)).slice(-1)))
      }),
      { numRuns: 300, seed: 62_056 },
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

  const protocol = protocolByName(name)
  test('random bytes, and frames with bytes overwritten, are told or refused, and never thrown at', () => {
    expect(protocol).toBeDefined()
    const read = (bytes: Uint8Array) => protocol?.read({ bytes, topic: '' }) ?? []
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        expect(read(bytes).length).toBeGreaterThan(0)
      }),
      { numRuns: 5_000 },
    )
    const edit = fc.record({ at: fc.nat(), to: fc.nat({ max: 255 }) })
    fc.assert(
      fc.property(
        fc.constantFrom(...vectors),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (vector, edits, cut) => {
          const bytes = vector.bytes.slice(0, vector.bytes.byteLength - (cut % 4))
          for (const { at, to } of edits) bytes[at % Math.max(1, bytes.byteLength)] = to
          expect(read(bytes).length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('a stream of start bytes is worked off', () => {
    const start = Array.from({ length: 256 }, (_, byte) => byte).find(starts) ?? 0
    const scanner = new FrameScanner(framing)
    for (let i = 0; i < 64; i++) scanner.push(new Uint8Array(1_024).fill(start))
    expect(scanner.pendingBytes).toBeLessThan(framing.frameBytesMax)
    scanner.reset()
    expect(scanner.pendingBytes).toBe(0)
  })
})
