import { firstValue } from '../first-value.ts'

export const decode = firstValue('2007', {
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
})
