import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, readText, repositoryRoot } from './source.ts'
import { conditionRows, filesOf, handlingRows, tableUnder } from './stories.ts'

const README = 'tests/flows/README.md'
const table = (heading: string) => tableUnder(readText(README), heading)
const withoutStory = (rows: readonly (readonly string[])[]) => rows.map((row) => row.slice(0, -1))

test('every rule of the domain has a story, or a test where it is kept', () => {
  const rules = table('Rules')
  expect(rules.map(([number]) => Number(number))).toEqual(Array.from({ length: 15 }, (_, n) => n + 1))
  expect(rules.filter((row) => filesOf(README, row).length === 0)).toEqual([])
})
test('every cell of both tables is what the machine does, and every row has a story', () => {
  expect(withoutStory(table('Condition'))).toEqual(conditionRows())
  expect(withoutStory(table('Handling'))).toEqual(handlingRows())
  const rows = [...table('Condition'), ...table('Handling')]
  expect(rows.filter((row) => !filesOf(README, row).some((file) => file.startsWith('tests/flows/')))).toEqual([])
})
test('every file that is named is there, and every story about an alarm is named', () => {
  const named = new Set(['Rules', 'Condition', 'Handling'].flatMap(table).flatMap((row) => filesOf(README, row)))
  expect([...named].filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([])
  const stories = filesUnder('tests/flows/alarm', ['.test.ts'])
  expect(stories.length).toBeGreaterThan(8)
  expect(stories.filter((file) => !named.has(file))).toEqual([])
})

test('each of these checks can fail', () => {
  const text = '# x\n\n## Rules\n\n| a | b |\n| --- | --- |\n| 1 | [gone](alarm/gone.test.ts) |\n\n## Handling\n'
  expect(tableUnder(text, 'Rules')).toEqual([['1', '[gone](alarm/gone.test.ts)']])
  expect(tableUnder(text, 'Handling')).toEqual([])
  expect(filesOf(README, ['1', '[gone](alarm/gone.test.ts)'])).toEqual(['tests/flows/alarm/gone.test.ts'])
})
