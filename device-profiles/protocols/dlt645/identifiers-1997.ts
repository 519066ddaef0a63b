import { type Format, type Identifier, PHASES, totalAndTariffs } from './formats.ts'

const voltage = { quantity: 'electric-potential', width: 2, exponent: 0 } as const

/** The single values of the phases, with or without a total before them, and the block of them. */
function phases(di: string, point: string, withTotal: boolean, format: Format): [string, Identifier][] {
  const single = PHASES.map((phase, i): [string, Identifier] => [
    `${di}${i + 1}`,
    { points: [`${point}-${phase}`], ...format },
  ])
  const names = [...(withTotal ? [point] : []), ...PHASES.map((phase) => `${point}-${phase}`)]
  const total: [string, Identifier][] = withTotal ? [[`${di}0`, { points: [point], ...format }]] : []
  return [...total, ...single, [`${di}F`, { points: names, ...format }]]
}
function tariffs(di: string, point: string, format: Format): [string, Identifier][] {
  const [total = point, ...names] = totalAndTariffs(point)
  return [
    [`${di}0`, { points: [total], ...format }],
    ...names.map((name, i): [string, Identifier] => [`${di}${i + 1}`, { points: [name], ...format }]),
    [`${di}F`, { points: [total, ...names], ...format }],
  ]
}

/** DL/T 645-1997 appendix A. Volts are whole ones, unlike 2007. */
export const TABLE_1997: ReadonlyMap<string, Identifier> = new Map<string, Identifier>([
  ...tariffs('901', 'active-energy', { quantity: 'active-energy-import', width: 4, exponent: -2 }),
  ...tariffs('902', 'active-energy-reverse', { quantity: 'active-energy-export', width: 4, exponent: -2 }),
  ...phases('B61', 'voltage', false, voltage),
  ...phases('B62', 'current', false, { quantity: 'electric-current', width: 2, exponent: -2 }),
  ...phases('B63', 'active-power', true, { quantity: 'active-power', width: 3, exponent: -1 }),
  ...phases('B64', 'reactive-power', true, { quantity: 'reactive-power', width: 2, exponent: 1 }),
  ...phases('B65', 'power-factor', true, { quantity: 'power-factor', width: 2, exponent: -3 }),
  ['C030', { points: ['active-constant'], width: 3, exponent: 0 }],
  ['C031', { points: ['reactive-constant'], width: 3, exponent: 0 }],
  ['C032', { points: ['meter-number'], width: 6, exponent: 0, digits: true }],
  ['C033', { points: ['user-number'], width: 6, exponent: 0, digits: true }],
  ['C034', { points: ['device-number'], width: 6, exponent: 0, digits: true }],
])

const ACTIVE = ['active-energy-combined', 'active-energy', 'active-energy-reverse'] as const
const REACTIVE = [
  'reactive-energy-combined',
  'reactive-energy',
  'reactive-energy-reverse',
  'reactive-energy-quadrant-1',
  'reactive-energy-quadrant-4',
  'reactive-energy-quadrant-2',
  'reactive-energy-quadrant-3',
] as const
const MONTHS: Readonly<Record<string, string>> = { 0: '', 4: '-settlement-1', 8: '-settlement-2' }

/**
 * Energies (9), maximum demands (A) and their times (B) by rule: kind, month and whether reactive, direction, tariff. Words
 * but for those of the table.
 */
function byRule(di: string): Identifier | undefined {
  const [, kind, group = '', direction = '', tariff = ''] = /^([9AB])([014589])([0-6])([0-9A-F])$/.exec(di) ?? []
  if (!kind) return undefined
  const reactive = (Number(group) & 1) === 1
  const name = (reactive ? REACTIVE : ACTIVE)[Number(direction)]
  const month = MONTHS[String(Number(group) & ~1)]
  if (name === undefined || month === undefined) return undefined
  const word = kind === '9' ? name : name.replace('energy', kind === 'A' ? 'demand' : 'demand-time')
  const base = `${word}${month}`
  const number = Number.parseInt(tariff, 16)
  const points = number === 15 ? totalAndTariffs(base) : [number === 0 ? base : `${base}-tariff-${number}`]
  if (kind === '9') return { points, width: 4, exponent: -2 }
  return kind === 'A' ? { points, width: 3, exponent: -4 } : { points, width: 4, exponent: 0, digits: true }
}

export const identifierOf1997 = (di: string): Identifier | undefined => TABLE_1997.get(di) ?? byRule(di)
