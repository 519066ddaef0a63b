import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { decimal } from './byte-reader.ts'

/**
 * OBIS codes (IEC 62056-61): `A-B:C.D.E*F` in full, `C.D.E` or `C.D` in short. A is the medium (1: electricity), C what is
 * measured, D how, E the tariff, F the billing period (255 or nothing: now).
 */
export interface ObisReading {
  readonly point: string
  readonly quantity: Quantity
  readonly reading: Reading
}

/** One register of an electricity meter. */
export interface Register {
  readonly point: string
  readonly quantity: Quantity
  /** What its printed unit must be one of; a power factor is a bare number, and the only one. */
  readonly unitOf: string | undefined
}

const PHASES: readonly (readonly [number, string])[] = [
  [20, '-a'],
  [40, '-b'],
  [60, '-c'],
]
const TARIFF_MAX = 8
/** By C.D.E; those of a phase 20, 40 and 60 higher than the totals. */
const REGISTERS: ReadonlyMap<number, Register> = new Map(
  [
    ...[['', 0] as const, ...PHASES.map(([shift, suffix]) => [suffix, shift] as const)].flatMap(([suffix, shift]) => [
      momentary(1 + shift, `active-power${suffix}`, 'active-power'),
      momentary(2 + shift, `active-power-reverse${suffix}`, 'active-power'),
      momentary(16 + shift, `active-power-net${suffix}`, 'active-power'),
      momentary(3 + shift, `reactive-power${suffix}`, 'reactive-power'),
      momentary(9 + shift, `apparent-power${suffix}`, 'apparent-power'),
      momentary(13 + shift, `power-factor${suffix}`, 'power-factor'),
    ]),
    ...PHASES.flatMap(([shift, suffix]) => [
      momentary(11 + shift, `current${suffix}`, 'electric-current'),
      momentary(12 + shift, `voltage${suffix}`, 'electric-potential'),
    ]),
    momentary(14, 'frequency', 'frequency'),
    // E is the tariff, and 0 the total.
    ...Array.from({ length: TARIFF_MAX + 1 }, (_, e) => (e > 0 ? `-tariff-${e}` : '')).flatMap((suffix, e) => [
      energy(1, e, `active-energy${suffix}`, 'active-energy-import'),
      energy(2, e, `active-energy-reverse${suffix}`, 'active-energy-export'),
    ]),
  ].map(({ c, d, e, ...register }) => [keyOf(c, d, e), register]),
)
/** As most meters print them: in full, from their one channel, or short. */
const USUAL_CODES: ReadonlyMap<string, Register> = new Map(
  [...REGISTERS].flatMap(([key, register]) => {
    const code = `${Math.floor(key / 1_000_000)}.${Math.floor(key / 1_000) % 1_000}.${key % 1_000}`
    return [code, `1-0:${code}`, `1-0:${code}*255`].map((spelt): [string, Register] => [spelt, register])
  }),
)
function momentary(c: number, point: string, quantity: Quantity) {
  return { c, d: 7, e: 0, point, quantity, unitOf: quantity === 'power-factor' ? undefined : quantity }
}
function energy(c: number, e: number, point: string, quantity: Quantity) {
  return { c, d: 8, e, point, quantity, unitOf: 'energy' }
}
/** Printed numbers have up to three digits. */
function keyOf(c: number, d: number, e: number): number {
  return (c * 1_000 + d) * 1_000 + e
}

/** Printed unit → what it measures and the power of ten that makes it ours. The printed unit is trusted, never the code. */
const UNITS: ReadonlyMap<string, readonly [of: string, exponent: number]> = new Map(
  (
    [
      ['Wh', 'energy', -3],
      ['kWh', 'energy', 0],
      ['MWh', 'energy', 3],
      ['W', 'active-power', 0],
      ['kW', 'active-power', 3],
      ['var', 'reactive-power', 0],
      ['kvar', 'reactive-power', 3],
      ['VA', 'apparent-power', 0],
      ['kVA', 'apparent-power', 3],
      ['V', 'electric-potential', 0],
      ['A', 'electric-current', 0],
      ['Hz', 'frequency', 0],
      ['m3', 'volume', 0],
      ['GJ', 'heat', 0],
    ] as const
  ).flatMap(([unit, of, exponent]) => [unit, unit.toLowerCase()].map((name) => [name, [of, exponent]])),
)

export const ELECTRICITY = 1
export const NOW = 255

/** The register of a printed code; undefined when it is none of ours, or a value of an earlier billing period. */
export const registerOf = (code: string): Register | undefined => USUAL_CODES.get(code) ?? registerSpelt(code)

/** Zeros in front, another channel, no tariff: a code may be spelt in many ways. */
function registerSpelt(code: string): Register | undefined {
  const colon = code.indexOf(':')
  const dash = code.indexOf('-')
  if (colon >= 0 && (numberIn(code, 0, dash) !== ELECTRICITY || numberIn(code, dash + 1, colon) < 0)) return undefined
  const dot = code.indexOf('.', colon + 1)
  const mark = Math.max(code.lastIndexOf('*'), code.lastIndexOf('&'))
  const end = mark < 0 ? code.length : mark
  if (mark >= 0 && numberIn(code, mark + 1, code.length) !== NOW) return undefined
  const secondDot = code.indexOf('.', dot + 1)
  const hasTariff = secondDot >= 0
  const tariff = hasTariff ? numberIn(code, secondDot + 1, end) : 0
  return registerAt(numberIn(code, colon + 1, dot), numberIn(code, dot + 1, hasTariff ? secondDot : end), tariff)
}

export const registerAt = (c: number, d: number, e: number): Register | undefined => REGISTERS.get(keyOf(c, d, e))

/** One to three digits; below zero, and no part of any code, when it is anything else. */
function numberIn(code: string, from: number, to: number): number {
  if (to <= from || to > from + 3) return -1
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = code.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

/** What a register says. */
export function readRegister({ unitOf }: Register, value: string, unit: string | undefined): Reading {
  if (unitOf === undefined) return unit ? absent('invalid') : numberOf(value, 0)
  return inUnit(value, unit, unitOf)
}

/**
 * The same of a number that was sent as one, `digits` × 10^`scaler`. Undefined when it has more digits than are ever printed:
 * then it must be printed to be read.
 */
export function readScaled(register: Register, digits: number, scaler: number, unit: string | undefined) {
  if (scaler < -digitsMax || scaler > digitsMax) return undefined
  if (Math.abs(digits) >= DIGITS_END || (scaler > 0 && Math.abs(digits) * 10 ** scaler >= DIGITS_END)) return undefined
  const { unitOf } = register
  if (unitOf === undefined) return unit ? absent('invalid') : reading(decimal(digits, scaler))
  const exponent = exponentOf(unit, unitOf)
  return exponent === undefined ? absent('invalid') : reading(decimal(digits, scaler + exponent))
}

/** What an electricity register says; undefined when it is none of ours, or a value of an earlier billing period. */
export function obisReading(code: string, value: string, unit: string | undefined): ObisReading | undefined {
  const register = registerOf(code)
  if (!register) return undefined
  const { point, quantity } = register
  return { point, quantity, reading: readRegister(register, value, unit) }
}

/** A printed volume in m³, or what it says instead. */
export const cubicMetres = (value: string, unit: string | undefined): Reading => inUnit(value, unit, 'volume')

/** A printed heat in kWh; heat meters count GJ as well. */
export function heatKwh(value: string, unit: string | undefined): Reading {
  const gigajoules = inUnit(value, unit, 'heat')
  if (gigajoules.is === 'value') return reading(gigajoules.value / 0.0036)
  return inUnit(value, unit, 'energy')
}

function inUnit(value: string, unit: string | undefined, of: string): Reading {
  const exponent = exponentOf(unit, of)
  return exponent === undefined ? absent('invalid') : numberOf(value, exponent)
}

function exponentOf(unit: string | undefined, of: string): number | undefined {
  const row = unit === undefined ? undefined : (UNITS.get(unit) ?? UNITS.get(unit.toLowerCase()))
  return row?.[0] === of ? row[1] : undefined
}

const ZERO = 0x30
const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
/** Of digits, before the point and behind it. */
const digitsMax = 15
const DIGITS_END = 10 ** digitsMax

/** A printed number times a power of ten, rounded once: 2.027 kW are exactly 2027 W. */
function numberOf(printed: string, exponent: number): Reading {
  const text = printed.trim()
  const first = text.charCodeAt(0)
  const from = first === MINUS || first === PLUS ? 1 : 0
  let point = -1
  let digits = 0
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === POINT && point < 0) {
      point = at
      continue
    }
    if (char < ZERO || char > ZERO + 9) return absent('invalid')
    digits = digits * 10 + (char - ZERO)
  }
  const whole = (point < 0 ? text.length : point) - from
  const decimals = point < 0 ? 0 : text.length - 1 - point
  if (whole < 1 || whole > digitsMax || decimals > digitsMax || (point >= 0 && decimals === 0)) return absent('invalid')
  // More digits than a double holds: the power of ten goes in front of the parser.
  if (digits > Number.MAX_SAFE_INTEGER) return reading(Number(`${text}e${exponent}`))
  return reading(decimal(first === MINUS ? -digits : digits, exponent - decimals))
}
