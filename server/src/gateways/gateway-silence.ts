import { formatInstant } from '@anju/contract'
import { silentAfter } from './deadlines.ts'
import { suspendDevices } from './device-time.ts'
import { appendStatuses } from './live-status.ts'
import { type GatewayRow, STATUS_COLUMNS } from './status.ts'
import type { Untold, Watched } from './watched.ts'

const gatewaysPerTurnMax = 200

/** A gateway that was not heard for three heartbeats, or never called. What is behind it is unknown from now on. */
export const gatewaySilence: Watched = {
  async grace(tx, since) {
    await tx.query(GRACE, [formatInstant(since)])
  },
  async judge(tx, live) {
    const rows = await tx.query<GatewayRow & { centre: string }>(SILENCE, [gatewaysPerTurnMax], 'silence')
    await suspendDevices(
      tx,
      rows.map(({ id }) => id),
    )
    appendStatuses(tx, live, rows)
  },
  untold: (tx, max) => tx.query<Untold>(UNTOLD, [max], 'untold'),
  async told(tx, ids, _two, since) {
    await tx.query(TOLD, [ids, since], 'told')
  },
}

const GRACE = `
  update gateway set silent_due_at = $1::timestamptz + interval '${silentAfter} ms'
  where state = 'online' and silent_due_at < $1::timestamptz + interval '${silentAfter} ms'`
const SILENCE = `
  update gateway set silent_due_at = null, silent_since = silent_due_at,
    state = case when state = 'online' then 'silent' else state end
  where id in (select id from gateway where silent_due_at <= (select app_now())
               order by silent_due_at limit $1 for update skip locked)
  returning ${STATUS_COLUMNS}, centre`
/** Homes whose resident is at high risk come first, here and in the queue (C-05). */
const UNTOLD = `
  select id as one, '' as two, 'gateway-silent' as type, home, centre, id as gateway, id as placement, id as device,
    exists (select from resident where resident.home = gateway.home and resident.risk = 'high') as urgent,
    silent_since as since, told_since as told, false as known
  from gateway where silent_since is distinct from told_since order by urgent desc, id limit $1`
const TOLD = `
  update gateway set told_since = note.since from unnest($1::text[], $2::timestamptz[]) as note(id, since)
  where gateway.id = note.id`
