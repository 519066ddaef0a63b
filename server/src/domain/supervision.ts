import { hours, type Millis, minutes, seconds } from '@anju/contract'

/** At the latest, whatever a profile says. */
const lifeLostAfterMax = hours(24)
const otherLostAfterMax = hours(72)

/**
 * What a gateway hears of its devices is written down this often, not with every heartbeat; a deadline must grant what may
 * have been heard since.
 */
export const devicesNotedEvery = minutes(5)
export const deviceGrace = (devicesNotedEvery + minutes(1)) as Millis
/** After we, PostgreSQL or the broker were away: time for every gateway to say again what it hears. */
export const deviceRehearing = minutes(2)
/** What is behind a gateway that has not been heard for this long is judged when it is known what became of the gateway. */
export const gatewayFresh = seconds(45)

export interface Period {
  readonly life: boolean
  readonly lostAfterS: number
}

/**
 * How long a device may be silent. One of which nothing is known is taken for one that a life hangs on: to be wrong that way
 * costs a look at a door contact; to be wrong the other way leaves a dead button unnoticed for two days more.
 */
export function periodOf(said: {
  readonly life?: boolean | undefined
  readonly lostAfterS?: number | undefined
}): Period {
  const life = said.life ?? true
  const longestS = longestSilenceS(life)
  return { life, lostAfterS: Math.min(said.lostAfterS ?? longestS, longestS) }
}

export const longestSilenceS = (life: boolean): number => (life ? lifeLostAfterMax : otherLostAfterMax) / seconds(1)
