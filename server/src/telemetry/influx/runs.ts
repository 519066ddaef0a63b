/** Steps of one length, one after the other: what InfluxDB cuts by itself, close to its disk. Epoch ms, as everywhere. */
export interface Run {
  readonly begin: number
  readonly end: number
  readonly everyMs: number
  /** How far the steps lie off the multiples of their length. */
  readonly offsetMs: number
}

/**
 * The runs of equal steps that cover [from, to): one for steps that begin at multiples of their length; a few for days, of
 * which two in a year are longer or shorter. What lies before the first step is nobody's.
 */
export function runsOf(steps: readonly number[], from: number, to: number): Run[] {
  const runs: Run[] = []
  for (let first = 0; first < steps.length; ) {
    const start = steps[first] as number
    const everyMs = (steps[first + 1] ?? to) - start
    let next = first + 1
    // The last step may be cut short by the range's end: InfluxDB cuts it there as well.
    while (next < steps.length && endOf(steps, next, to) - (steps[next] as number) === everyMs) next++
    if (next === steps.length - 1 && to - (steps[next] as number) < everyMs) next++
    const begin = Math.max(start, from)
    const end = Math.min(steps[next] ?? to, to)
    if (begin < end) runs.push({ begin, end, everyMs, offsetMs: ((start % everyMs) + everyMs) % everyMs })
    first = next
  }
  return runs
}

const endOf = (steps: readonly number[], index: number, to: number): number => steps[index + 1] ?? to
