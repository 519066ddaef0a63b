import { millis, seconds } from '@anju/contract'

/** Every server writes down this often who looks at the queues by it. */
export const watchedEvery = seconds(5)
/** For so long that is believed: three renewals may be missed. */
export const watchedFor = millis(4 * watchedEvery)
