import type { ImportReport } from '@anju/contract/api'
import { skipToken, useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { sendHouseholds } from '../api/import-calls.ts'

interface Asked {
  readonly file: File
  readonly dryRun: boolean
}
export type ImportState =
  | { readonly is: 'idle' }
  /** `sent` of `file.size`: what the server has read so far. */
  | (Asked & { readonly is: 'running'; readonly sentBytes: number })
  | (Asked & { readonly is: 'done'; readonly report: ImportReport })
  | (Asked & { readonly is: 'failed'; readonly error: unknown })

const runKey = ['household-import']
const sentKey = ['household-import-sent']

/**
 * One import at a time. It goes on while its page is away, since a supervisor must be able to take an alarm meanwhile, and what
 * came of it is still there when they are back.
 */
export function useHouseholdImport(): { readonly state: ImportState; readonly run: (asked: Asked) => void } {
  const queries = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: runKey,
    networkMode: 'always',
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: ({ file, dryRun }: Asked) => {
      queries.setQueryData(sentKey, 0)
      return sendHouseholds({ file, dryRun, onProgress: (bytes) => queries.setQueryData(sentKey, bytes) })
    },
    // What was taken in has contacts, or lacks them.
    onSettled: (_report, _error, { dryRun }) =>
      dryRun ? undefined : queries.invalidateQueries({ queryKey: ['readiness'] }),
  })
  const { data: sentBytes = 0 } = useQuery<number>({ queryKey: sentKey, queryFn: skipToken })
  const last = useMutationState({ filters: { mutationKey: runKey }, select: ({ state }) => state }).at(-1)
  return {
    state: stateOf(last, sentBytes),
    run(asked) {
      if (last?.status === 'pending') return
      // A report may name thousands of rows: one of them is kept.
      const cache = queries.getMutationCache()
      for (const old of cache.findAll({ mutationKey: runKey })) cache.remove(old)
      mutate(asked)
    },
  }
}

interface Kept {
  readonly status: string
  readonly variables?: unknown
  readonly data?: unknown
  readonly error: unknown
}

function stateOf(last: Kept | undefined, sentBytes: number): ImportState {
  if (!last?.variables) return { is: 'idle' }
  const asked = last.variables as Asked
  switch (last.status) {
    case 'pending':
      return { is: 'running', ...asked, sentBytes }
    case 'success':
      return { is: 'done', ...asked, report: last.data as ImportReport }
    case 'error':
      return { is: 'failed', ...asked, error: last.error }
    default:
      return { is: 'idle' }
  }
}
