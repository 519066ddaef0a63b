import { type Clock, elapsed, formatInstant, type HealthMessage, type Monotonic } from '@anju/contract'
import type { GatewayConfig } from '../config.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { LinkState } from '../ports.ts'

export interface HealthParts {
  readonly config: GatewayConfig
  readonly outbox: Outbox
  readonly pipeline: Pipeline
  readonly clock: Clock & { readonly synced: boolean; readonly offsetMs: number | null }
  readonly startedAt: Monotonic
  readonly links: readonly LinkState[]
}

const linksMax = 32

/** What the gateway says of itself every half minute. */
export function healthOf(parts: HealthParts): Omit<HealthMessage, 'id' | 'boot' | 'seq' | 'sentAt'> {
  const { config, outbox, clock, startedAt, links } = parts
  return {
    uptimeS: Math.floor(elapsed(startedAt, clock.monotonic()) / 1_000),
    queue: outbox.depths(),
    clock: { synced: clock.synced, offsetMs: clock.offsetMs },
    // No gateway of ours can tell yet; saying `mains` would be a guess.
    power: 'unknown',
    links: worthTelling(links).map(({ id, state, why }) => ({ id, state, ...(why !== undefined && { why }) })),
    devices: config.devices.map((device) => deviceHealth(parts, device)),
  }
}

/** What is down keeps its devices from being called silent: where there are too many, others are left out. */
const worthTelling = (links: readonly LinkState[]): readonly LinkState[] =>
  links.length <= linksMax
    ? links
    : links.toSorted((a, b) => Number(b.state === 'down') - Number(a.state === 'down')).slice(0, linksMax)

export function deviceHealth({ pipeline }: Pick<HealthParts, 'pipeline'>, device: GatewayConfig['devices'][number]) {
  const { lastHeardAt, silent } = pipeline.memoryOf(device)
  return {
    id: device.id,
    placement: device.placement,
    profile: device.profile.id,
    state: lastHeardAt === null ? ('never-heard' as const) : silent ? ('silent' as const) : ('heard' as const),
    lastHeardAt: lastHeardAt === null ? null : formatInstant(lastHeardAt),
    life: Object.values(device.profile.events).some((rule) => rule.class === 'life'),
    lostAfterS: Math.ceil(device.profile.supervision.lostAfter / 1_000),
    ...(device.line !== undefined && { link: device.line }),
  }
}
