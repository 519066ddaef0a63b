import type { Alarm } from '@anju/contract/api'

/**
 * When it first happened, in epoch ms: when the server received it, less how old it was by then by the gateway's own elapsed
 * time. The device's clock is not asked: after a power cut it may say 1970.
 */
export const happenedAt = (alarm: Pick<Alarm, 'receivedAt' | 'lateByS'>): number =>
  Date.parse(alarm.receivedAt) - alarm.lateByS * 1_000

export const sinceEvent = (alarm: Pick<Alarm, 'receivedAt' | 'lateByS'>, serverNow: number): number =>
  serverNow - happenedAt(alarm)

export const sinceReceived = (alarm: Pick<Alarm, 'receivedAt'>, serverNow: number): number =>
  serverNow - Date.parse(alarm.receivedAt)
