import type { Alarm } from '@anju/contract/api'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { alarms } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { draftOf } from './draft.ts'

/** Each alarm's note for whoever has it next: what the log says for a draft, until somebody has written there. */
export function useNotes(mine: readonly Alarm[]) {
  const t = useText()
  const words = useWords()
  const [written, setWritten] = useState<Readonly<Record<string, string>>>({})
  const details = useQueries({
    queries: mine.map(({ id }) => ({
      queryKey: ['alarm', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => alarms.read(id, signal),
    })),
  })
  const drafts = new Map(details.flatMap(({ data }) => (data ? [[data.id, draftOf(data, t, words)] as const] : [])))
  return {
    noteOf: ({ id }: Alarm) => written[id] ?? drafts.get(id) ?? '',
    write: ({ id }: Alarm, text: string) => setWritten((before) => ({ ...before, [id]: text })),
  }
}
