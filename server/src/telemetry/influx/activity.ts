import { activityOf, checkedActivity } from '../activity.ts'
import { type Piece, pieceOf } from '../pieces.ts'
import { type ActivityQuery, type ActivityResult, activityDaysMax } from '../questions.ts'
import type { Row } from './answer.ts'
import { type Inquiry, lastToSpeak, numberOf, unitAtAnyTime, within } from './inquiry.ts'
import { keptFor } from './kept.ts'
import { regionsOf } from './regions.ts'

/** Four values of each piece, of a point that has spoken in up to four units. */
const activityRowsMax = activityDaysMax * 288 * 4 * 4

export async function askActivity(inquiry: Inquiry, query: ActivityQuery): Promise<ActivityResult> {
  checkedActivity(query)
  const { scripts, series, wire } = inquiry
  const regions = regionsOf(await keptFor(inquiry, query.from, query.to), [], query.from, query.to)
  const answers = await Promise.all(
    regions.map(async ({ bucket, ...range }) => {
      const bound = within(range)
      if (!bound) return []
      if (bucket === undefined) return wire.query(scripts.pieces, { ...series, ...bound }, activityRowsMax)
      return wire.query(scripts.sumPieces, { ...series, ...bound, bucket: { text: bucket } }, activityRowsMax)
    }),
  )
  const rows = answers.flat()
  const spoken = lastToSpeak(rows)
  const unit = spoken?.unit ?? (await unitAtAnyTime(inquiry))
  return { unit, hours: activityOf(piecesOf(rows, spoken?.field), unit, query) }
}

function piecesOf(rows: readonly Row[], field: string | undefined): Piece[] {
  const found = new Map<number, { at: number; count: number; min: number; max: number; last: number }>()
  for (const row of rows) {
    if (row.field !== field) continue
    const at = pieceOf(row.at)
    const piece = found.get(at) ?? { at, count: 0, min: 0, max: 0, last: 0 }
    found.set(at, piece)
    if (row.result === 'count') piece.count = numberOf(row)
    if (row.result === 'min') piece.min = numberOf(row)
    if (row.result === 'max') piece.max = numberOf(row)
    if (row.result === 'final') piece.last = numberOf(row)
  }
  return [...found.values()].filter(({ count }) => count > 0).sort((a, b) => a.at - b.at)
}
