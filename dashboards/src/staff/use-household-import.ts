import type { ImportReport } from '@anju/contract/api'
import { skipToken, useMutation, useMutationState, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { sendHouseholds } from '../api/import-calls.ts'
import { holdingPage, importKeys, importSeen } from './import-kept.ts'

interface Asked {
  readonly file: File
  readonly dryRun: boolean
  /** So many homes are to be taken in, as the trial before has it. */
  readonly homes: number
}
export type ImportState =
  | { readonly is: 'idle' }
  /** `sent` of `file.size`: what the server has read so far. */
  | (Asked & { readonly is: 'running'; readonly sentBytes: number })
  | (Asked & { readonly is: 'done'; readonly report: ImportReport })
  | (Asked & { readonly is: 'failed'; readonly error: unknown })

/**
 * One import at a time. It goes on while its page is away, since a supervisor must be able to take an alarm meanwhile, and what
 * came of it is still there when they are back.
 */
export function useHouseholdImport(): { readonly state: ImportState; readonly run: (asked: Asked) => void } {
  const queries = useQueryClient()
  const { mutate } = useMutation({
    mutationKey: importKeys.run,
    networkMode: 'always',
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: ({ file, dryRun }: Asked) => {
      queries.setQueryData(importKeys.sent, 0)
      const onProgress = (bytes: number) => queries.setQueryData(importKeys.sent, bytes)
      return holdingPage(() => sendHouseholds({ file, dryRun, onProgress }))
    },
    // What was taken in has contacts, or lacks them.
    onSettled: (_report, _error, { dryRun }) =>
      dryRun ? undefined : queries.invalidateQueries({ queryKey: ['readiness'] }),
  })
  const { data: sentBytes = 0 } = useQuery<number>({ queryKey: importKeys.sent, queryFn: skipToken })
  const last = useMutationState({ filters: { mutationKey: importKeys.run }, select: ({ state }) => state }).at(-1)
  const status = last?.status
  useEffect(() => {
    if (status !== undefined && status !== 'pending') importSeen(queries)
  }, [queries, status])
  return {
    state: stateOf(last, sentBytes),
    run(asked) {
      if (last?.status === 'pending') return
      // A report may name thousands of rows: one of them is kept.
      const cache = queries.getMutationCache()
      for (const old of cache.findAll({ mutationKey: importKeys.run })) cache.remove(old)
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
