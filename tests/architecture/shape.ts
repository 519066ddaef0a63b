import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isTest, lineAt, packageOf, repositoryRoot, type Source } from './source.ts'

export const linesMax = 300
/** A table of rows given, input, becomes is read row by row. */
export const testLinesMax = 400

export const tooLong = (sources: readonly Source[]): string[] =>
  sources
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .map((file) => ({ ...file, max: isTest(file.path) ? testLinesMax : linesMax }))
    .filter(({ lines, max }) => lines > max)
    .map(({ path, lines, max }) => `${path}: ${lines} lines, at most ${max}`)

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.tsx?$/
export const badNames = (sources: readonly Source[]): string[] =>
  sources.map(({ path }) => path).filter((path) => !KEBAB.test(path.split('/').at(-1) ?? ''))

/** Where running begins: what npm scripts name, what a configuration file names, and every test. */
export function entries(sources: readonly Source[], texts: Readonly<Record<string, string>>): Set<string> {
  const found = new Set(
    sources.map(({ path }) => path).filter((path) => /\.test\.tsx?$|(?:vite|vitest)\.config\.ts$/.test(path)),
  )
  for (const [file, text] of Object.entries(texts))
    for (const match of text.matchAll(/[\w@./-]+\.tsx?\b/g)) {
      const named = match[0].replace(/^\.?\//, '')
      found.add(named)
      found.add(join(dirname(file), named).replaceAll('\\', '/'))
    }
  // A process that another one starts is named in a string there.
  for (const { path, text } of sources)
    for (const match of text.matchAll(/['"`](?:\.{0,2}\/)?([\w-]+(?:\/[\w.-]+)*\.ts)['"`]/g)) {
      const named = match[1] ?? ''
      found.add(named)
      found.add(join(dirname(path), named).replaceAll('\\', '/'))
      found.add(join(packageOf(path), named).replaceAll('\\', '/'))
    }
  return found
}

/** Source files no entry leads to: dead code, or a part that nobody wired. */
export function unreachable(sources: readonly Source[], starts: ReadonlySet<string>): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const queue = [...starts].filter((path) => byPath.has(path))
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const { target } of byPath.get(path)?.imports ?? [])
      if (target && byPath.has(target) && !reached.has(target)) queue.push(target)
  }
  return [...byPath.keys()].filter((path) => !reached.has(path) && !path.endsWith('.d.ts'))
}

/** Helpers of tests that stand beside the code they test. */
const TEST_HELPERS: Readonly<Record<string, string>> = {
  'contract/src/virtual-clock.ts': 'drives every test that depends on time',
  'gateway/src/outbox/outbox-killed-child.ts': 'the process that the outbox test kills',
  '../../gateway/src/silent-log.ts': 'a log for tests that read no log',
}

/** A protocol is complete in itself: what it can ask for is proven by its tests before a driver or a simulator asks it. */
const PROVEN_ALONE = /^device-profiles\/protocols\//

/** Production files that only tests lead to: they look alive and do nothing. */
export function onlyTested(sources: readonly Source[], manifests: Readonly<Record<string, string>>): string[] {
  const production = sources.filter(({ path }) => !isTest(path))
  const starts = new Set([...entries(production, manifests)].filter((path) => !isTest(path)))
  return unreachable(production, starts).filter((path) => !TEST_HELPERS[path] && !PROVEN_ALONE.test(path))
}

/** Imports whose file does not exist. */
export const brokenImports = (sources: readonly Source[]): string[] =>
  sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => target && !existsSync(join(repositoryRoot, target)))
      .map(({ specifier, line }) => `${path}:${line} ${specifier}`),
  )

/** A test that is switched off, alone, or still to be written; and a condition that skips without saying why. */
export function silentTests(sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, code, text } of sources) {
    if (!isTest(path)) continue
    for (const match of code.matchAll(/\b(?:test|it|describe|suite)\.(?:only|todo|skip|fails)\b|\bx(?:it|describe)\(/g))
      found.push(`${path}:${lineAt(text, match.index)} ${match[0]}`)
    for (const match of code.matchAll(/\bskip\(\s*\)/g))
      found.push(`${path}:${lineAt(text, match.index)} skip without a reason`)
    const conditional = /\b(?:skipIf|runIf)\(/.exec(code)
    if (conditional && !/\bconsole\.(?:log|warn|info|error)\(|\bstderr\.write\(/.test(code))
      found.push(`${path}:${lineAt(text, conditional.index)} ${conditional[0]} and no reason is printed`)
  }
  return found
}
