import { absent, DomainError, type Quantity, type Reading, reading } from '@anju/contract'
import { bcdLowFirst, decimal } from '../../src/byte-reader.ts'
import type { Dialect } from './message.ts'

/** How the bytes behind a data identifier are written. */
export interface Identifier {
  /** What each value is called, in order; a block has several. */
  readonly points: readonly string[]
  /** Undefined: a number we have no quantity for (reactive energy, a meter number). */
  readonly quantity?: Quantity
  readonly width: number
  /** Power of ten from the digits to the quantity's unit: kW with four decimals are tenths of a watt. */
  readonly exponent: number
  /** The top bit of the last byte is a sign, not a digit. */
  readonly signed?: true
}

const PHASES = ['a', 'b', 'c'] as const
const energy = { quantity: 'active-energy-import', width: 4, exponent: -2 } as const
const exported = { quantity: 'active-energy-export', width: 4, exponent: -2 } as const
/** The combined register may run backwards when a home feeds in, so it is no import counter. */
const other = { width: 4, exponent: -2, signed: true } as const
const voltage = { quantity: 'electric-potential', width: 2, exponent: -1 } as const
const current = { quantity: 'electric-current', width: 3, exponent: -3, signed: true } as const
const power = { quantity: 'active-power', width: 3, exponent: -1, signed: true } as const
const reactive = { quantity: 'reactive-power', width: 3, exponent: -1, signed: true } as const
const apparent = { quantity: 'apparent-power', width: 3, exponent: -1, signed: true } as const
// Public tables give the power factor in kW; it has no unit (DL/T 645-2007 table A.2).
const factor = { quantity: 'power-factor', width: 2, exponent: -3, signed: true } as const

type Format = Omit<Identifier, 'points'>

/** Energy of one direction: total, tariffs 1–4, and the block of them. */
function energies(di: string, point: string, format: Format): [string, Identifier][] {
  const tariffs = [1, 2, 3, 4].map((tariff) => `${point}-tariff-${tariff}`)
  return [
    [`${di}0000`, { points: [point], ...format }],
    ...tariffs.map((name, i): [string, Identifier] => [`${di}0${i + 1}00`, { points: [name], ...format }]),
    [`${di}FF00`, { points: [point, ...tariffs], ...format }],
  ]
}

/** A quantity of the three phases, with or without a total before them, and the block of them. */
function phases(di: string, point: string, withTotal: boolean, format: Format): [string, Identifier][] {
  const single = PHASES.map((phase, i): [string, Identifier] => [
    `${di}0${i + 1}00`,
    { points: [`${point}-${phase}`], ...format },
  ])
  const block = [...(withTotal ? [point] : []), ...PHASES.map((phase) => `${point}-${phase}`)]
  const total: [string, Identifier][] = withTotal ? [[`${di}0000`, { points: [point], ...format }]] : []
  return [...total, ...single, [`${di}FF00`, { points: block, ...format }]]
}

/** DL/T 645-2007 tables A.1, A.2 and A.6. */
const TABLE_2007: ReadonlyMap<string, Identifier> = new Map([
  ...energies('0000', 'active-energy-combined', other),
  ...energies('0001', 'active-energy', energy),
  ...energies('0002', 'active-energy-reverse', exported),
  ...energies('0003', 'reactive-energy-1', other),
  ...energies('0004', 'reactive-energy-2', other),
  ...phases('0201', 'voltage', false, voltage),
  ...phases('0202', 'current', false, current),
  ...phases('0203', 'active-power', true, power),
  ...phases('0204', 'reactive-power', true, reactive),
  ...phases('0205', 'apparent-power', true, apparent),
  ...phases('0206', 'power-factor', true, factor),
  ['02800002', { points: ['frequency'], quantity: 'frequency', width: 2, exponent: -2 }],
  ['04000101', { points: ['date'], width: 4, exponent: 0 }],
  ['04000102', { points: ['time'], width: 3, exponent: 0 }],
  ['04000401', { points: ['meter-address'], width: 6, exponent: 0 }],
  ['04000402', { points: ['meter-number'], width: 6, exponent: 0 }],
  [
    '05060101',
    {
      points: [
        'active-energy-daily-freeze',
        'active-energy-daily-freeze-tariff-1',
        'active-energy-daily-freeze-tariff-2',
        'active-energy-daily-freeze-tariff-3',
        'active-energy-daily-freeze-tariff-4',
      ],
      ...energy,
    },
  ],
])

/** DL/T 645-1997 appendix A. Volts are whole ones, unlike 2007. */
const TABLE_1997: ReadonlyMap<string, Identifier> = new Map<string, Identifier>([
  ...tariffs1997('901', 'active-energy', energy),
  ...tariffs1997('902', 'active-energy-reverse', exported),
  ['B611', { points: ['voltage-a'], quantity: 'electric-potential', width: 2, exponent: 0 }],
  ['B612', { points: ['voltage-b'], quantity: 'electric-potential', width: 2, exponent: 0 }],
  ['B613', { points: ['voltage-c'], quantity: 'electric-potential', width: 2, exponent: 0 }],
  ['B61F', { points: ['voltage-a', 'voltage-b', 'voltage-c'], quantity: 'electric-potential', width: 2, exponent: 0 }],
  ...block1997('B62', 'current', false, { quantity: 'electric-current', width: 2, exponent: -2 }),
  ...block1997('B63', 'active-power', true, { quantity: 'active-power', width: 3, exponent: -1 }),
  ...block1997('B64', 'reactive-power', true, { quantity: 'reactive-power', width: 2, exponent: 1 }),
  ...block1997('B65', 'power-factor', true, { quantity: 'power-factor', width: 2, exponent: -3 }),
  ['C010', { points: ['date'], width: 4, exponent: 0 }],
  ['C011', { points: ['time'], width: 3, exponent: 0 }],
  ['C032', { points: ['meter-number'], width: 6, exponent: 0 }],
])

function tariffs1997(di: string, point: string, format: Format): [string, Identifier][] {
  const tariffs = [1, 2, 3, 4].map((tariff) => `${point}-tariff-${tariff}`)
  return [
    [`${di}0`, { points: [point], ...format }],
    ...tariffs.map((name, i): [string, Identifier] => [`${di}${i + 1}`, { points: [name], ...format }]),
    [`${di}F`, { points: [point, ...tariffs], ...format }],
  ]
}

function block1997(di: string, point: string, withTotal: boolean, format: Format): [string, Identifier][] {
  const single = PHASES.map((phase, i): [string, Identifier] => [
    `${di}${i + 1}`,
    { points: [`${point}-${phase}`], ...format },
  ])
  const names = [...(withTotal ? [point] : []), ...PHASES.map((phase) => `${point}-${phase}`)]
  const total: [string, Identifier][] = withTotal ? [[`${di}0`, { points: [point], ...format }]] : []
  return [...total, ...single, [`${di}F`, { points: names, ...format }]]
}

export const identifierOf = (dialect: Dialect, di: string): Identifier | undefined =>
  (dialect === '2007' ? TABLE_2007 : TABLE_1997).get(di)

export const identifiers = (dialect: Dialect): ReadonlyMap<string, Identifier> =>
  dialect === '2007' ? TABLE_2007 : TABLE_1997

export interface Values {
  readonly values: readonly { readonly point: string; readonly reading: Reading }[]
  /** Bytes some vendors put behind the last value; they mean nothing to us. */
  readonly trailingBytes: number
}

/**
 * The values of an answer. A meter may send fewer values of a block than the standard lists (no tariffs), never half a one.
 * @throws DomainError `frame-malformed` when not even the first value is whole.
 */
export function readValues({ points, width, exponent, signed }: Identifier, data: Uint8Array): Values {
  const count = Math.min(points.length, Math.floor(data.byteLength / width))
  if (count === 0)
    throw new DomainError('frame-malformed', `value too short: ${data.byteLength} bytes of ${width}`, { width })
  const values = points.slice(0, count).map((point, i) => ({
    point,
    reading: readValue(data.subarray(i * width, (i + 1) * width), exponent, signed ?? false),
  }))
  return { values, trailingBytes: data.byteLength - count * width }
}

/** A nibble above 9 under a right checksum is the meter's fault, not a number: absent, never 0. */
function readValue(bytes: Uint8Array, exponent: number, signed: boolean): Reading {
  const last = bytes[bytes.byteLength - 1] ?? 0
  const negative = signed && (last & 0x80) !== 0
  let digits: number | undefined
  if (negative) {
    const magnitude = bytes.slice()
    magnitude[magnitude.byteLength - 1] = last & 0x7f
    // FF in every byte is a meter's way to say "no such value", and would read as a sign and 7F.
    digits = bcdLowFirst(magnitude)
  } else digits = bcdLowFirst(bytes)
  if (digits === undefined) return absent('invalid')
  return reading(negative && digits !== 0 ? -decimal(digits, exponent) : decimal(digits, exponent))
}
