import { type Millis, millis, type Random } from '@anju/contract'

const ceilingFirstMs = 2_000
const ceilingMaxMs = 60_000
const lifeFirstMs = 250
const lifeMaxMs = 5_000

/**
 * How long to wait before the next try to connect, after `failures` that came to nothing. Full jitter: a city whose power
 * returns must not knock all at once. A waiting life event goes at once, and then every few seconds at most.
 */
export function reconnectDelay(failures: number, lifeWaits: boolean, random: Random): Millis {
  if (!lifeWaits) return millis(random.uniform() * Math.min(ceilingMaxMs, ceilingFirstMs * 2 ** failures))
  if (failures === 0) return millis(0)
  const ceiling = Math.min(lifeMaxMs, lifeFirstMs * 2 ** failures)
  return millis(ceiling / 2 + (random.uniform() * ceiling) / 2)
}
