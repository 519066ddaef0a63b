import { pieceFrom, pieceOf } from '../pieces.ts'
import type { Kept } from './shelves.ts'

/** A part of a range, and the bucket that answers for it; undefined for the one with the samples. */
export interface Region {
  readonly of: 'samples' | 'five-minutes' | 'days'
  readonly bucket: string | undefined
  readonly from: number
  readonly to: number
}

/** The shortest that a day can be, when clocks go forward. */
const dayMsMin = 23 * 3_600_000

/**
 * The parts of [from, to), in order of time. As long as there are samples they are asked: they have the newest minutes, and
 * whatever came too late to be summed. Before them it is the sums of five minutes, and of steps that are whole days the days
 * beside them: what five minutes have forgotten the days have not. Of a piece or a day that the range cuts nothing is told: nobody
 * knows any more what lay on which side.
 */
export function regionsOf({ samplesFrom, sums }: Kept, steps: readonly number[], from: number, to: number): Region[] {
  const fine = sums.find(({ of }) => of === 'five-minutes')
  const samples = { of: 'samples', bucket: undefined } as const
  if (!fine || samplesFrom <= from) return [{ ...samples, from, to }]
  const coarse = sums.find(({ of }) => of === 'days')
  // A day cannot be cut: the step in which five minutes begin is told by its days.
  const cut = coarse && steps.length > 0 && fine.from > from
  const fineFrom = cut ? (steps.find((at) => at >= fine.from) ?? to) : Math.max(fine.from, from)
  const whole = coarse && { of: 'days' as const, bucket: coarse.bucket, ...wholeSteps(steps, from, to, samplesFrom) }
  return [
    ...(whole ? [whole] : []),
    {
      of: 'five-minutes',
      bucket: fine.bucket,
      from: pieceFrom(fineFrom),
      to: Math.min(samplesFrom, pieceOf(to)),
    } as const,
    { ...samples, from: Math.max(samplesFrom, from), to },
  ].filter((region) => region.from < region.to)
}

/** The steps that lie in the range and before the samples; none when they are shorter than days. */
function wholeSteps(steps: readonly number[], from: number, to: number, samplesFrom: number) {
  const [first = to, next = to] = steps.filter((at) => at >= from)
  if (next - first < dayMsMin) return { from: to, to }
  return { from: first, to: samplesFrom >= to ? to : (steps.findLast((at) => at <= samplesFrom) ?? first) }
}
