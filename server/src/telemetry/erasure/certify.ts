import { formatInstant, type Instant } from '@anju/contract'
import type { ErasureCertificate } from '@anju/contract/erasure'
import type { Transaction } from '../../ports.ts'
import { canonicalOf, nothingErased, sha256Of } from './certificate.ts'
import { ERASURE_COLUMNS, type ErasureRow, type Late } from './erasures.ts'

/** Chains it into the audit, in the transaction that certifies. */
export type Certified = (tx: Transaction, certificate: ErasureCertificate, sha256: string) => Promise<void>

/** Once, whoever else is at it: the certificate is written, and nothing follows. `stores` are those that were looked at. */
export async function certify(
  tx: Transaction,
  { id, home, now: taken }: ErasureRow & { readonly now: Instant },
  late: Late,
  stores: string[],
  certified: Certified,
): Promise<void> {
  const [mine] = await tx.query<ErasureRow>(
    `select ${ERASURE_COLUMNS} from telemetry_erasure where id = $1 and state = 'erased' for update`,
    [id],
  )
  if (!mine) return
  const [{ now, alarms } = { now: taken, alarms: 0 }] = await tx.query<{ now: Instant; alarms: number }>(KEPT, [home])
  const left = await tx.query<{ id: string }>(MOVED, [stores])
  const certificate = certificateOf(mine, late, { now, alarms, stores, storesLeft: left.map((store) => store.id) })
  const canonical = canonicalOf(certificate)
  const sha256 = sha256Of(canonical)
  await tx.query(DONE, [id, canonical, sha256, now])
  await certified(tx, certificate, sha256)
}

interface Found {
  readonly now: Instant
  readonly alarms: number
  readonly stores: string[]
  readonly storesLeft: string[]
}

function certificateOf(
  row: ErasureRow,
  { earlier: cameBack, looks }: Late,
  { now, alarms, stores, storesLeft }: Found,
): ErasureCertificate {
  return {
    version: 1,
    id: row.id,
    centre: row.centre,
    home: row.home,
    requestedBy: row.requested_by,
    reason: row.reason,
    by: { person: row.person, name: row.person_name },
    askedAt: formatInstant(row.until),
    erasedAt: formatInstant(row.erased_at ?? now),
    lookedAgainAt: looks.map(formatInstant),
    certifiedAt: formatInstant(now),
    until: formatInstant(row.until),
    erased: row.held ?? nothingErased,
    stores,
    storesLeft,
    cameBack,
    kept: [
      { what: 'alarms', count: alarms },
      { what: 'household', count: null },
      { what: 'audit', count: null },
      { what: 'gateway', count: null },
      { what: 'backups', count: null },
    ],
  }
}

const KEPT = `select app_now() as now, (select count(*)::integer from alarm where home = $1) as alarms`
/** After a move back the server is not told of the store that was left, which may have what it had. */
const MOVED = `
  select id from (select source as id from telemetry_move union select target from telemetry_move) as moved
  where not id = any($1) order by id`
const DONE = `
  update telemetry_erasure set state = 'done', certificate = $2, sha256 = $3, done_at = to_timestamp($4::float8 / 1000),
    turn_until = null
  where id = $1`
