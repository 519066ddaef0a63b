import { webcrypto } from 'node:crypto'
import type { Random } from './random.ts'

/** Asked for in bulk: one call to the machine costs more than two hundred words from memory. */
const wordsPerFill = 256
const words = new Uint32Array(wordsPerFill)
let used = wordsPerFill

/** The machine's chance, good enough for ids and jitter: the only place that asks for it. */
export const systemRandom: Random = {
  uniform() {
    if (used === wordsPerFill) {
      webcrypto.getRandomValues(words)
      used = 0
    }
    return (words[used++] ?? 0) / 4_294_967_296
  },
}
