import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readingOver } from './dead-line.ts'

/** A list on the page: its first answer never comes, each later one is there at once. */
function aList(queries: QueryClient, name: string) {
  let asked = 0
  const observer = new QueryObserver<string>(queries, {
    queryKey: [name],
    networkMode: 'always',
    queryFn: ({ signal }) => {
      asked++
      if (asked > 1) return Promise.resolve(name)
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('called off'))))
    },
  })
  return { observer, leave: observer.subscribe(() => {}), asked: () => asked }
}
function aPage(): QueryClient {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: 1 } } })
  onTestFinished(() => queries.clear())
  return queries
}

describe('when the line is back', () => {
  test('a list that was being read when it went is read, once', async () => {
    const queries = aPage()
    const hear = readingOver(queries)
    const list = aList(queries, 'people')
    hear('live')
    hear('lost')
    await expect.poll(() => list.observer.getCurrentResult().fetchStatus).toBe('idle')
    expect(list.observer.getCurrentResult().status).toBe('pending')
    hear('lost')
    hear('live')
    hear('live')
    await expect.poll(() => list.observer.getCurrentResult().data).toBe('people')
    expect(list.asked()).toBe(2)
  })

  test('what is on the page already, and what nobody looks at any more, is not read again', async () => {
    const queries = aPage()
    const hear = readingOver(queries)
    const left = aList(queries, 'left')
    const known = aList(queries, 'known')
    queries.setQueryData(['known'], 'of before')
    const awaited = aList(queries, 'awaited')
    hear('lost')
    left.leave()
    hear('live')
    await expect.poll(() => awaited.observer.getCurrentResult().data).toBe('awaited')
    expect([left.asked(), known.asked()]).toEqual([1, 1])
    expect(known.observer.getCurrentResult().data).toBe('of before')
  })
})
