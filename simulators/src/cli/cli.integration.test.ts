import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const simulate = (...args: string[]) => {
  const env = { ...process.env, ANJU_DEMO_PASSWORD: 'p' }
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env,
    encoding: 'utf8',
  })
  return { status, stderr }
}

test.for([
  { args: ['fleet', '--homes', '0'], says: 'homes: a whole number' },
  { args: ['--homes', '0', '--seed', '1'], says: 'homes: a whole number' },
  { args: ['--scenario', 'flood'], says: '--scenario: "flood" is none of' },
  { args: ['flood'], says: 'no command "flood"' },
])('simulate $args: a fleet needs no word of its own, and what is wrong is named', ({ args, says }) => {
  const { status, stderr } = simulate(...args)
  expect(stderr).toContain(says)
  expect(status).toBe(1)
})
