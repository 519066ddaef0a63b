import { webcrypto } from 'node:crypto'
import type { Random } from './random.ts'

/** The machine's chance, good enough for ids and jitter: the only place that asks for it. */
export const systemRandom: Random = {
  uniform: () => (webcrypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 4_294_967_296,
}
