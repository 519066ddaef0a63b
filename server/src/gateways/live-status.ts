import type { CentreId, HomeId } from '@anju/contract'
import type { LiveLog, Transaction } from '../ports.ts'
import { type GatewayRow, statusOf } from './status.ts'

/** Tells the consoles of each centre. The stream's row is a transaction's last lock, and centres are taken in one order. */
export async function appendStatuses(
  tx: Transaction,
  live: LiveLog,
  rows: readonly (GatewayRow & { readonly centre: string })[],
): Promise<void> {
  const byCentre = Map.groupBy(rows, ({ centre }) => centre)
  for (const centre of [...byCentre.keys()].sort()) {
    const items = (byCentre.get(centre) ?? []).map((row) => ({
      event: 'gateway' as const,
      home: row.home as HomeId,
      data: { gateway: statusOf(row) },
    }))
    await live.append(tx, centre as CentreId, items)
  }
}
