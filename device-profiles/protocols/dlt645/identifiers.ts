import { type Format, type Identifier, PHASES, totalAndTariffs } from './formats.ts'
import { identifierOf1997, TABLE_1997 } from './identifiers-1997.ts'
import type { Dialect } from './message.ts'

export type { Identifier } from './formats.ts'
export { readValues, type Values } from './values.ts'

const energy = { quantity: 'active-energy-import', width: 4, exponent: -2 } as const
const exported = { quantity: 'active-energy-export', width: 4, exponent: -2 } as const
/** The combined register may run backwards when a home feeds in, so it is no import counter. */
const other = { width: 4, exponent: -2, signed: true } as const
const unsigned = { width: 4, exponent: -2 } as const
/** kW, kvar or kVA with four decimals. */
const demand = { width: 3, exponent: -4, signed: true } as const
const voltage = { quantity: 'electric-potential', width: 2, exponent: -1 } as const
const current = { quantity: 'electric-current', width: 3, exponent: -3, signed: true } as const
const power = { quantity: 'active-power', width: 3, exponent: -1, signed: true } as const
const reactive = { quantity: 'reactive-power', width: 3, exponent: -1, signed: true } as const
const apparent = { quantity: 'apparent-power', width: 3, exponent: -1, signed: true } as const
// Public tables give the power factor in kW; it has no unit (DL/T 645-2007 table A.2).
const factor = { quantity: 'power-factor', width: 2, exponent: -3, signed: true } as const

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
  ...phases('0201', 'voltage', false, voltage),
  ...phases('0202', 'current', false, current),
  ...phases('0203', 'active-power', true, power),
  ...phases('0204', 'reactive-power', true, reactive),
  ...phases('0205', 'apparent-power', true, apparent),
  ...phases('0206', 'power-factor', true, factor),
  ...phases('0207', 'phase-angle', false, { width: 2, exponent: -1 }),
  ...phases('0208', 'voltage-distortion', false, { width: 2, exponent: -2 }),
  ...phases('0209', 'current-distortion', false, { width: 2, exponent: -2 }),
  ['02800001', { points: ['current-n'], ...current }],
  ['02800002', { points: ['frequency'], quantity: 'frequency', width: 2, exponent: -2 }],
  ['02800003', { points: ['active-power-average'], ...demand }],
  ['02800004', { points: ['active-demand'], ...demand }],
  ['02800005', { points: ['reactive-demand'], ...demand }],
  ['02800006', { points: ['apparent-demand'], ...demand }],
  ['02800007', { points: ['meter-temperature'], width: 2, exponent: -1, signed: true }],
  ['02800008', { points: ['clock-battery'], width: 2, exponent: -2 }],
  ['02800009', { points: ['reading-battery'], width: 2, exponent: -2 }],
  ['0280000A', { points: ['battery-minutes'], width: 4, exponent: 0 }],
  ['03300000', { points: ['programming-count'], width: 3, exponent: 0 }],
  ['04000401', { points: ['meter-address'], width: 6, exponent: 0, digits: true }],
  ['04000402', { points: ['meter-number'], width: 6, exponent: 0, digits: true }],
  ['04000409', { points: ['active-constant'], width: 3, exponent: 0 }],
  ['0400040A', { points: ['reactive-constant'], width: 3, exponent: 0 }],
  ['05060101', { points: totalAndTariffs('active-energy-daily-freeze'), ...energy }],
  ['05060201', { points: totalAndTariffs('active-energy-reverse-daily-freeze'), ...exported }],
])

/** What is counted (table A.1): the same numbers under 00 for energy and under 01 for the maximum demand of it. */
const COUNTED: Readonly<Record<string, readonly [name: string, Format]>> = {
  '00': ['active-energy-combined', other],
  '01': ['active-energy', unsigned],
  '02': ['active-energy-reverse', unsigned],
  '03': ['reactive-energy-1', other],
  '04': ['reactive-energy-2', other],
  '05': ['reactive-energy-quadrant-1', unsigned],
  '06': ['reactive-energy-quadrant-2', unsigned],
  '07': ['reactive-energy-quadrant-3', unsigned],
  '08': ['reactive-energy-quadrant-4', unsigned],
  '09': ['apparent-energy', unsigned],
  '0A': ['apparent-energy-reverse', unsigned],
  '15': ['active-energy-a', unsigned],
  '16': ['active-energy-reverse-a', unsigned],
  '29': ['active-energy-b', unsigned],
  '2A': ['active-energy-reverse-b', unsigned],
  '3D': ['active-energy-c', unsigned],
  '3E': ['active-energy-reverse-c', unsigned],
}
const settlementsMax = 12
const tariffsMax = 63

/**
 * Energies and maximum demands by rule: kind, what, tariff (FF: all of them), settlement day (0: now). They are too many to
 * list, and those of an earlier settlement day, of a phase or of a maximum are no reading of ours but words.
 */
function byRule(di: string): Identifier | undefined {
  const [, kind, what = '', tariff = '', back = ''] = /^(00|01)(..)(..)(..)$/.exec(di) ?? []
  const row = COUNTED[what]
  const settlement = Number.parseInt(back, 16)
  const number = Number.parseInt(tariff, 16)
  if (!kind || !row || settlement > settlementsMax || (number > tariffsMax && tariff !== 'FF')) return undefined
  const [name, format] = row
  const base =
    (kind === '00' ? name : name.replace('energy', 'demand')) + (settlement > 0 ? `-settlement-${settlement}` : '')
  const all = totalAndTariffs(base)
  return {
    points: tariff === 'FF' ? all : [number === 0 ? base : `${base}-tariff-${number}`],
    ...(kind === '00' ? format : { ...demand, timed: true }),
  }
}

export const identifierOf = (dialect: Dialect, di: string): Identifier | undefined =>
  dialect === '2007' ? (TABLE_2007.get(di) ?? byRule(di)) : identifierOf1997(di)

export const identifiers = (dialect: Dialect): ReadonlyMap<string, Identifier> =>
  dialect === '2007' ? TABLE_2007 : TABLE_1997
