import { QueryClient } from '@tanstack/react-query'
import { describe, expect, onTestFinished, test } from 'vitest'
import { importKeys, importSeen, isImportAwaited } from './import-kept.ts'

/** An import that ends when the test says so. */
function anImport(queries: QueryClient) {
  const { promise, resolve } = Promise.withResolvers<string>()
  const run = queries
    .getMutationCache()
    .build(queries, { mutationKey: importKeys.run, networkMode: 'always', mutationFn: () => promise })
  const ended = run.execute(undefined)
  return { end: async () => (resolve('report'), await ended) }
}

describe('an import whose page is away', () => {
  test('is awaited while it runs and until what came of it was seen; the next one is awaited anew', async () => {
    const queries = new QueryClient()
    onTestFinished(() => queries.clear())
    expect(isImportAwaited(queries)).toBe(false)
    const first = anImport(queries)
    importSeen(queries)
    expect(isImportAwaited(queries)).toBe(true)
    await first.end()
    expect(isImportAwaited(queries)).toBe(true)
    importSeen(queries)
    expect(isImportAwaited(queries)).toBe(false)
    const second = anImport(queries)
    expect(isImportAwaited(queries)).toBe(true)
    await second.end()
  })
})
