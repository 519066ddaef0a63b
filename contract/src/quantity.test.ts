import { describe, expect, test } from 'vitest'
import { CLASS_RANK, classOf, EVENT_CLASSES, EVENT_TYPES, type EventType, isEventType, laneOf } from './event.ts'
import { definitionOf, isQuantity, QUANTITIES, type Quantity, UNITS } from './quantity.ts'
import { absent, plausible, reading } from './reading.ts'

/** SenML (RFC 8428 §12.1) and its secondary units (RFC 8798 §3) that a home needs. */
const SENML = [
  'V',
  'A',
  'W',
  'var',
  'VA',
  '/',
  'Hz',
  'kWh',
  'm3',
  'Cel',
  '%RH',
  'lx',
  '%EL',
  'dBW',
  'm',
  '%',
  '1/min',
  'beat/min',
  'hPa',
  'ppm',
]

describe.for(Object.keys(QUANTITIES) as Quantity[])('%s', (quantity) => {
  const { unit, min, max, kind, counter } = definitionOf(quantity)

  test('has a unit of the standards and a range', () => {
    expect(SENML).toContain(unit)
    expect(UNITS).toContain(unit)
    expect(max).toBeGreaterThan(min)
    expect(isQuantity(quantity)).toBe(true)
  })

  test('is plausible at its ends, and absent beyond them', () => {
    expect(plausible(quantity, reading(min))).toEqual(reading(min))
    expect(plausible(quantity, reading(max))).toEqual(reading(max))
    expect(plausible(quantity, reading(max + 1))).toEqual(absent('implausible'))
    expect(plausible(quantity, reading(min - 1))).toEqual(absent('implausible'))
    expect(plausible(quantity, absent('no-answer'))).toEqual(absent('no-answer'))
  })

  test('is 0 or 1 when a switch, and never below 0 when it counts', () => {
    expect(kind === 'switch' ? [unit, min, max] : ['/', 0, 1]).toEqual(['/', 0, 1])
    expect(counter ? min : 0).toBe(0)
  })
})

test('what is no quantity is none', () => {
  for (const text of ['', 'voltage', 'constructor', '__proto__', 'toString']) expect(isQuantity(text)).toBe(false)
  for (const text of ['', 'anju.smoke', 'constructor', '__proto__']) expect(isEventType(text)).toBe(false)
})

test('a number that is none is absent, never 0', () => {
  expect(reading(Number.NaN)).toEqual(absent('invalid'))
  expect(reading(Number.POSITIVE_INFINITY)).toEqual(absent('invalid'))
  expect(reading(true)).toEqual({ is: 'value', value: 1 })
  expect(reading(false)).toEqual({ is: 'value', value: 0 })
})

test('every event has a class, a rank and a lane; life and hazard share the lane that is never held back', () => {
  const types = Object.keys(EVENT_TYPES) as EventType[]
  expect(types).toContain('sos-pressed')
  for (const type of types) expect(EVENT_CLASSES).toContain(classOf(type))
  expect(EVENT_CLASSES.toSorted((a, b) => CLASS_RANK[a] - CLASS_RANK[b])).toEqual([
    'life',
    'hazard',
    'technical',
    'info',
  ])
  expect(EVENT_CLASSES.map(laneOf)).toEqual(['life', 'life', 'technical', 'technical'])
})
