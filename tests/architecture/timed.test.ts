import { matchesGlob } from 'node:path'
import { expect, test } from 'vitest'
import { timed } from '../harness/timed.ts'
import { filesUnder, readText } from './source.ts'

// Beside another test, what took long may have taken long because of that one.

const realParts = ['server', 'gateway', 'simulators', 'tests'].flatMap((folder) =>
  filesUnder(folder, ['.test.ts']).filter(
    (path) => path.endsWith('.integration.test.ts') || /^tests\/(?:browser|chaos|flows|integration)\//.test(path),
  ),
)
const hasTheMachine = (path: string) => timed.some((pattern) => matchesGlob(path, pattern))
const judgesTime = (text: string) => text.includes('performance.now() -')

test('a test with real parts that judges how long something took runs alone', () => {
  expect(realParts.filter((path) => judgesTime(readText(path)) && !hasTheMachine(path))).toEqual([])
})

test('every pattern still names a test', () => {
  expect(timed.filter((pattern) => !realParts.some((path) => matchesGlob(path, pattern)))).toEqual([])
})

test('each of these checks can fail', () => {
  expect(judgesTime('expect(performance.now() - from).toBeLessThan(2_000)')).toBe(true)
  expect(judgesTime('const from = 0')).toBe(false)
  expect(hasTheMachine('tests/browser/in-time.test.ts')).toBe(true)
  expect(hasTheMachine('tests/browser/homes.test.ts')).toBe(false)
})
