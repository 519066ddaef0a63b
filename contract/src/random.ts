/** Chance, handed in: the system's in production, a seeded one in tests and simulations. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
}

/** Deterministic chance from a 32-bit seed (mulberry32). Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    uniform() {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
    },
  }
}

/** A whole number in [low, high]. */
export const integerBetween = (random: Random, low: number, high: number): number =>
  low + Math.floor(random.uniform() * (high - low + 1))
