import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { bytesOfHex } from './byte-reader.ts'
import { protocolByName } from './protocols.ts'

const buffers = 100_000
const bytesMax = 64

/** Meter protocols with the bytes their frames begin with: half of the buffers begin like one. */
const meters = [
  { name: 'dlt645-2007', folder: 'dlt645', starts: [0x68] },
  { name: 'dlt645-1997', folder: 'dlt645', starts: [0x68] },
  { name: 'cjt188', folder: 'cjt188', starts: [0x68] },
  { name: 'modbus-rtu', folder: 'modbus-rtu', starts: [0x01, 0x11, 0xf8] },
  { name: 'iec62056-21', folder: 'iec62056-21', starts: [0x2f, 0x01, 0x02, 0x06] },
  { name: 'dsmr-p1', folder: 'dsmr-p1', starts: [0x2f] },
  { name: 'mbus', folder: 'mbus', starts: [0x68, 0x10, 0xe5] },
  { name: 'sml', folder: 'sml', starts: [0x1b] },
] as const

interface Stored {
  readonly input_hex?: string
  readonly input_text?: string
}

/** Xorshift: the same hundred thousand buffers at every run, made faster than a property library shrinks one. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

describe.for(meters)('$name', ({ name, folder, starts }) => {
  const read = (bytes: Uint8Array) => protocolByName(name)?.read({ bytes, topic: '' }) ?? []

  test('a hundred thousand random buffers are told or refused, and never thrown at', () => {
    const random = generator(645_188)
    let unanswered = 0
    for (let i = 0; i < buffers; i++) {
      const bytes = Uint8Array.from({ length: random(bytesMax + 1) }, () => random(256))
      if (i % 2 === 0 && bytes.byteLength > 0) bytes[0] = starts[random(starts.length)] ?? 0
      if (read(bytes).length === 0) unanswered++
    }
    expect(unanswered).toBe(0)
  })

  test('frames cut, joined and overwritten at random are told or refused, and never thrown at', async () => {
    const text = await readFile(new URL(`../protocols/${folder}/vectors.json`, import.meta.url), 'utf8')
    const frames = (JSON.parse(text) as Stored[])
      .map(({ input_hex: hex, input_text: plain = '' }) => (hex ? bytesOfHex(hex) : new TextEncoder().encode(plain)))
      .filter(({ byteLength }) => byteLength > 0 && byteLength < 400)
    const random = generator(62_056)
    const some = () => frames[random(frames.length)] ?? new Uint8Array(1)
    let unanswered = 0
    for (let i = 0; i < buffers / 10; i++) {
      const [first, second] = [some(), some()]
      const bytes = Uint8Array.of(...first.subarray(0, random(first.byteLength + 1)), ...second)
      for (let edits = random(4); edits > 0; edits--) bytes[random(bytes.byteLength)] = random(256)
      if (read(bytes).length === 0) unanswered++
    }
    expect(unanswered).toBe(0)
  })
})
