import { type Instant, minutes } from '@anju/contract'
import type { Publication, PublishingDevice } from '../device.ts'
import { during } from '../signals.ts'

/**
 * Vayyar Care (its integration guide): presence now and then, and a fall in stages that keep the time of the fall. At five in
 * the morning somebody falls; at ten the installer plays one.
 */
export const vayyarRadar = (id: string): PublishingDevice => {
  const there = (at: Instant) => during(at, [0, 7], [21, 24])
  const fallen = (at: Instant) => during(at, [5, 5.5])
  const played = (at: Instant) => during(at, [10, 10.5])
  const event = (type: number, payload: object): Publication => ({
    topic: `/devices/${id}/events`,
    payload: JSON.stringify({ type, payload }),
    retain: false,
  })
  const fall = (at: Instant, status: string, flags: object = {}) =>
    event(5, {
      status,
      timestamp: at - (at % 1_800_000),
      isSimulated: false,
      isLearning: false,
      isSilent: false,
      ...flags,
    })
  return {
    profile: 'vayyar/care',
    topic: `/devices/${id}`,
    every: minutes(30),
    truth: (at) => ({
      presence: there(at) ? 1 : 0,
      ...(fallen(at) && { fall: 1 }),
      ...(during(at, [5.5, 6]) && { fall: 0 }),
      ...(played(at) && { 'suppressed-fall': 1 }),
    }),
    publish: (at) => [
      event(4, {
        presenceDetected: there(at),
        presenceTargetType: 0,
        timestamp: at,
        trackerTargets: there(at) ? [{ xPosCm: 12, yPosCm: 140, zPosCm: 60 }] : [],
      }),
      ...(fallen(at) ? [fall(at, 'fall_detected'), fall(at, 'fall_confirmed'), fall(at, 'calling')] : []),
      ...(during(at, [5.5, 6]) ? [fall(at, 'finished')] : []),
      ...(played(at) ? [fall(at, 'calling', { isSimulated: true })] : []),
      { topic: `/devices/${id}/state`, payload: '{"status":"monitoring"}', retain: true },
    ],
  }
}
