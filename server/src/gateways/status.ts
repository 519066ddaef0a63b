import { formatInstant, type GatewayId, instant } from '@anju/contract'
import type { GatewayStatus } from '@anju/contract/api'

/** A gateway's row as its status needs it. */
export interface GatewayRow {
  readonly id: GatewayId
  readonly home: string
  readonly state: GatewayStatus['state']
  readonly last_heard_at: number | null
  readonly health: Record<string, unknown> | null
}
export const STATUS_COLUMNS = 'id, home, state, last_heard_at, health'

export const statusOf = ({ id, home, state, last_heard_at, health }: GatewayRow): GatewayStatus => ({
  id,
  homeId: home,
  state,
  lastHeardAt: last_heard_at === null ? null : formatInstant(instant(last_heard_at)),
  health,
})
