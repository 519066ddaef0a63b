import { expect, test } from 'vitest'
import { type Manifest, undeclared } from './declared.ts'
import { readText, sourceOf, sources } from './source.ts'

const manifest = (path: string) => JSON.parse(readText(path)) as Manifest

test('whatever a file imports, its own package names', () => {
  const manifestOf = (name: string) => manifest(`${name}/package.json`)
  expect(undeclared(sources(), manifestOf, manifest('package.json'))).toEqual([])
})

test('what only the tests are promised does not run in production, and what nobody is promised nowhere', () => {
  const files = ['server/src/a.ts', 'server/src/a.test.ts'].map((path) =>
    sourceOf(
      path,
      "import 'node:fs'\nimport { b } from '@scope/known/deep'\nimport c from 'tool'\nimport d from 'ghost'",
    ),
  )
  const named = { dependencies: { '@scope/known': '1' }, devDependencies: { tool: '1' } }
  expect(undeclared(files, () => named, {})).toEqual([
    'server/src/a.ts:3 tool',
    'server/src/a.ts:4 ghost',
    'server/src/a.test.ts:4 ghost',
  ])
})
