import { array, assert, integer, property, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { PacketLimiter } from './packet-limiter.ts'

const payloadMax = 100
const passMax = payloadMax + 65_539 + 1

function packet(first: number, body: Uint8Array): Buffer {
  const length: number[] = []
  let rest = body.byteLength
  do {
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}
const inChunks = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
const through = (bytes: Buffer, size: number) => {
  const limiter = new PacketLimiter(payloadMax)
  return Buffer.concat(inChunks(bytes, size).map((chunk) => limiter.push(chunk)))
}

test('ordinary packets pass unchanged, however they are cut', () => {
  assert(
    property(
      array(tuple(integer({ min: 0x10, max: 0xef }), uint8Array({ maxLength: 400 })), { maxLength: 8 }),
      integer({ min: 1, max: 700 }),
      (packets, size) => {
        const bytes = Buffer.concat(packets.map(([first, body]) => packet(first, body)))
        expect(through(bytes, size).equals(bytes)).toBe(true)
      },
    ),
  )
})

test('a PUBLISH that is too long is cut to a size that shows it, and the packet after it arrives whole', () => {
  const large = Buffer.alloc(passMax + 50_000, 0x41)
  const after = packet(0xc0, Buffer.alloc(0))
  for (const size of [1_000, 4_096, 65_536, 10_000_000]) {
    const out = through(Buffer.concat([packet(0x32, large), after]), size)
    const expected = packet(0x32, large.subarray(0, passMax))
    expect(out.subarray(0, expected.byteLength).equals(expected)).toBe(true)
    expect(out.subarray(expected.byteLength).equals(after)).toBe(true)
  }
})

test('another packet that long, or a length of five bytes, ends the connection', () => {
  expect(() => through(packet(0x10, Buffer.alloc(passMax + 1)), 4_096)).toThrow('type 1')
  expect(() => through(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01]), 6)).toThrow('four bytes')
})
