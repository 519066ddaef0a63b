import { CONSENT_PURPOSES } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { agreed } from './consent.ts'

const silent = { given: [], withdrawn: [] }
const of = (given: readonly (typeof CONSENT_PURPOSES)[number][], withdrawn = given.slice(0, 0)) => ({
  given,
  withdrawn,
})

describe('what stands until it is taken back', () => {
  test.for(['alarm', 'responder-visit'] as const)('%s', (purpose) => {
    expect(agreed(purpose, [])).toBe(true)
    expect(agreed(purpose, [silent])).toBe(true)
    expect(agreed(purpose, [of([], [purpose])])).toBe(false)
    expect(agreed(purpose, [of([purpose], [purpose])])).toBe(true)
    expect(agreed(purpose, [silent, of([], [purpose])])).toBe(false)
  })
})

describe('what is told when all who live there have agreed', () => {
  test.for(['daily-state', 'routine', 'telemetry'] as const)('%s', (purpose) => {
    expect(agreed(purpose, [])).toBe(false)
    expect(agreed(purpose, [silent])).toBe(false)
    expect(agreed(purpose, [of([purpose])])).toBe(true)
    expect(agreed(purpose, [of([purpose]), silent])).toBe(false)
    expect(agreed(purpose, [of([purpose], [purpose])])).toBe(true)
  })
})

test('no purpose stands for another: an alarm is told whatever was said of the rest, and says nothing of it', () => {
  const others = CONSENT_PURPOSES.filter((purpose) => purpose !== 'alarm')
  expect(agreed('alarm', [of([], others)])).toBe(true)
  expect(CONSENT_PURPOSES.filter((purpose) => agreed(purpose, [of(['alarm'], others)]))).toEqual(['alarm'])
})
