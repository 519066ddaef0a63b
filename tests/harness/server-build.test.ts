import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildServer } from '../../server/build.ts'

let folder = ''
const of = (name: string) => join(folder, name)
const madeAt = (name: string) => statSync(of(name)).mtimeMs
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'anju-build-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('it is built of these very sources, and once', async () => {
  await buildServer(folder)
  const [main, worker] = [madeAt('main.js'), madeAt('telemetry-worker.js')]
  await buildServer(folder)
  expect([madeAt('main.js'), madeAt('telemetry-worker.js')]).toEqual([main, worker])
  // Older by its date than every source: a copy, or what was taken out of an archive.
  utimesSync(of('main.js'), 0, 0)
  await buildServer(folder)
  expect(madeAt('main.js')).toBe(0)
})

test('of other sources, or with an entry that is gone, it is built anew', async () => {
  await buildServer(folder)
  const whole = readFileSync(of('main.js'), 'utf8')
  writeFileSync(of('main.js'), whole.replace(/made of .*/, 'made of something else'))
  await buildServer(folder)
  expect(readFileSync(of('main.js'), 'utf8')).toBe(whole)
  rmSync(of('telemetry-worker.js'))
  await buildServer(folder)
  expect(readdirSync(folder)).toContain('telemetry-worker.js')
})

test('two at once leave one whole build, and what a server of the build before may load for a while', async () => {
  writeFileSync(of('serve-before.js'), '')
  writeFileSync(of('serve-long-before.js'), '')
  utimesSync(of('serve-long-before.js'), 0, 0)
  await Promise.all([buildServer(folder), buildServer(folder)])
  const there = readdirSync(folder)
  const named = readFileSync(of('main.js'), 'utf8').matchAll(/["']\.\/([^"']+\.js)["']/g)
  const missing = [...named].flatMap(([, name]) => (name && !there.includes(name) ? [name] : []))
  expect(missing).toEqual([])
  expect(there.filter((name) => name.startsWith('serve-') && name.includes('before'))).toEqual(['serve-before.js'])
  expect(there.filter((name) => name.startsWith('.'))).toEqual([])
})
