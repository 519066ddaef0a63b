import { firstValue } from '../first-value.ts'

export const decode = firstValue('1997', {
  '9010': 'active-energy',
  '901F': 'active-energy',
  B611: 'voltage',
  B61F: 'voltage',
  B621: 'current',
  B62F: 'current',
  B630: 'active-power',
  B631: 'active-power',
  B63F: 'active-power',
  B650: 'power-factor',
  B651: 'power-factor',
  B65F: 'power-factor',
})
