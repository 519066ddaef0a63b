import { instant, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { LoginLimit } from './login-limit.ts'
import { hashPassword, newSecret, newSessionId, passwordMatches } from './secrets.ts'

test('a password matches its own hash, and no other', async () => {
  const stored = await hashPassword('正确的密码')
  expect(stored).toMatch(/^argon2id\$19456\$2\$1\$/)
  expect(await passwordMatches('正确的密码', stored)).toBe(true)
  expect(await passwordMatches('wrong', stored)).toBe(false)
  expect(await passwordMatches('x', 'plain text')).toBe(false)
  expect(await hashPassword('正确的密码')).not.toBe(stored)
})

test('session ids are UUIDs, and no two secrets are alike', () => {
  expect(newSessionId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(Array.from({ length: 100 }, newSecret)).size).toBe(100)
})

test('five wrong passwords close an account to one address for the rest of the minute, and to no other; of six at once the sixth is too many', async () => {
  const clock = new VirtualClock(instant(0))
  const limit = new LoginLimit(clock)
  for (let i = 0; i < 5; i++) {
    expect(limit.waitS('li', 'a')).toBe(0)
    limit.tries('li', 'a')
  }
  expect(() => limit.tries('li', 'a')).toThrow(/too many wrong tries/)
  await clock.pass(seconds(20))
  expect([limit.waitS('LI', 'a'), limit.waitS('li', 'b'), limit.waitS('chen', 'a')]).toEqual([40, 0, 0])
  await clock.pass(seconds(40))
  expect(limit.waitS('li', 'a')).toBe(0)
  limit.tries('li', 'a')
  limit.untried('li', 'a')
  for (let i = 0; i < 5; i++) limit.tries('li', 'a')
  limit.succeeded('li', 'a')
  expect(limit.waitS('li', 'a')).toBe(0)
})
