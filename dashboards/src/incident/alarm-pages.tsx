import type { Alarm, AlarmList } from '@anju/contract/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLink } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './alarm-pages.module.css'

interface Props {
  /** Beneath `alarm`, like everything that is forgotten when the seat is left. */
  readonly of: readonly string[]
  /** How often what is shown is read again by itself; never unless it says so. */
  readonly everyMs?: number
  readonly read: (cursor: string | null, signal: AbortSignal) => Promise<AlarmList>
  readonly words: { readonly loading: string; readonly none: string; readonly more: string }
  readonly renderRow: (alarm: Alarm) => ReactNode
}

/** Alarms that are not in the queue, a page at a time: each page is a look at that many homes, so nobody is read unasked. */
export function AlarmPages({ of, everyMs, read, words, renderRow }: Props) {
  const t = useText()
  const link = useLink()
  const cut = link === 'lost'
  const pages = useInfiniteQuery({
    queryKey: ['alarm', ...of],
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: everyMs ?? false,
    enabled: !cut,
  })
  // What moved between two pages while they were read is shown once.
  const alarms = [...new Map(pages.data?.pages.flatMap(({ items }) => items.map((one) => [one.id, one]))).values()]
  return (
    <>
      {pages.isPending && <output className={styles['soft']}>{words.loading}</output>}
      {pages.isError && <p role="alert">{sentenceOf(t, pages.error)}</p>}
      {pages.isSuccess && alarms.length === 0 && <p className={styles['soft']}>{words.none}</p>}
      <ul className={styles['alarms']}>
        {alarms.map((alarm) => (
          <li key={alarm.id} data-listed={alarm.id}>
            {renderRow(alarm)}
          </li>
        ))}
      </ul>
      {pages.hasNextPage && (
        <button
          type="button"
          className={styles['more']}
          data-action="more-alarms"
          aria-disabled={cut || pages.isFetchingNextPage}
          onClick={() => {
            if (!cut && !pages.isFetchingNextPage) void pages.fetchNextPage()
          }}
        >
          {words.more}
        </button>
      )}
    </>
  )
}
