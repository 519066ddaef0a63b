/**
 * What was used last, in two generations: when the young one is half of what may be kept, the old one is forgotten and they
 * change places. So something is remembered at least until `entriesMax / 2` others were used after it, and no entry is ever
 * moved within a map, which costs a walk over all the places that earlier moves left empty.
 */
export class Recent<Key, Value> {
  readonly #entriesMax: number
  #young = new Map<Key, Value>()
  #old = new Map<Key, Value>()

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: Key, value: Value): void {
    this.#young.set(key, value)
    if (this.#young.size < this.#entriesMax / 2) return
    this.#old = this.#young
    this.#young = new Map()
  }

  delete(key: Key): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }
}
