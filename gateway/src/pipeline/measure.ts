import {
  definitionOf,
  type Instant,
  type Measurement,
  type PlacementId,
  plausible,
  pointId,
  type Reading,
} from '@anju/contract'
import type { Measures } from '@anju/device-profiles/profile'
import { judgeCounter } from '../domain/counters.ts'
import type { Counter } from '../domain/memory.ts'
import type { OddityKind } from '../domain/oddities.ts'

export interface Measured {
  readonly samples: readonly Measurement[]
  readonly counters: Readonly<Record<string, Counter>>
  /** Registers that were not taken at their word. */
  readonly oddities: readonly { readonly kind: OddityKind; readonly of: string }[]
}

/** Readings with their point, time and unit; what cannot be is absent(`implausible`), never clipped and never passed on. */
export function measure(
  placement: PlacementId,
  measures: Measures,
  readings: Readonly<Partial<Record<string, Reading>>>,
  at: Instant,
  counters: Readonly<Record<string, Counter>>,
): Measured {
  const samples: Measurement[] = []
  const oddities: { kind: OddityKind; of: string }[] = []
  // Copied when the first counter has something new to remember: most devices have none.
  let counted: Record<string, Counter> | undefined
  for (const point of Object.keys(readings)) {
    const given = readings[point]
    const quantity = measures[point]?.quantity
    if (!given || !quantity) continue
    let reading = plausible(quantity, given)
    if (definitionOf(quantity).counter) {
      const known = counters[point]
      const judged = judgeCounter(quantity, known, reading, at)
      if (judged.counter && judged.counter !== known) {
        counted ??= { ...counters }
        counted[point] = judged.counter
      }
      if (judged.oddity) oddities.push({ kind: judged.oddity, of: point })
      reading = judged.reading
    }
    samples.push({ placement, point: pointId(point), quantity, at, reading })
  }
  return { samples, counters: counted ?? counters, oddities }
}
