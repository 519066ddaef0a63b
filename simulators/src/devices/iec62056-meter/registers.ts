import type { Instant } from '@anju/contract'
import { countedAt, digits, electricityAt } from '../consumption.ts'

/** What a three-phase meter's terminals and registers say at an instant, each with the digits that it prints. */
export function threePhase(seed: number, at: Instant): Readonly<Record<string, number>> {
  const [a, b, c] = [electricityAt(seed, at), electricityAt(seed + 1, at), electricityAt(seed + 2, at)]
  const watts = [a, b, c].map((phase) => Math.round(phase.watts))
  const counted = (tariff: string, perDay: number) => Math.floor(countedAt(seed, tariff, perDay, at) * 1_000) / 1_000
  const [day, night] = [counted('day', 6.1), counted('night', 2.3)]
  return {
    'active-energy': digits(day + night, 3),
    'active-energy-tariff-1': day,
    'active-energy-tariff-2': night,
    'active-energy-reverse': counted('roof', 1.7),
    'active-power': watts.reduce((sum, one) => sum + one, 0),
    'active-power-reverse': 0,
    'active-power-a': watts[0] ?? 0,
    'active-power-b': watts[1] ?? 0,
    'active-power-c': watts[2] ?? 0,
    'voltage-a': digits(a.volts, 1),
    'voltage-b': digits(b.volts, 1),
    'voltage-c': digits(c.volts, 1),
    'current-a': digits(a.amperes, 2),
    'current-b': digits(b.amperes, 2),
    'current-c': digits(c.amperes, 2),
    'power-factor': digits(a.powerFactor, 2),
    frequency: digits(a.hertz, 2),
  }
}

/** Where each value stands: OBIS code, digits before and after the point and unit. */
const PRINTED: readonly (readonly [point: string, code: string, whole: number, decimals: number, unit: string])[] = [
  ['active-energy', '1.8.0', 6, 3, 'kWh'],
  ['active-energy-tariff-1', '1.8.1', 6, 3, 'kWh'],
  ['active-energy-tariff-2', '1.8.2', 6, 3, 'kWh'],
  ['active-energy-reverse', '2.8.0', 6, 3, 'kWh'],
  ['active-power', '1.7.0', 2, 3, 'kW'],
  ['active-power-reverse', '2.7.0', 2, 3, 'kW'],
  ['active-power-a', '21.7.0', 2, 3, 'kW'],
  ['active-power-b', '41.7.0', 2, 3, 'kW'],
  ['active-power-c', '61.7.0', 2, 3, 'kW'],
  ['voltage-a', '32.7.0', 3, 1, 'V'],
  ['voltage-b', '52.7.0', 3, 1, 'V'],
  ['voltage-c', '72.7.0', 3, 1, 'V'],
  ['current-a', '31.7.0', 3, 2, 'A'],
  ['current-b', '51.7.0', 3, 2, 'A'],
  ['current-c', '71.7.0', 3, 2, 'A'],
  ['power-factor', '13.7.0', 1, 2, ''],
  ['frequency', '14.7.0', 2, 2, 'Hz'],
]

/** The registers as lines of `code(value*unit)`; codes in full, or short as under an optical head. */
export function registerLines(values: Readonly<Record<string, number>>, group = ''): string[] {
  return PRINTED.flatMap(([point, code, whole, decimals, unit]) => {
    const value = values[point]
    if (value === undefined) return []
    const printed = (unit === 'kW' ? value / 1_000 : value).toFixed(decimals)
    const full = group === '' ? code : `${group}:${code}*255`
    return [`${full}(${printed.padStart(whole + decimals + 1, '0')}${unit === '' ? '' : `*${unit}`})`]
  })
}
