import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, readText, repositoryRoot } from './source.ts'
import { filesOf, tableUnder } from './stories.ts'

const README = 'docs/evidence/README.md'
const held = () => tableUnder(readText(README), 'Held by tests')

test('every observation that can be run is told of, and every file of evidence is one of them', () => {
  const ids = filesUnder('tests/observe', ['.ts']).flatMap((file) =>
    [...readText(file).matchAll(/^ {2,4}id: '([\w-]+)',\n {2,4}what:/gm)].map(([, id]) => id ?? ''),
  )
  expect(ids.length).toBeGreaterThan(12)
  const told = new Set([...readText(README).matchAll(/^\| `([\w-]+)`/gm)].map(([, id]) => id))
  expect(ids.filter((id) => !told.has(id))).toEqual([])
  const kept = filesUnder('docs/evidence', ['.json']).map((file) => file.replace(/^.*\/|\.json$/g, ''))
  expect(kept.filter((id) => !told.has(id))).toEqual([])
})
test('every test that stands for an observation is there', () => {
  const files = held().map((row) => filesOf(README, row))
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter((row) => row.length === 0)).toEqual([])
  expect(files.flat().filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([])
})
