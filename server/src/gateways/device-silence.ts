import { formatInstant } from '@anju/contract'
import { deviceRehearing, gatewayFresh } from '../domain/supervision.ts'
import type { Untold, Watched } from './watched.ts'

const devicesPerTurnMax = 500

/**
 * A device that was not heard for its own time, or never spoke since its commissioning, whether or not its gateway ever named
 * it. Only behind a gateway that is being heard: while that itself is in doubt, so is the device.
 */
export const deviceSilence: Watched = {
  async grace(tx, since) {
    await tx.query(GRACE, [formatInstant(since)])
  },
  async judge(tx) {
    await tx.query(SILENCE, [devicesPerTurnMax], 'device-silence')
  },
  untold: (tx, max) => tx.query<Untold>(UNTOLD, [max], 'device-untold'),
  async told(tx, homes, placements, since) {
    await tx.query(TOLD, [homes, placements, since], 'device-told')
  },
}

const GRACE = `
  update device set silent_due_at = $1::timestamptz + interval '${deviceRehearing} ms'
  where silent_due_at < $1::timestamptz + interval '${deviceRehearing} ms'`
const SILENCE = `
  update device set silent_due_at = null, silent_since = silent_due_at
  where (home, placement) in (
    select device.home, device.placement from device
    left join gateway on gateway.id = device.gateway
    where device.silent_due_at <= (select app_now())
      and (gateway.id is null or gateway.state <> 'online'
           or gateway.last_heard_at > (select app_now()) - interval '${gatewayFresh} ms')
    order by device.silent_due_at limit $1 for update of device skip locked)`
/** The device's own gateway may have said it first: it is one episode, and one alarm. */
const UNTOLD = `
  select home as one, placement as two, 'device-silent' as type, home, centre, gateway, placement, device, false as urgent,
    silent_since as since, told_since as told,
    exists (select from alarm where alarm.home = device.home and alarm.placement = device.placement
              and alarm.type = 'device-silent' and alarm.handling <> 'closed') as known
  from device where silent_since is distinct from told_since order by home, placement limit $1`
const TOLD = `
  update device set told_since = note.since from unnest($1::text[], $2::text[], $3::timestamptz[]) as note(home, placement, since)
  where device.home = note.home and device.placement = note.placement`
