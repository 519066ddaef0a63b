import { hours, minutes, parseInstant, plus, seconds, seededRandom } from '@anju/contract'
import { expect, test } from 'vitest'
import { deedsOf, SCENARIOS, simulatedAt } from './scenarios.ts'

test.for(SCENARIOS)('%s is the same for the same seed and stays within its time', (scenario) => {
  for (let seed = 0; seed < 50; seed++) {
    const deeds = deedsOf(scenario, minutes(5), 1, seededRandom(seed))
    expect(deeds.map(({ after }) => after)).toEqual(
      deedsOf(scenario, minutes(5), 1, seededRandom(seed)).map(({ after }) => after),
    )
    for (const { after } of deeds) expect(after).toBeLessThan(minutes(5))
  }
})

const homes = (scenario: (typeof SCENARIOS)[number], speed = 1) =>
  Array.from({ length: 500 }, (_, seed) => deedsOf(scenario, minutes(10), speed, seededRandom(seed)))

test('a power cut comes to most homes within ten seconds, and hardly anybody presses', () => {
  const cut = homes('power-cut').filter((deeds) => deeds.length > 0)
  expect(cut.length).toBeGreaterThan(350)
  expect(cut.length).toBeLessThan(450)
  const firsts = cut.map(([first]) => first?.after ?? 0)
  expect(Math.max(...firsts) - Math.min(...firsts)).toBeLessThanOrEqual(seconds(10))
  expect(cut.filter((deeds) => deeds.length > 1).length).toBeLessThan(40)
})

test('homes press about once a minute, and faster when time does', () => {
  const presses = homes('presses').flat().length / 500
  expect(presses).toBeGreaterThan(9)
  expect(presses).toBeLessThan(11)
  expect(homes('presses', 4).flat().length / 500).toBeGreaterThan(36)
  expect(homes('quiet').flat()).toEqual([])
})

test('at any speed, the simulated time ends now', () => {
  const now = parseInstant('2026-03-09T12:00:00.000Z')
  expect(simulatedAt(now, plus(now, minutes(10)), 1)).toBe(now)
  expect(simulatedAt(now, plus(now, minutes(10)), 60)).toBe(plus(now, minutes(10)) - hours(10))
  expect(simulatedAt(plus(now, minutes(10)), plus(now, minutes(10)), 60)).toBe(plus(now, minutes(10)))
})
