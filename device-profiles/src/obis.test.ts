import { absent, reading } from '@anju/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { obisReading, readScaled, registerOf } from './obis.ts'

test.for([
  ['1.8.0', 'active-energy'],
  ['1.8', 'active-energy'],
  ['01.08.00', 'active-energy'],
  ['1-0:1.8.0', 'active-energy'],
  ['1-0:1.8.0*255', 'active-energy'],
  ['1-1:1.8.0&255', 'active-energy'],
  ['1.8.8', 'active-energy-tariff-8'],
  ['1-0:56.7.0', 'active-power-net-b'],
  ['13.7', 'power-factor'],
  // Another tariff, period, medium or kind; and what only looks like a code.
  ['1.8.9', undefined],
  ['1.8.0*03', undefined],
  ['0-1:1.8.0', undefined],
  ['1.6.0', undefined],
  ['16.7.1', undefined],
  ['1-0.1.8.0', undefined],
  ['1:1.8.0', undefined],
  ['-0:1.8.0', undefined],
  ['1.8.0*', undefined],
  ['1.8.0*255*255', undefined],
  ['1.8.0.0', undefined],
  ['0001.8.0', undefined],
  ['1..8', undefined],
  ['.8.0', undefined],
  ['1.8.', undefined],
  ['1', undefined],
  ['F.F', undefined],
  ['', undefined],
] as const)('%s is %s', ([code, point]) => {
  expect(registerOf(code)?.point).toBe(point)
})

const powerOf = (value: string) => obisReading('1.7.0', value, 'kW')?.reading

test('a printed number is the nearest double of itself in our unit, to the last digit', () => {
  const digits = fc.stringMatching(/^[0-9]{1,15}$/)
  fc.assert(
    fc.property(fc.constantFrom('', '+', '-'), digits, fc.option(digits), (sign, whole, decimals) => {
      const printed = `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`
      expect(powerOf(printed)).toEqual(reading(Number(`${printed}e3`)))
    }),
    { numRuns: 2_000 },
  )
})

test.for(['', '-', '.', '1.', '.5', '1.2.3', '1,5', '1e3', '0x10', '- 1', '1'.repeat(16), `1.${'0'.repeat(16)}`])(
  '"%s" is no number, and no 0',
  (printed) => {
    expect(powerOf(printed)).toEqual(absent('invalid'))
  },
)

test('a number that was sent as one reads as it would be printed', () => {
  const register = registerOf('1.8.0')
  if (!register) throw new Error('the total is a register')
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999_999_999_999 }),
      fc.integer({ min: -15, max: 0 }),
      (digits, scaler) => {
        const padded = String(digits).padStart(1 - scaler, '0')
        const printed = scaler === 0 ? padded : `${padded.slice(0, scaler)}.${padded.slice(scaler)}`
        expect(readScaled(register, digits, scaler, 'Wh')).toEqual(obisReading('1.8.0', printed, 'Wh')?.reading)
      },
    ),
    { numRuns: 2_000 },
  )
})
