import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { badNames, brokenImports, entries, onlyTested, silentTests, tooLong, unreachable } from './shape.ts'
import { filesUnder, readText, repositoryRoot, sourceOf, sources } from './source.ts'

const manifests = [
  ...filesUnder('.', ['package.json', 'vite.config.ts', 'vitest.config.ts', 'index.html']),
  'tsconfig.json',
].filter((path) => existsSync(join(repositoryRoot, path)))
const manifestTexts = () => Object.fromEntries(manifests.map((path) => [path, readText(path)]))
const starts = () => entries(sources(), manifestTexts())
const commands = { 'package.json': '"start": "node server/src/main.ts"' }
const from = (...files: ReturnType<typeof sourceOf>[]) => entries(files, commands)

test('files are of one or two screens', () => {
  expect(sources().length).toBeGreaterThan(30)
  expect(tooLong(sources())).toEqual([])
})
test('file names are kebab-case', () => {
  expect(badNames(sources())).toEqual([])
})
test('every import leads to a file', () => {
  expect(sources().flatMap(({ imports }) => imports.filter(({ target }) => target)).length).toBeGreaterThan(40)
  expect(brokenImports(sources())).toEqual([])
})
test('every file is reached from a command, a worker or a test', () => {
  expect([...starts()].filter((path) => existsSync(join(repositoryRoot, path))).length).toBeGreaterThan(5)
  expect(unreachable(sources(), starts())).toEqual([])
})
test('production code is reached without the help of a test', () => {
  expect(onlyTested(sources(), manifestTexts())).toEqual([])
})
test('no test is switched off, alone or to be written', () => {
  expect(sources().filter(({ path }) => path.endsWith('.test.ts')).length).toBeGreaterThan(3)
  expect(silentTests(sources())).toEqual([])
})

test('each of these checks can fail', () => {
  const long = sourceOf('server/src/long.ts', 'x\n'.repeat(301))
  expect(tooLong([long])).toEqual(['server/src/long.ts: 301 lines, at most 300'])
  expect(badNames([sourceOf('server/src/AlarmStore.ts', '')])).toEqual(['server/src/AlarmStore.ts'])
  expect(brokenImports([sourceOf('server/src/a.ts', "import './never-written.ts'")])).toHaveLength(1)

  const main = sourceOf('server/src/main.ts', "import './used.ts'")
  const used = sourceOf('server/src/used.ts', "new Worker(new URL('./worker.ts', import.meta.url))")
  const worker = sourceOf('server/src/worker.ts', '')
  const dead = sourceOf('server/src/dead.ts', '')
  const tested = sourceOf('server/src/dead.test.ts', "import './dead.ts'")
  expect(unreachable([main, used, worker, dead], from(main, used, worker, dead))).toEqual(['server/src/dead.ts'])
  const withTest = [main, used, worker, dead, tested]
  expect(unreachable(withTest, from(...withTest))).toEqual([])
  expect(onlyTested(withTest, commands)).toEqual(['server/src/dead.ts'])

  const bad = ["test.only('x', f)", "describe.skip('x', f)", "test.todo('x')", 'c.skip()', 'test.skipIf(no)(f)']
  expect(bad.filter((text) => silentTests([sourceOf('server/src/a.test.ts', text)]).length !== 1)).toEqual([])
  expect(silentTests([sourceOf('server/src/a.test.ts', "context.skip('socat is not installed')")])).toEqual([])
})
