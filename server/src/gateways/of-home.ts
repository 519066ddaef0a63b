import type { HomeId } from '@anju/contract'
import type { GatewayStatus } from '@anju/contract/api'
import type { Transaction } from '../ports.ts'
import { type GatewayRow, STATUS_COLUMNS, statusOf } from './status.ts'

/** How a home's gateway is; the one heard last where there are several. */
export async function gatewayOfHome(tx: Transaction, home: HomeId): Promise<GatewayStatus | null> {
  const [row] = await tx.query<GatewayRow>(
    `select ${STATUS_COLUMNS} from gateway where home = $1 order by last_heard_at desc nulls last, id limit 1`,
    [home],
  )
  return row ? statusOf(row) : null
}
