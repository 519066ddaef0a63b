import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instant } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TokenFile } from './token-file.ts'

let folder: string
let path: string
let file: TokenFile
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-tokens-'))
  path = join(folder, 'new', 'tokens.env')
  file = new TokenFile(path, new VirtualClock(instant(0)))
})
afterEach(async () => {
  await file.close()
  rmSync(folder, { recursive: true, force: true })
})

test('nobody but its owner can read it, and a later token does not replace an earlier one', async () => {
  await file.open()
  await file.put('anju writer', 'first==')
  await file.close()
  await file.open()
  await file.put('anju writer', 'second==')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toEqual(['INFLUX_TOKEN_WRITER=first==', 'INFLUX_TOKEN_WRITER=second==', ''])
  expect(file.written).toEqual(['INFLUX_TOKEN_WRITER', 'INFLUX_TOKEN_WRITER'])
})

test('a file that others can read takes no secret', async () => {
  const open = join(folder, 'open.env')
  writeFileSync(open, '')
  chmodSync(open, 0o644)
  await expect(new TokenFile(open, new VirtualClock(instant(0))).open()).rejects.toThrow(/others can read .*chmod 600/)
})

test('a place where nothing can be written is named', async () => {
  writeFileSync(join(folder, 'plain'), '')
  const under = join(folder, 'plain', 'tokens.env')
  await expect(new TokenFile(under, new VirtualClock(instant(0))).open()).rejects.toThrow(`--tokens: ${under} cannot`)
  expect(existsSync(under)).toBe(false)
})
