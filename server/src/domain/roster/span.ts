import type { Instant } from '@anju/contract'

/** From an instant, inclusive, to another, exclusive: what ends at midnight and what begins at it leave no moment between. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

export const contains = ({ from, to }: Span, at: Instant): boolean => from <= at && at < to

/** What of both is the same. Undefined when they only touch. */
export function shared(one: Span, other: Span): Span | undefined {
  const from = one.from > other.from ? one.from : other.from
  const to = one.to < other.to ? one.to : other.to
  return from < to ? { from, to } : undefined
}

/** The same moments as few spans, in order. */
export function united(spans: readonly Span[]): Span[] {
  const united: Span[] = []
  for (const span of spans.filter(({ from, to }) => from < to).sort((one, other) => one.from - other.from)) {
    const last = united.at(-1)
    if (!last || span.from > last.to) united.push(span)
    else if (span.to > last.to) united[united.length - 1] = { from: last.from, to: span.to }
  }
  return united
}

/** What of a window no span covers. */
export function uncovered(window: Span, spans: readonly Span[]): Span[] {
  const gaps: Span[] = []
  let from = window.from
  for (const span of united(spans)) {
    if (span.to <= from) continue
    if (span.from >= window.to) break
    if (span.from > from) gaps.push({ from, to: span.from })
    from = span.to
  }
  if (from < window.to) gaps.push({ from, to: window.to })
  return gaps
}
