import type { Transaction } from '../ports.ts'
import type { MeasurementQuery } from './store.ts'

export interface Series {
  readonly id: number
  readonly unit: string
  /** Epoch ms; pieces before it are summed. Null while none is. */
  readonly summed_to: number | null
}

/** A point whose unit changed has several series: the one that spoke last is meant. */
export async function seriesOf(
  tx: Transaction,
  { home, placement, point, from, to }: Omit<MeasurementQuery, 'steps'>,
): Promise<Series | undefined> {
  const [series] = await tx.query<Series>(SERIES_OF, [home, placement, point, from, to])
  return series
}

const SERIES_OF = `
  select id, unit, summed_to from series
  where home = $1 and placement = $2 and point = $3
    and exists (select from measurement where measurement.series = series.id)
  order by (select max(at) from measurement where measurement.series = series.id and at >= $4 and at < $5) desc nulls last,
           (select max(at) from measurement where measurement.series = series.id) desc nulls last, unit collate "C" limit 1`
