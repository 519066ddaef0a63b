import { instant } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import type { GatewayConfig } from '../config.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { LinkState } from '../ports.ts'
import { healthOf } from './health.ts'

test('a heartbeat holds no more links than one may; what is down is among them', () => {
  const clock = Object.assign(new VirtualClock(instant(0)), { synced: true, offsetMs: 0 })
  const links: LinkState[] = Array.from({ length: 34 }, (_, n) => ({ id: `line-${n}`, state: n < 33 ? 'up' : 'down' }))
  const health = healthOf({
    config: { devices: [] as GatewayConfig['devices'] } as GatewayConfig,
    outbox: { depths: () => ({ life: 0, technical: 0, telemetry: 0 }) } as Outbox,
    pipeline: {} as Pipeline,
    clock,
    startedAt: clock.monotonic(),
    links,
  })
  expect(health.links).toHaveLength(32)
  expect(health.links).toContainEqual({ id: 'line-33', state: 'down' })
})
