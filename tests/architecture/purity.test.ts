import { describe, expect, test } from 'vitest'
import { broken, idleExceptions, RULES } from './purity.ts'
import { sourceOf, sources } from './source.ts'

describe.for(RULES)('$name', (rule) => {
  test('holds in the whole tree', () => {
    expect(sources().length).toBeGreaterThan(30)
    expect(broken(rule, sources())).toEqual([])
  })
  test('excuses only what exists', () => {
    expect(idleExceptions(rule, sources())).toEqual([])
  })
})

test.for([
  'const t = Date.now()',
  'const t = new Date()',
  'setTimeout(f, 1)',
  'const t = performance.now()',
  "import { setTimeout as later } from 'node:timers/promises'",
  'const r = Math.random()',
  'const id = crypto.randomUUID()',
  'const level = process.env.LEVEL',
])('seen: %s', (text) => {
  const found = RULES.flatMap((rule) => broken(rule, [sourceOf('server/src/alarms/sample.ts', text)]))
  expect(found).not.toEqual([])
})

test.for([
  '// Date.now() is forbidden here',
  "throw new Error('Math.random is forbidden')",
  'const at = new Date(epochMs)',
  'const later = clock.after(delay, task)',
])('not mistaken: %s', (text) => {
  expect(RULES.flatMap((rule) => broken(rule, [sourceOf('server/src/alarms/sample.ts', text)]))).toEqual([])
})
