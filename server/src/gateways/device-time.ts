import { type GatewayId, type Instant, type Millis, seconds } from '@anju/contract'
import { type Column, cast, columnar, given } from '../database/columns.ts'
import { type Interrupted, interrupted, resumed, type Supervised } from '../domain/supervision.ts'
import type { Transaction } from '../ports.ts'

/** A device whose time stops or goes on, with its row locked. */
export interface TimedRow {
  readonly home: string
  readonly placement: string
  readonly silent_due_at: Instant | null
  readonly silent_left_ms: Millis | null
  readonly lost_after_s: number
  readonly line_down: boolean
  readonly now: Instant
}
export const TIMED_COLUMNS = `device.home, device.placement, device.silent_due_at, device.silent_left_ms, device.lost_after_s,
    device.line_down, app_now() as now`

/** Of a gateway that fell silent: nothing can be said of what is behind it since it was last heard. */
export async function suspendDevices(tx: Transaction, gateways: readonly GatewayId[]): Promise<void> {
  if (gateways.length === 0) return
  const rows = await tx.query<TimedRow & { last_heard_at: Instant | null }>(RUNNING, [gateways], 'devices-running')
  await saveTimes(
    tx,
    rows.map((row) => ({ ...row, ...interrupted(supervised(row), row.last_heard_at) })),
  )
}

/** Of a gateway that came back: the time of what is behind it goes on, unless a line between is down. What was silent before stays so. */
export async function restartDevices(tx: Transaction, gateways: readonly GatewayId[]): Promise<void> {
  if (gateways.length === 0) return
  const rows = await tx.query<TimedRow>(STANDING, [gateways], 'devices-standing')
  await saveTimes(
    tx,
    rows.map((row) => ({ ...row, ...resumed(supervised(row), row.now) })),
  )
}

/** Of devices whose gateway says now that their line is down, or up again. */
export async function turnLines(tx: Transaction, rows: readonly (TimedRow & { silent: boolean })[]): Promise<void> {
  const becomes = (row: TimedRow & { silent: boolean }): Interrupted => {
    if (!row.line_down) return interrupted(supervised(row), row.now)
    // What was silent before stays so until it is heard.
    return row.silent ? { dueAt: null, left: row.silent_left_ms } : resumed(supervised(row), row.now)
  }
  await saveTimes(
    tx,
    rows.map((row) => ({ ...row, ...becomes(row), line_down: !row.line_down })),
  )
}

type Change = Interrupted & Pick<TimedRow, 'home' | 'placement' | 'line_down'>
const CHANGE: readonly Column<Change>[] = [
  { name: 'home', type: 'text', value: ({ home }) => home },
  { name: 'placement', type: 'text', value: ({ placement }) => placement },
  { name: 'due_at', type: 'timestamptz', value: ({ dueAt }) => dueAt },
  { name: 'left_ms', type: 'integer', value: ({ left }) => left },
  { name: 'line_down', type: 'boolean', value: ({ line_down }) => line_down },
]
async function saveTimes(tx: Transaction, changes: readonly Change[]): Promise<void> {
  if (changes.length > 0) await tx.query(SAVE, columnar(CHANGE, changes), 'devices-time')
}

const supervised = (row: Omit<TimedRow, 'now'>): Supervised => ({
  dueAt: row.silent_due_at,
  left: row.silent_left_ms,
  lostAfter: seconds(row.lost_after_s),
})

// In one order, so that two servers cannot wait for each other.
const RUNNING = `
  select ${TIMED_COLUMNS}, gateway.last_heard_at
  from device join gateway on gateway.id = device.gateway
  where device.gateway = any($1) and device.silent_due_at is not null
  order by device.home, device.placement for update of device`
const STANDING = `
  select ${TIMED_COLUMNS} from device
  where gateway = any($1) and silent_due_at is null and silent_since is null and not line_down
  order by home, placement for update`
const [HOME, PLACEMENT, DUE_AT, LEFT_MS, LINE_DOWN] = CHANGE.map((column) => cast(column))
const SAVE = `
  update device set silent_due_at = ${DUE_AT}, silent_left_ms = ${LEFT_MS}, line_down = ${LINE_DOWN}
  from ${given(CHANGE)} where device.home = ${HOME} and device.placement = ${PLACEMENT}`
