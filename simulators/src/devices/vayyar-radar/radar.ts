import { type Instant, minutes } from '@anju/contract'
import type { Publication, PublishingDevice } from '../device.ts'
import { during, isTried, somebodyIsInTheBedroom, somebodyLiesOnTheFloor } from '../signals.ts'

/**
 * Vayyar Care (its integration guide): presence now and then, and a fall in stages that keep the time of the fall. At three in
 * the morning somebody falls; at nine the installer plays one.
 */
const isOver = (at: Instant) => during(at, [3.5, 4])

export const vayyarRadar = (id: string): PublishingDevice => {
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
      presence: somebodyIsInTheBedroom(at) ? 1 : 0,
      ...(somebodyLiesOnTheFloor(at) && { fall: 1 }),
      ...(isOver(at) && { fall: 0 }),
      ...(isTried(at) && { 'suppressed-fall': 1 }),
    }),
    publish: (at) => [
      event(4, {
        presenceDetected: somebodyIsInTheBedroom(at),
        presenceTargetType: 0,
        timestamp: at,
        trackerTargets: somebodyIsInTheBedroom(at) ? [{ xPosCm: 12, yPosCm: 140, zPosCm: 60 }] : [],
      }),
      ...(somebodyLiesOnTheFloor(at)
        ? [fall(at, 'fall_detected'), fall(at, 'fall_confirmed'), fall(at, 'calling')]
        : []),
      ...(isOver(at) ? [fall(at, 'finished')] : []),
      ...(isTried(at) ? [fall(at, 'calling', { isSimulated: true })] : []),
      { topic: `/devices/${id}/state`, payload: '{"status":"monitoring"}', retain: true },
    ],
  }
}
