import { expect, test } from 'vitest'
import { seriousness } from './seriousness.ts'

test.for([
  ['sos-pressed', 'life', 'life'],
  ['sos-pressed', 'info', 'life'], // a mistaken rule must not make a press a record
  ['battery-low', 'life', 'life'],
  ['test', 'info', 'info'],
  ['something-new', 'hazard', 'hazard'],
] as const)('%s said to be %s is handled as %s', ([type, said, handled]) => {
  expect(seriousness(type, said)).toBe(handled)
})
