import type { NamedSeries } from './series.ts'
import { compareNames } from './series.ts'

/** A series as both ends have it; one of them may not. */
export interface Pair {
  readonly source: NamedSeries | undefined
  readonly target: NamedSeries | undefined
}

/** Two ordered lists side by side. */
export async function* joined(
  sources: AsyncGenerator<NamedSeries>,
  targets: AsyncGenerator<NamedSeries>,
): AsyncGenerator<Pair> {
  try {
    let source = await next(sources)
    let target = await next(targets)
    while (source || target) {
      const order = !source ? 1 : !target ? -1 : compareNames(source.name, target.name)
      yield { source: order <= 0 ? source : undefined, target: order >= 0 ? target : undefined }
      if (order <= 0) source = await next(sources)
      if (order >= 0) target = await next(targets)
    }
  } finally {
    await sources.return(undefined)
    await targets.return(undefined)
  }
}

async function next(list: AsyncGenerator<NamedSeries>): Promise<NamedSeries | undefined> {
  const { done, value } = await list.next()
  return done ? undefined : value
}
