/** Names are ours and few, but a code may come from a device's words one day. */
const namesMax = 200

/** How often things happened since the start, for the local page. */
export class Tally {
  readonly #counts = new Map<string, number>()

  count(name: string, by = 1): void {
    const before = this.#counts.get(name)
    if (before === undefined && this.#counts.size >= namesMax) return
    this.#counts.set(name, (before ?? 0) + by)
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
