import type { Quantity, Reading } from '@anju/contract'
import { readRegister, registerOf } from './obis.ts'
import type { Measures } from './profile.ts'
import type { PointReading } from './telling.ts'

/**
 * What European electricity meters have a register for (`obis.ts` knows the codes). Each meter has some of them: a register it
 * does not send is not spoken of.
 */
export const electricityMeasures = {
  'active-energy': { quantity: 'active-energy-import', name: 'Active energy, import' },
  'active-energy-tariff-1': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 1' },
  'active-energy-tariff-2': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 2' },
  'active-energy-tariff-3': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 3' },
  'active-energy-tariff-4': { quantity: 'active-energy-import', name: 'Active energy, import, tariff 4' },
  'active-energy-reverse': { quantity: 'active-energy-export', name: 'Active energy, export' },
  'active-energy-reverse-tariff-1': { quantity: 'active-energy-export', name: 'Active energy, export, tariff 1' },
  'active-energy-reverse-tariff-2': { quantity: 'active-energy-export', name: 'Active energy, export, tariff 2' },
  'active-power': { quantity: 'active-power', name: 'Active power, import' },
  'active-power-reverse': { quantity: 'active-power', name: 'Active power, export' },
  'active-power-net': { quantity: 'active-power', name: 'Active power, import less export' },
  'active-power-a': { quantity: 'active-power', name: 'Active power, import, phase A' },
  'active-power-b': { quantity: 'active-power', name: 'Active power, import, phase B' },
  'active-power-c': { quantity: 'active-power', name: 'Active power, import, phase C' },
  'active-power-reverse-a': { quantity: 'active-power', name: 'Active power, export, phase A' },
  'active-power-reverse-b': { quantity: 'active-power', name: 'Active power, export, phase B' },
  'active-power-reverse-c': { quantity: 'active-power', name: 'Active power, export, phase C' },
  'active-power-net-a': { quantity: 'active-power', name: 'Active power, import less export, phase A' },
  'active-power-net-b': { quantity: 'active-power', name: 'Active power, import less export, phase B' },
  'active-power-net-c': { quantity: 'active-power', name: 'Active power, import less export, phase C' },
  'voltage-a': { quantity: 'electric-potential', name: 'Voltage, phase A' },
  'voltage-b': { quantity: 'electric-potential', name: 'Voltage, phase B' },
  'voltage-c': { quantity: 'electric-potential', name: 'Voltage, phase C' },
  'current-a': { quantity: 'electric-current', name: 'Current, phase A' },
  'current-b': { quantity: 'electric-current', name: 'Current, phase B' },
  'current-c': { quantity: 'electric-current', name: 'Current, phase C' },
  'power-factor': { quantity: 'power-factor', name: 'Power factor' },
  frequency: { quantity: 'frequency', name: 'Frequency' },
} as const satisfies Measures

/** What a frame says of the points that a profile measures; the rest of it is nobody's here. */
export function spokenOf<M extends Measures>(
  measures: M,
  readings: readonly PointReading[],
): Readonly<Partial<Record<keyof M & string, Reading>>> {
  const spoken: Partial<Record<string, Reading>> = {}
  for (const told of readings) if (isMeasured(measures, told)) spoken[told.point] = told.reading
  return spoken as Partial<Record<keyof M & string, Reading>>
}

/** The same of printed registers, by their codes: a register that nobody measures is not even read. */
export function registersSpoken<M extends Measures>(
  measures: M,
  printed: Iterable<{ readonly address: string; readonly value: string; readonly unit: string | undefined }>,
): Partial<Record<keyof M & string, Reading>> {
  const spoken: Partial<Record<string, Reading>> = {}
  for (const { address, value, unit } of printed) {
    const register = registerOf(address)
    if (register && isMeasured(measures, register)) spoken[register.point] = readRegister(register, value, unit)
  }
  return spoken
}

export const isMeasured = (
  measures: Measures,
  { point, quantity }: { readonly point: string; readonly quantity: Quantity },
): boolean => measures[point]?.quantity === quantity
