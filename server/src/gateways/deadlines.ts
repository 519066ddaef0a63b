import { seconds } from '@anju/contract'

/** Three heartbeats of 30 s. */
export const silentAfter = seconds(90)
/** After a last will: a link that blinks is not a silence yet. */
export const lostGrace = seconds(10)
