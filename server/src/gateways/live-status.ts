import type { CentreId, HomeId } from '@anju/contract'
import type { LiveLog, Transaction } from '../ports.ts'
import { type GatewayRow, statusOf } from './status.ts'

/** Tells the consoles of each centre. */
export function appendStatuses(
  tx: Transaction,
  live: LiveLog,
  rows: readonly (GatewayRow & { readonly centre: string })[],
): void {
  for (const row of rows)
    live.append(tx, row.centre as CentreId, [
      { event: 'gateway', home: row.home as HomeId, data: { gateway: statusOf(row) } },
    ])
}
