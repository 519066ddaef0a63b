import { readFile } from 'node:fs/promises'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { ld2410Framing, ld2410Scanner } from './framing.ts'

const stored = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8')) as {
  id: string
  input_hex: string
  expected: { ok: boolean }
}[]
const good = stored.filter(({ expected }) => expected.ok)
const frames = (bytes: Uint8Array) => scanAll(ld2410Framing, bytes).filter(({ is }) => is === 'frame')

test('there are frames', () => {
  expect(good.length).toBeGreaterThan(2)
})

test.for(good)('$id: whole, byte by byte, behind noise and cut', ({ input_hex: hex }) => {
  const bytes = bytesOfHex(hex)
  const whole = frames(bytes)
  expect(whole.length).toBe(1)

  const scanner = ld2410Scanner()
  expect([...bytes].flatMap((byte) => scanner.push(Uint8Array.of(byte)))).toEqual(whole)
  expect(frames(Uint8Array.of(0xf4, 0xf3, 0x00, 0xf4, ...bytes, 0xf4, 0xf3))).toEqual(whole)
  for (let length = 0; length < bytes.byteLength; length++) expect(frames(bytes.subarray(0, length))).toEqual([])
})

/** There is no checksum: what can be checked are head, length and tail, and in a report mode, AA and 55 00. */
test.for(good)('$id: no bit of its frame may turn', ({ input_hex: hex }) => {
  const bytes = bytesOfHex(hex)
  const report = bytes[0] === 0xf4
  const [before, behind] = report ? [8, 6] : [6, 4]
  const fixed = [...bytes.keys()].filter((at) => at < before || at >= bytes.byteLength - behind)
  for (const at of fixed)
    for (let bit = 0; bit < 8; bit++) {
      const turned = bytes.slice()
      turned[at] = (turned[at] ?? 0) ^ (1 << bit)
      expect(frames(turned)).toEqual([])
    }
})

test('random bytes never throw and never pile up', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (chunks) => {
      const scanner = ld2410Scanner()
      for (const chunk of chunks) {
        scanner.push(chunk)
        expect(scanner.pendingBytes).toBeLessThan(ld2410Framing.frameBytesMax)
      }
    }),
    { numRuns: 1_000 },
  )
})
