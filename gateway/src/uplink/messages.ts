import { type Clock, type EventMessage, elapsed, formatInstant, type GatewayId, type Instant } from '@anju/contract'
import type { EventEntry, TelemetryEntry } from '../ports.ts'

/** What a message says about the moment it is sent. */
export interface Sending {
  readonly gateway: GatewayId
  /** This process's boot: ages of older boots can only be estimated. */
  readonly boot: number
  readonly pendingFrom: number
  readonly clock: Clock
}

/** One event as CloudEvents 1.0. In its minimal form it carries what raises the alarm and nothing else. */
export function eventMessage(entry: EventEntry, { gateway, boot, pendingFrom, clock }: Sending): EventMessage {
  const { body, heardAt } = entry
  const sameBoot = entry.boot === boot
  const now = clock.now()
  // The monotonic clock began anew with this process, and the wall clock may have been set: never negative, and said so.
  const age = sameBoot ? elapsed(entry.heardMono, clock.monotonic()) : now - heardAt
  return {
    specversion: '1.0',
    id: entry.id,
    type: `anju.${body.type}`,
    source: `/gateways/${gateway}`,
    subject: body.placement,
    time: formatInstant(heardAt),
    ...(!entry.minimal && { datacontenttype: 'application/json' }),
    data: {
      boot: entry.boot,
      lane: entry.lane,
      seq: entry.seq,
      pendingFrom,
      sentAt: formatInstant(now),
      class: body.class,
      device: body.device,
      phase: body.phase,
      heardAt: formatInstant(heardAt),
      storedAt: formatInstant(entry.storedAt),
      elapsedMs: Math.max(0, Math.round(age)),
      ...(!sameBoot && { elapsedEstimated: true }),
      ...(!entry.minimal && body.snapshot && { snapshot: { ...body.snapshot } }),
    },
  }
}

/** The columns were written as JSON when they were sealed; the frame around them is all that is made anew. */
export function telemetryText({ id, boot, seq, series }: TelemetryEntry, pendingFrom: number, sentAt: Instant): string {
  const head = JSON.stringify({ id, boot, seq, pendingFrom, sentAt: formatInstant(sentAt) })
  return `${head.slice(0, -1)},"series":${series}}`
}
