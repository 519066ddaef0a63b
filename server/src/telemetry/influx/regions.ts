import { pieceFrom, pieceOf } from '../pieces.ts'
import type { Kept } from './shelves.ts'

/** A part of a range, and the bucket that answers for it; undefined for the one with the samples. */
export interface Region {
  readonly of: 'samples' | 'five-minutes' | 'days'
  readonly bucket: string | undefined
  readonly from: number
  readonly to: number
}

/**
 * The parts of [from, to), in order of time. As long as there are samples they are asked: they have the newest minutes, and
 * whatever came too late to be summed. Before them it is the sums of five minutes; before those the days, as far as a step is
 * made of whole ones. Of a piece or a day that the range cuts nothing is told: nobody knows any more what lay on which side.
 */
export function regionsOf({ samplesFrom, sums }: Kept, steps: readonly number[], from: number, to: number): Region[] {
  const fine = sums.find(({ of }) => of === 'five-minutes')
  const samples = { of: 'samples', bucket: undefined } as const
  if (!fine || samplesFrom <= from) return [{ ...samples, from, to }]
  const fineFrom = Math.max(fine.from, from)
  const coarse = sums.find(({ of }) => of === 'days')
  const [first] = steps.filter((at) => at >= from)
  // A day cannot be cut: the step in which five minutes begin is told by its days.
  const cut = steps.find((at) => at >= fineFrom) ?? to
  const days =
    coarse && fine.from > from && first !== undefined
      ? [{ of: 'days', bucket: coarse.bucket, from: first, to: Math.min(cut, samplesFrom) } as const]
      : []
  const fineBegins = pieceFrom(days[0]?.to ?? fineFrom)
  return [
    ...days,
    { of: 'five-minutes', bucket: fine.bucket, from: fineBegins, to: Math.min(samplesFrom, pieceOf(to)) } as const,
    { ...samples, from: Math.max(samplesFrom, from), to },
  ].filter((region) => region.from < region.to)
}
