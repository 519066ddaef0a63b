import type { TimelineEntry } from '@anju/contract/api'

/** When something was heard that came in late, and how late; undefined for what was told as it happened. */
export function latenessOf({ detail }: Pick<TimelineEntry, 'detail'>): { heardAt: string; byMs: number } | undefined {
  const { heardAt, lateByS } = detail
  return typeof heardAt === 'string' && typeof lateByS === 'number' ? { heardAt, byMs: lateByS * 1_000 } : undefined
}
