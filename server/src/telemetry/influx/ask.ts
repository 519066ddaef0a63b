import { DomainError } from '@anju/contract'
import type { Bucket } from '@anju/contract/api'
import { absenceAt, absenceNamed, valueAt } from '../buckets.ts'
import { bucketsMax, type MeasurementQuery, type MeasurementResult } from '../store.ts'
import { type Inquiry, lastToSpeak, numberOf, rowsMax, unitAtAnyTime } from './inquiry.ts'
import { influxTimes } from './line-protocol.ts'
import { askSteps } from './steps.ts'

export async function ask(inquiry: Inquiry, query: MeasurementQuery): Promise<MeasurementResult> {
  const from = Math.max(query.from, influxTimes.earliest)
  const to = Math.min(query.to, influxTimes.latest)
  const within = { ...query, from, to }
  return query.steps ? askSteps(inquiry, within, query.steps) : askRaw(inquiry, within)
}

async function askRaw(inquiry: Inquiry, { from, to }: MeasurementQuery): Promise<MeasurementResult> {
  const rows =
    from < to
      ? await inquiry.wire.query(
          inquiry.scripts.raw,
          { ...inquiry.series, begin: { time: from }, end: { time: to }, most: { integer: bucketsMax + 1 } },
          rowsMax,
        )
      : []
  const spoken = lastToSpeak(rows)
  if (!spoken) return { unit: await unitAtAnyTime(inquiry), buckets: [] }
  const buckets = new Map<number, Bucket>()
  for (const row of rows)
    if (row.field === spoken.field && row.result === 'absences')
      buckets.set(row.at, absenceAt(row.at, absenceNamed(row.value)))
  // A value and a reason for the same instant: the value is what was measured.
  for (const row of rows)
    if (row.field === spoken.field && row.result === 'samples') buckets.set(row.at, valueAt(row.at, numberOf(row)))
  if (buckets.size > bucketsMax)
    throw new DomainError(
      'range-too-long',
      `more than ${bucketsMax} samples: ask for steps with \`every\`, or for less`,
    )
  const inOrder = [...buckets].sort(([a], [b]) => a - b).map(([, bucket]) => bucket)
  return { unit: spoken.unit, buckets: inOrder }
}
