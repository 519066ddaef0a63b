import { pieceOf } from '../pieces.ts'
import { type Inquiry, within } from './inquiry.ts'
import type { Kept } from './shelves.ts'

/** A value or a reason first of all, of a point that has spoken in many units. */
const firstRowsMax = 64

/**
 * What is kept for a question about [from, to). A bucket that keeps longer since yesterday has nothing more of the time before:
 * where this point's samples begin is asked of themselves, and what lies before is asked of the sums. Whole days are forgotten at
 * once, so five minutes that have a sample have all of theirs.
 */
export async function keptFor(inquiry: Inquiry, from: number, to: number): Promise<Kept> {
  const { wire, scripts, series, shelves } = inquiry
  const kept = await shelves.now()
  const begin = Math.max(from, kept.samplesFrom)
  const bound = within({ from: begin, to })
  if (kept.sums.length === 0 || begin >= kept.samplesSurelyFrom || !bound) return kept
  const first = (await wire.query(scripts.first, { ...series, ...bound }, firstRowsMax)).map(({ at }) => at)
  return { ...kept, samplesFrom: first.length === 0 ? to : Math.max(begin, pieceOf(Math.min(...first))) }
}
