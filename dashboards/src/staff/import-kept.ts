import type { QueryClient } from '@tanstack/react-query'

/** What an import is kept under while its page is away. */
export const importKeys = {
  run: ['household-import'],
  sent: ['household-import-sent'],
} as const

const seen = new WeakSet<object>()
const lastOf = (queries: QueryClient) => queries.getMutationCache().findAll({ mutationKey: importKeys.run }).at(-1)

/** An import is running, or it ended and nobody has looked at what came of it. */
export function isImportAwaited(queries: QueryClient): boolean {
  const last = lastOf(queries)
  return last !== undefined && !seen.has(last)
}

/** What came of it is on the page. */
export function importSeen(queries: QueryClient): void {
  const last = lastOf(queries)
  if (last && last.state.status !== 'pending') seen.add(last)
}

const hold = (event: BeforeUnloadEvent) => event.preventDefault()

/** While the work is done, whoever closes the page is asked first, wherever on it they are. */
export async function holdingPage<T>(work: () => Promise<T>): Promise<T> {
  addEventListener('beforeunload', hold)
  try {
    return await work()
  } finally {
    removeEventListener('beforeunload', hold)
  }
}
