/** The least memory of each quiet time, in order of time, and what lies between two of them. */
export interface Flatness {
  readonly leastMiB: readonly number[]
  readonly failures: readonly string[]
  /** A heap that was not collected in a quiet time is this much above one that was. */
  readonly teethMaxMiB: number
  /** What may be left of one half of them in the other. */
  readonly riseMaxMiB: number
}

/**
 * What is wrong with it. A quiet time may lie between two collections of garbage, so that one step says little and is only
 * held against the teeth of the saw; of several together the least is what cannot be collected, and that must not grow.
 */
export function notFlat({ leastMiB, failures, teethMaxMiB, riseMaxMiB }: Flatness): string[] {
  const wrong = leastMiB.slice(1).flatMap((after, index) => {
    const before = leastMiB[index] as number
    if (after - before <= teethMaxMiB) return []
    return [`${failures[index]}: memory was at least ${before} MiB before and ${after} MiB after`]
  })
  const half = Math.floor(leastMiB.length / 2)
  const [early, late] = [Math.min(...leastMiB.slice(0, -half)), Math.min(...leastMiB.slice(-half))]
  if (half > 0 && late - early > riseMaxMiB)
    wrong.push(
      `memory never fell below ${late} MiB in the later half, and to ${early} MiB in the earlier one: it grows`,
    )
  return wrong
}
