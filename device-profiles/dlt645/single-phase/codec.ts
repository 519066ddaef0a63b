import { DomainError } from '@anju/contract'
import { identifierOf, readValues } from '../../protocols/dlt645/identifiers.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

export type Point = 'voltage' | 'current' | 'active-power' | 'active-energy' | 'frequency' | 'power-factor'

/** Phase A and the totals. In the blocks a single-phase meter fills phases B and C with zeros, which are no power cut. */
const POINTS: Readonly<Record<string, Point>> = {
  '00010000': 'active-energy',
  '0001FF00': 'active-energy',
  '02010100': 'voltage',
  '0201FF00': 'voltage',
  '02020100': 'current',
  '0202FF00': 'current',
  '02030000': 'active-power',
  '02030100': 'active-power',
  '0203FF00': 'active-power',
  '02060000': 'power-factor',
  '02060100': 'power-factor',
  '0206FF00': 'power-factor',
  '02800002': 'frequency',
}

export function decode({ di, data }: DriverMessages['dlt645-2007']): Decoded<Point> {
  const point = POINTS[di]
  const identifier = identifierOf('2007', di)
  if (!point || !identifier)
    throw new DomainError('frame-unknown', `data identifier ${di} is none of this meter's`, { di })
  const [first] = readValues(identifier, data).values
  return { readings: first ? { [point]: first.reading } : {}, events: [] }
}
