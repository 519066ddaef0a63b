/** What `npm run bench -- NAME` prints as its last line. */
export interface BenchResult {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Measured in the same run, in turns with the value; the same unit. */
  readonly reference: number
  readonly ratio: number
  readonly gate: number
  readonly goal: number
}
export interface BenchDefinition {
  readonly name: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** What the gate and the goal are held against. */
  readonly judged: 'ratio' | 'value'
  readonly gate: number
  readonly goal: number
  readonly what: string
  /** Says what it does; answers the figures of all rounds. */
  run(say: (line: string) => void): Promise<BenchFigures>
}
export interface BenchFigures {
  readonly values: readonly number[]
  readonly references: readonly number[]
  /** More that must hold or is worth knowing: printed, and a `false` fails the benchmark. */
  readonly more?: Readonly<Record<string, number | string | boolean>>
}

export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) throw new Error('no figure to take the median of')
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** The value below which `share` of the numbers lie (nearest rank). */
export function percentile(numbers: ArrayLike<number>, share: number): number {
  if (numbers.length === 0) throw new Error('no figure to take a percentile of')
  const sorted = Float64Array.from(numbers).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0
}

const digits = (figure: number): number => Number(figure.toPrecision(4))

export function judge(
  definition: BenchDefinition,
  figures: BenchFigures,
): { result: BenchResult; passed: boolean; reachedGoal: boolean } {
  const value = median(figures.values)
  const reference = median(figures.references)
  const ratio = value / reference
  const judged = definition.judged === 'ratio' ? ratio : value
  const holds = (bound: number) => (definition.better === 'higher' ? judged >= bound : judged <= bound)
  const { name, unit, gate, goal } = definition
  return {
    result: { name, value: digits(value), unit, reference: digits(reference), ratio: digits(ratio), gate, goal },
    passed: holds(gate) && !Object.values(figures.more ?? {}).includes(false),
    reachedGoal: holds(goal),
  }
}

export const roundsMin = 3

/** Reference and product in turns, so that a neighbour's noise falls on both. */
export async function inTurns(
  rounds: number,
  reference: () => Promise<number>,
  product: () => Promise<number>,
  say: (line: string) => void,
): Promise<{ values: number[]; references: number[] }> {
  const values: number[] = []
  const references: number[] = []
  for (let round = 1; round <= Math.max(rounds, roundsMin); round++) {
    references.push(await reference())
    values.push(await product())
    say(`round ${round}: reference ${digits(references.at(-1) ?? 0)}, product ${digits(values.at(-1) ?? 0)}`)
  }
  return { values, references }
}
