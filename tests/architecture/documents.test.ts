import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { claims, deadLinks, linksOf, undocumentedFolders, workplaceNames } from './documents.ts'
import { filesUnder, PACKAGES, readText, repositoryRoot } from './source.ts'

const documents = (...endings: string[]) => filesUnder('.', endings).map((path) => ({ path, text: readText(path) }))
const everything = () =>
  documents('.ts', '.tsx', '.md', '.json', '.sql', '.html', '.css', '.yml', '.yaml', '.sh').filter(
    ({ path }) => path !== 'package-lock.json',
  )
const readme = (name: string) =>
  existsSync(join(repositoryRoot, name, 'README.md')) ? readText(`${name}/README.md`) : ''

test('every link of a document leads to a file', () => {
  const all = documents('.md')
  expect(all.length).toBeGreaterThan(6)
  expect(deadLinks(all)).toEqual([])
})
test('nothing names a machine or a workplace', () => {
  expect(everything().length).toBeGreaterThan(50)
  expect(workplaceNames(everything())).toEqual([])
})
test('nothing claims to conform to a standard', () => {
  expect(claims(everything())).toEqual([])
})
test('every package says what it is, and every folder of its source is on a map', () => {
  const map = readText('docs/ARCHITECTURE.md')
  expect(PACKAGES.filter((name) => readme(name).length < 100)).toEqual([])
  const folders = PACKAGES.flatMap((name) =>
    existsSync(join(repositoryRoot, name, 'src'))
      ? readdirSync(join(repositoryRoot, name, 'src'), { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => `${name}/src/${entry.name}`)
      : [],
  )
  expect(folders.length).toBeGreaterThan(8)
  expect(undocumentedFolders(folders, (folder) => map + readme(folder.split('/')[0] ?? ''))).toEqual([])
})

test('each of these checks can fail', () => {
  expect(linksOf('see [a](b/c.md#d), [web](https://example.org) and [here](#top)')).toEqual(['b/c.md'])
  expect(deadLinks([{ path: 'docs/x.md', text: '[gone](never-written.md)' }])).toHaveLength(1)
  const bad = ['/wo', '/ro', '/Us', '/ho'].map(
    (start, index) => start + ['rk/main/x', 'ot/x', 'ers/me/x', 'me/me/x'][index],
  )
  expect(bad.filter((text) => workplaceNames([{ path: 'x.md', text }]).length !== 1)).toEqual([])
  expect(workplaceNames([{ path: 'x.md', text: 'GET /api/v1/homes/home-1/modes and ./network/main' }])).toEqual([])
  expect(claims([{ path: 'x.md', text: ['This', 'complies', 'with X'].join(' ') }])).toHaveLength(1)
  const map = '`broker/` speaks MQTT, and that is no mystery'
  expect(undocumentedFolders(['server/src/broker', 'server/src/mystery'], () => map)).toEqual(['server/src/mystery'])
})
