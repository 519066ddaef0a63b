import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { keptSealingKey, seal, sealingKeyOf, unseal } from './sealing.ts'
import { secretOf } from './secrets.ts'

const aKey = () => sealingKeyOf(secretOf(32).toString('base64url'), 'the test')
const plain = Buffer.from('a secret of twenty b')
const folders: string[] = []
const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'anju-key-'))
  folders.push(folder)
  return folder
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

test('what is sealed opens under its key for its owner, and is never sealed the same way twice', () => {
  const key = aKey()
  const sealed = seal(key, plain, 'li')
  expect(unseal(key, sealed, 'li')).toEqual(plain)
  expect(sealed.includes(plain)).toBe(false)
  expect(seal(key, plain, 'li')).not.toEqual(sealed)
})

test('it opens under no other key, for no other owner, and not when a bit of it was turned or it was cut', () => {
  const key = aKey()
  const sealed = seal(key, plain, 'li')
  expect(unseal(aKey(), sealed, 'li')).toBeUndefined()
  expect(unseal(key, sealed, 'chen')).toBeUndefined()
  for (let at = 0; at < sealed.length; at++) {
    const turned = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte))
    expect(unseal(key, turned, 'li')).toBeUndefined()
    expect(unseal(key, sealed.subarray(0, at), 'li')).toBeUndefined()
  }
})

test('a key is made once and kept for its owner alone, also when two servers start at once', async () => {
  const folder = aFolder()
  const [one, other] = await Promise.all([keptSealingKey(folder), keptSealingKey(folder)])
  expect(one).toEqual(other)
  expect(await keptSealingKey(folder)).toEqual(one)
  expect(statSync(join(folder, 'second-factor.key')).mode & 0o077).toBe(0)
  expect(readdirSync(folder)).toEqual(['second-factor.key'])
  expect(readFileSync(join(folder, 'second-factor.key'), 'utf8')).not.toContain(one.id)
})

test('a file that is no key is not replaced: what was sealed under the lost one would be lost with it', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'second-factor.key'), 'short\n')
  await expect(keptSealingKey(folder)).rejects.toThrow(/second-factor\.key: is not a key of 32 bytes/)
})
