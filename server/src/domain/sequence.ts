/** A run of sequence numbers, both ends included. */
export interface Run {
  readonly from: number
  readonly to: number
}

/** How far ahead of the first missing one numbers are remembered; a home's window is 16 a lane. */
const aheadMax = 4_096

/**
 * Which sequence numbers of one (gateway, boot, lane) have arrived. A number is missing only when the gateway itself says, by
 * `pendingFrom`, that it has been settled: what it still holds is on its way, not lost.
 */
export class LaneProgress {
  /** Everything up to here arrived or was declared missing. */
  #upTo: number
  readonly #ahead = new Set<number>()

  /** `upTo`: what is not asked about, because it is known otherwise. */
  constructor(upTo: number) {
    this.#upTo = upTo
  }

  get upTo(): number {
    return this.#upTo
  }

  /** Notes that `seq` arrived; answers the runs this message shows to be missing, each told once. */
  see(seq: number, pendingFrom: number): readonly Run[] {
    if (seq === this.#upTo + 1) this.#upTo = seq
    else if (seq > this.#upTo && this.#ahead.size < aheadMax) this.#ahead.add(seq)
    this.#absorb()
    if (pendingFrom - 1 <= this.#upTo) return []
    const missing = this.#missingBelow(pendingFrom)
    this.#upTo = pendingFrom - 1
    for (const number of this.#ahead) if (number <= this.#upTo) this.#ahead.delete(number)
    this.#absorb()
    return missing
  }

  #absorb(): void {
    while (this.#ahead.delete(this.#upTo + 1)) this.#upTo++
  }

  #missingBelow(pendingFrom: number): Run[] {
    const runs: Run[] = []
    let from = this.#upTo + 1
    for (const seen of [...this.#ahead].filter((number) => number < pendingFrom).sort((a, b) => a - b)) {
      if (seen > from) runs.push({ from, to: seen - 1 })
      from = seen + 1
    }
    if (from < pendingFrom) runs.push({ from, to: pendingFrom - 1 })
    return runs
  }
}

/** What of `run` is not among `present` (any order). */
export function missingOf(run: Run, present: readonly number[]): Run[] {
  const runs: Run[] = []
  let from = run.from
  for (const seen of [...present].sort((a, b) => a - b)) {
    if (seen < from || seen > run.to) continue
    if (seen > from) runs.push({ from, to: seen - 1 })
    from = seen + 1
  }
  if (from <= run.to) runs.push({ from, to: run.to })
  return runs
}
