import { DomainError } from '@anju/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, bcdLowFirst, bytesOfHex, decimal, hexLowFirst, hexOf } from './byte-reader.ts'

describe('ByteReader', () => {
  test('reads both byte orders', () => {
    const input = new ByteReader(bytesOfHex('01 0203 0203 04050607 04050607 FEFFFFFF 9A99193F 43663334'))
    expect(input.u8()).toBe(1)
    expect(input.u16be()).toBe(0x0203)
    expect(input.u16le()).toBe(0x0302)
    expect(input.u32be()).toBe(0x04050607)
    expect(input.u32le()).toBe(0x07060504)
    expect(input.i32le()).toBe(-2)
    expect(input.f32le()).toBeCloseTo(0.6)
    expect(input.f32be()).toBeCloseTo(230.2)
    expect(() => input.end()).not.toThrow()
  })

  test('reads a view of a larger buffer, not the buffer', () => {
    const input = new ByteReader(bytesOfHex('AA BB CC DD').subarray(1, 3))
    expect(input.u16be()).toBe(0xbbcc)
    expect(input.left).toBe(0)
    expect(() => input.u8()).toThrow(DomainError)
  })

  const reads = ['u8', 'u16be', 'u16le', 'u32be', 'u32le', 'i32le', 'f32le', 'f32be'] as const
  test.for(reads)('%s of too few bytes fails, and consumes nothing', (read) => {
    const width = { 8: 1, 16: 2, 32: 4 }[read.replaceAll(/\D/g, '')] ?? 0
    const input = new ByteReader(new Uint8Array(width - 1))
    expect(() => input[read]()).toThrow(expect.objectContaining({ code: 'frame-malformed' }) as Error)
    expect(input.left).toBe(width - 1)
  })

  test('bytes left over are refused', () => {
    const input = new ByteReader(new Uint8Array(3))
    input.bytes(2)
    expect(() => input.end()).toThrow(/1 bytes left over at offset 2/)
    expect(() => input.bytes(2)).toThrow(/2 bytes wanted at offset 2, 1 left/)
  })
})

test.for([
  ['26 00 00 00', 26],
  ['78 56 34 12', 12_345_678],
  ['99 99 99 99 99 99', 999_999_999_999],
  ['00 00 0E 00', undefined],
  ['A0', undefined],
  ['', 0],
] as const)('bcd %s is %s', ([hex, value]) => {
  expect(bcdLowFirst(bytesOfHex(hex))).toBe(value)
})

test('a decimal is the double nearest to what was printed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: -4, max: 3 }), (digits, exponent) => {
      expect(decimal(digits, exponent)).toBe(Number(`${digits}e${exponent}`))
    }),
  )
})

test('hex goes in and out', () => {
  expect(hexOf(bytesOfHex('0a:0B-0c, 0xFF'))).toBe('0A0B0CFF')
  expect(hexLowFirst(Uint8Array.of(0x61, 1, 0))).toBe('000161')
  for (const wrong of ['0', '0g', 'zz', '01 2'])
    expect(() => bytesOfHex(wrong)).toThrow(expect.objectContaining({ code: 'frame-malformed' }) as Error)
})
