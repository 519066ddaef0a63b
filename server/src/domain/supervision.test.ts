import { expect, test } from 'vitest'
import { periodOf } from './supervision.ts'

test.for([
  { said: {}, life: true, lostAfterS: 86_400, why: 'nothing is known: it may be a button' },
  { said: { life: false }, life: false, lostAfterS: 259_200, why: 'no life hangs on it' },
  { said: { lostAfterS: 960 }, life: true, lostAfterS: 960, why: 'its profile knows better' },
  { said: { life: true, lostAfterS: 200_000 }, life: true, lostAfterS: 86_400, why: 'longer than a life may wait' },
  { said: { life: false, lostAfterS: 200_000 }, life: false, lostAfterS: 200_000, why: 'a slow meter' },
  {
    said: { life: false, lostAfterS: 999_999 },
    life: false,
    lostAfterS: 259_200,
    why: 'longer than anything may wait',
  },
])('$why: $said may be silent for $lostAfterS s', ({ said, life, lostAfterS }) => {
  expect(periodOf(said)).toEqual({ life, lostAfterS })
})
