import { absent, definitionOf, reading } from '@anju/contract'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { type Identifier, identifierOf, identifiers, readValues } from './identifiers.ts'

const of = (dialect: '2007' | '1997', di: string): Identifier => {
  const identifier = identifierOf(dialect, di)
  if (!identifier) throw new Error(`no ${di}`)
  return identifier
}
const values = (dialect: '2007' | '1997', di: string, hex: string) =>
  readValues(of(dialect, di), bytesOfHex(hex)).values.map((value) => value.reading)

describe.for(['2007', '1997'] as const)('the table of %s', (dialect) => {
  test('has identifiers of the right length, and points that are not named twice', () => {
    const all = [...identifiers(dialect)]
    expect(all.length).toBeGreaterThan(20)
    for (const [di, { points, width }] of all) {
      expect(di).toMatch(dialect === '2007' ? /^[0-9A-F]{8}$/ : /^[0-9A-F]{4}$/)
      expect(width).toBeGreaterThan(0)
      expect(new Set(points).size).toBe(points.length)
    }
    const singles = all.flatMap(([, { points }]) => (points.length === 1 ? points : []))
    expect(new Set(singles).size).toBe(singles.length)
  })

  test('gives zero for zero bytes, whatever the sign', () => {
    for (const identifier of identifiers(dialect).values()) {
      const zero = new Uint8Array(identifier.width)
      expect(readValues(identifier, zero).values[0]?.reading).toEqual(reading(0))
      zero[identifier.width - 1] = identifier.signed ? 0x80 : 0
      // `toEqual` tells -0 from 0: no meter shows minus nothing.
      expect(readValues(identifier, zero).values[0]?.reading).toEqual(reading(0))
    }
  })

  test('never takes FF, or a nibble above nine, for a number', () => {
    for (const identifier of identifiers(dialect).values()) {
      expect(readValues(identifier, new Uint8Array(identifier.width).fill(0xff)).values[0]?.reading).toEqual(
        absent('invalid'),
      )
      const bad = new Uint8Array(identifier.width)
      bad[0] = 0x0a
      expect(readValues(identifier, bad).values[0]?.reading).toEqual(absent('invalid'))
    }
  })

  test('refuses half a value, and leaves a vendor’s byte alone', () => {
    for (const identifier of identifiers(dialect).values()) {
      for (let length = 0; length < identifier.width; length++)
        expect(() => readValues(identifier, new Uint8Array(length))).toThrow(/too short/)
      const whole = identifier.width * identifier.points.length
      expect(readValues(identifier, new Uint8Array(whole + 1)).trailingBytes).toBe(1)
      expect(readValues(identifier, new Uint8Array(whole)).trailingBytes).toBe(0)
    }
  })
})

test('every number a meter can show is read without dust', () => {
  const power = of('2007', '02030000')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 799_999 }), fc.boolean(), (digits, negative) => {
      const text = String(digits).padStart(6, '0')
      const bytes = bytesOfHex(`${text.slice(4)}${text.slice(2, 4)}${text.slice(0, 2)}`)
      bytes[2] = (bytes[2] ?? 0) | (negative ? 0x80 : 0)
      // The meter shows XX.XXXX kW; a watt has one decimal of them.
      const watts = Number(`${digits}e-1`)
      expect(readValues(power, bytes).values[0]?.reading).toEqual(reading(negative && digits > 0 ? -watts : watts))
    }),
  )
})

test.for([
  ['2007', '00010000', '26 00 00 00', 0.26],
  ['2007', '02010100', '44 22', 224.4],
  ['2007', '02020100', '99 49 80', -4.999],
  ['2007', '02030000', '12 25 00', 251.2],
  ['2007', '02040000', '12 25 80', -251.2],
  ['2007', '02050000', '06 50 00', 500.6],
  ['2007', '02060000', '01 85', -0.501],
  ['2007', '02800002', '03 50', 50.03],
  ['1997', 'B611', '23 02', 223],
  ['1997', 'B621', '34 12', 12.34],
  ['1997', 'B630', '12 25 00', 251.2],
  ['1997', 'B640', '34 12', 12_340],
  ['1997', 'B650', '01 05', 0.501],
  ['1997', '9010', '79 26 14 00', 1426.79],
  ['2007', '00030000', '01 00 00 80', -0.01],
  ['2007', '00013F0C', '01 00 00 00', 0.01],
  ['2007', '01010000', '56 34 12 30 08 15 05 24', 12.3456],
  ['1997', '9410', '79 26 14 00', 1426.79],
  ['1997', 'A010', '56 34 12', 12.3456],
] as const)('%s %s: %s is %d', ([dialect, di, hex, value]) => {
  expect(values(dialect, di, hex)).toEqual([reading(value)])
})

test.for([
  ['2007', '0001000D', 'a thirteenth settlement day'],
  ['2007', '00014000', 'a tariff beyond the last'],
  ['2007', '000B0000', 'an energy that is none'],
  ['2007', '00010', 'too short a number'],
  ['1997', '9070', 'a direction that is none'],
  ['1997', '9210', 'a month that is none'],
] as const)('%s %s is no identifier: %s', ([dialect, di]) => {
  expect(identifierOf(dialect, di)).toBeUndefined()
})

test('a block may be shorter than the standard’s, by whole values', () => {
  expect(values('2007', '0001FF00', '29 01 00 00 62 00 00 00')).toEqual([reading(1.29), reading(0.62)])
  expect(readValues(of('2007', '0001FF00'), bytesOfHex('29 01 00 00 62 00')).trailingBytes).toBe(2)
})

test('units are those of the quantities', () => {
  const units = new Set(
    [...identifiers('2007').values()].flatMap(({ quantity }) => (quantity ? [definitionOf(quantity).unit] : [])),
  )
  expect([...units].toSorted()).toEqual(['/', 'A', 'Hz', 'V', 'VA', 'W', 'kWh', 'var'])
})
