import { absent, type Quantity, type Reading, reading } from '@anju/contract'

/**
 * OBIS codes (IEC 62056-61): `A-B:C.D.E*F` in full, `C.D.E` or `C.D` in short. A is the medium (1: electricity), C what is
 * measured, D how, E the tariff, F the billing period (255 or nothing: now).
 */
export interface ObisReading {
  readonly point: string
  readonly quantity: Quantity
  readonly reading: Reading
}

const CODE = /^(?:(\d{1,3})-(\d{1,3}):)?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[*&](\d{1,3}))?$/

const PHASES: readonly (readonly [number, string])[] = [
  [20, '-a'],
  [40, '-b'],
  [60, '-c'],
]
/** C.D → point and quantity, totals first, then each phase 20, 40 and 60 higher. */
const MOMENTARY: Readonly<Record<string, readonly [point: string, quantity: Quantity]>> = Object.fromEntries([
  ...[['', 0] as const, ...PHASES.map(([shift, suffix]) => [suffix, shift] as const)].flatMap(([suffix, shift]) => [
    [`${1 + shift}.7`, [`active-power${suffix}`, 'active-power']],
    [`${2 + shift}.7`, [`active-power-reverse${suffix}`, 'active-power']],
    [`${16 + shift}.7`, [`active-power-net${suffix}`, 'active-power']],
    [`${3 + shift}.7`, [`reactive-power${suffix}`, 'reactive-power']],
    [`${9 + shift}.7`, [`apparent-power${suffix}`, 'apparent-power']],
    [`${13 + shift}.7`, [`power-factor${suffix}`, 'power-factor']],
  ]),
  ...PHASES.flatMap(([shift, suffix]) => [
    [`${11 + shift}.7`, [`current${suffix}`, 'electric-current']],
    [`${12 + shift}.7`, [`voltage${suffix}`, 'electric-potential']],
  ]),
  ['14.7', ['frequency', 'frequency']],
]) as Record<string, readonly [string, Quantity]>

/** Printed unit → what it measures and the power of ten that makes it ours. The printed unit is trusted, never the code. */
const UNITS: Readonly<Record<string, readonly [of: string, exponent: number]>> = {
  wh: ['energy', -3],
  kwh: ['energy', 0],
  mwh: ['energy', 3],
  w: ['active-power', 0],
  kw: ['active-power', 3],
  var: ['reactive-power', 0],
  kvar: ['reactive-power', 3],
  va: ['apparent-power', 0],
  kva: ['apparent-power', 3],
  v: ['electric-potential', 0],
  a: ['electric-current', 0],
  hz: ['frequency', 0],
  m3: ['volume', 0],
  gj: ['heat', 0],
}

/** A tariff's register, or the total (E = 0), of energy in and out. */
const TARIFF_MAX = 8

/** What an electricity register says; undefined when it is none of our quantities, or a value of an earlier billing period. */
export function obisReading(code: string, value: string, unit: string | undefined): ObisReading | undefined {
  const match = CODE.exec(code)
  if (!match) return undefined
  const [, medium = '1', , c, d, e = '0', f = '255'] = match
  if (Number(medium) !== 1 || Number(f) !== 255) return undefined
  const tariff = Number(e)
  const group = `${Number(c)}.${Number(d)}`
  if (group === '1.8' || group === '2.8') {
    if (tariff > TARIFF_MAX) return undefined
    const point =
      (group === '1.8' ? 'active-energy' : 'active-energy-reverse') + (tariff > 0 ? `-tariff-${tariff}` : '')
    const quantity = group === '1.8' ? 'active-energy-import' : 'active-energy-export'
    return { point, quantity, reading: inUnit(value, unit, 'energy') }
  }
  const row = Object.hasOwn(MOMENTARY, group) ? MOMENTARY[group] : undefined
  if (!row || tariff !== 0) return undefined
  const [point, quantity] = row
  // A power factor is a bare number, and the only one: elsewhere a value without a unit says nothing.
  if (quantity === 'power-factor') return { point, quantity, reading: unit ? absent('invalid') : numberOf(value, 0) }
  return { point, quantity, reading: inUnit(value, unit, quantity) }
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
  const key = (unit ?? '').toLowerCase()
  const row = Object.hasOwn(UNITS, key) ? UNITS[key] : undefined
  return row?.[0] === of ? numberOf(value, row[1]) : absent('invalid')
}

/** The power of ten goes in front of the parser, so that 2.027 kW are exactly 2027 W. */
function numberOf(value: string, exponent: number): Reading {
  const text = value.trim()
  if (!/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return absent('invalid')
  return reading(Number(`${text}e${exponent}`))
}
