import { expect, test } from 'vitest'
import { circles } from './circles.ts'
import { sourceOf, sources } from './source.ts'

test('no files import each other in a circle', () => {
  expect(circles(sources())).toEqual([])
})

test('a circle is told with its way round, also one of types alone', () => {
  const files = [
    sourceOf('server/src/a.ts', "import { b } from './b.ts'"),
    sourceOf('server/src/b.ts', "import type { C } from './deep/c.ts'"),
    sourceOf('server/src/deep/c.ts', "import { b } from '../b.ts'\nexport * from '../d.ts'"),
    sourceOf('server/src/d.ts', ''),
  ]
  expect(circles(files)).toEqual(['server/src/b.ts → server/src/deep/c.ts → server/src/b.ts'])
})
