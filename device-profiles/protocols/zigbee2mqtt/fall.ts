import { absent, type Reading, reading } from '@anju/contract'
import type { Properties } from './payload.ts'

export type FallStage = 'none' | 'suspected' | 'fallen'
export type FallPoint = 'fall' | 'maybe-fall'

/**
 * How far a radar's status has come, by its own words. A fall is suspected too, so the suspicion does not end when it is
 * confirmed. A word that is not known neither raises nor clears; a retained status was before we listened.
 */
export function fallIn(
  properties: Properties,
  key: string,
  stages: Readonly<Record<string, FallStage>>,
  retained: boolean,
): Partial<Record<FallPoint, Reading>> {
  if (retained || !Object.hasOwn(properties, key)) return {}
  const word = properties[key]
  const stage = typeof word === 'string' && Object.hasOwn(stages, word) ? stages[word] : undefined
  if (!stage) {
    const unknown = absent(word === null ? 'not-reported' : 'invalid')
    return { fall: unknown, 'maybe-fall': unknown }
  }
  return { fall: reading(stage === 'fallen'), 'maybe-fall': reading(stage !== 'none') }
}
