import { expect, test } from 'vitest'
import { blank, importsOf, sources } from './source.ts'

test('the scanner sees the tree it judges', () => {
  const seen = sources()
  expect(seen.length).toBeGreaterThan(30)
  expect(seen.flatMap(({ imports }) => imports).length).toBeGreaterThan(60)
  expect(seen.flatMap(({ imports }) => imports).filter(({ target }) => target).length).toBeGreaterThan(40)
  expect(new Set(seen.map(({ path }) => path.split('/')[0])).size).toBeGreaterThanOrEqual(6)
})

test.for([
  { code: 'a() // Date.now()', leaves: 'a()              ' },
  { code: "f('Date.now()')", leaves: "f('          ')" },
  { code: 'f(`x ${Date.now()} y`)', leaves: 'f(`  ${Date.now()}  `)' },
  { code: 'f(`${ {a: `}`} }b`)', leaves: 'f(`${ {a: ` `} } `)' },
  { code: "x = /['`]/.test(y) + 'z'", leaves: "x = /    /.test(y) + ' '" },
  { code: 'a / b / c', leaves: 'a / b / c' },
  { code: "it's\nDate.now()", leaves: "it' \nDate.now()" },
  { code: '/* a\nb */c', leaves: '    \n    c' },
])('blanking $code', ({ code, leaves }) => {
  expect(blank(code)).toBe(leaves)
})

test('imports in every form are found, and those inside strings and comments are not', () => {
  const text = [
    "import { a } from './a.ts'",
    "import type { B } from '../b.ts'",
    "export * from '@anju/contract'",
    "import './side.ts'",
    "import url from './bundled.ts?worker&url'",
    "const c = await import('@anju/gateway/app')",
    "new Worker(new URL('./worker.ts', import.meta.url))",
    "import {\n  d,\n} from 'node:fs'",
    "// import x from './no.ts'",
    'const sample = "import y from \'./no.ts\'"',
  ].join('\n')
  const found = importsOf('server/src/x/y.ts', text)
  expect(found.map(({ target }) => target ?? 'outside').sort()).toEqual(
    [
      'server/src/x/a.ts',
      'server/src/b.ts',
      'contract/src/index.ts',
      'server/src/x/side.ts',
      'server/src/x/bundled.ts',
      'gateway/src/app.ts',
      'server/src/x/worker.ts',
      'outside',
    ].sort(),
  )
})
