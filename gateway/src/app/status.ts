import { definitionOf, formatInstant } from '@anju/contract'
import { ODDITIES } from '../domain/oddities.ts'
import type { Tally } from '../pipeline/tally.ts'
import { deviceHealth, type HealthParts, healthOf } from './health.ts'

const pressesShown = 20
const refusedShown = 20

/** What `/api/status` answers and the local page draws: the gateway as it is, without asking the centre. */
export function statusOf({
  tally,
  clients,
  ...parts
}: HealthParts & { readonly tally: Tally; readonly clients: number }) {
  const { config, outbox, clock } = parts
  const { queue, uptimeS, links } = healthOf(parts)
  return {
    gateway: config.gatewayId,
    boot: outbox.boot,
    uptimeS,
    queue,
    clock: { now: formatInstant(clock.now()), synced: clock.synced, offsetMs: clock.offsetMs },
    links,
    clients,
    devices: config.devices.map((device) => ({
      ...deviceHealth(parts, device),
      name: device.profile.name,
      readings: parts.pipeline.latestOf(device).map(({ point, quantity, at, reading }) => ({
        point,
        ...(reading.is === 'value' ? { value: reading.value } : { absent: reading.why }),
        unit: definitionOf(quantity).unit,
        at: formatInstant(at),
      })),
      oddities: parts.pipeline.memoryOf(device).oddities.map(({ kind, of, times, lastAt }) => ({
        kind,
        of,
        times,
        lastAt: formatInstant(lastAt),
        says: ODDITIES[kind],
      })),
    })),
    presses: outbox.recentLife(pressesShown).map(({ entry, settled }) => ({
      id: entry.id,
      type: entry.body.type,
      phase: entry.body.phase,
      placement: entry.body.placement,
      device: entry.body.device,
      settled,
      ladder: [
        { rung: 'L0', by: null, at: formatInstant(entry.heardAt) },
        { rung: 'L1', by: null, at: formatInstant(entry.storedAt) },
        ...outbox.notebook.handlingOf(entry.id),
      ],
    })),
    store: {
      full: outbox.full,
      gaps: outbox.notebook.gaps().length,
      deadLetters: outbox.notebook.deadLetters().length,
    },
    refused: outbox.notebook
      .quarantined(refusedShown)
      .map((item) => ({ ...item, at: new Date(item.at).toISOString() })),
    counts: tally.all(),
  }
}
export type GatewayStatus = ReturnType<typeof statusOf>
