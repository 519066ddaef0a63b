import { DomainError, type GatewayId, type HomeId } from '@anju/contract'
import type { Placement, PlacementAnswer, PlacementBody } from '@anju/contract/api'
import { type Once, once } from '../database/idempotency.ts'
import { longestSilenceS, type Period, periodOf } from '../domain/supervision.ts'
import type { Database, PersonActor, Transaction } from '../ports.ts'

export interface Placements {
  /**
   * A device goes into service in a place of a home, or another one takes over that place: its supervision begins now.
   * @throws DomainError `home-unknown`, `gateway-unknown`, `request-malformed`.
   */
  commission(actor: PersonActor, home: HomeId, given: PlacementBody, key?: Once): Promise<PlacementAnswer>
}

export function createPlacements(database: Database): Placements {
  return {
    commission: (actor, home, given, key) =>
      database.transaction(actor, (tx) => once(tx, key, () => commission(tx, actor, home, given))),
  }
}

async function commission(
  tx: Transaction,
  actor: PersonActor,
  home: HomeId,
  given: PlacementBody,
): Promise<PlacementAnswer> {
  const found = await tx.query('select from home where id = $1 and centre = $2', [home, actor.centre])
  if (found.length === 0) throw new DomainError('home-unknown', 'there is no such home', { home })
  // The gateway before the device, as everywhere: it must not fall silent in between.
  const gateway = await gatewayOf(tx, home, given.gatewayId)
  const period = periodFor(given, await deviceAt(tx, home, given.id))
  const [placement] = await tx.query<Placement>(PLACE, [
    home,
    given.id,
    actor.centre,
    given.name,
    given.room,
    given.profile,
  ])
  await tx.query(COMMISSION, [
    home,
    given.id,
    actor.centre,
    gateway,
    given.profile,
    period.life,
    period.lostAfterS,
    given.life !== undefined || given.lostAfterS !== undefined,
  ])
  return { ...(placement as Placement), gatewayId: gateway, ...period }
}

/** The one that is named; without a name the home's only one. A home without a gateway can still have devices that wait for it. */
async function gatewayOf(tx: Transaction, home: HomeId, wanted: string | undefined): Promise<GatewayId | null> {
  const gateways = await tx.query<{ id: GatewayId }>('select id from gateway where home = $1 order by id for share', [
    home,
  ])
  if (wanted === undefined) return gateways.length === 1 ? (gateways[0]?.id ?? null) : null
  const named = gateways.find(({ id }) => id === wanted)
  if (!named) throw new DomainError('gateway-unknown', 'gatewayId: this home has no such gateway', { home, wanted })
  return named.id
}

interface DeviceRow {
  profile: string | null
  life: boolean
  lost_after_s: number
}
async function deviceAt(tx: Transaction, home: HomeId, placement: string): Promise<DeviceRow | undefined> {
  const [row] = await tx.query<DeviceRow>(
    'select profile, life, lost_after_s from device where home = $1 and placement = $2 for update',
    [home, placement],
  )
  return row
}

/** What its gateway has said of such a device already holds until a person says otherwise. */
function periodFor({ life, lostAfterS, profile }: PlacementBody, before: DeviceRow | undefined): Period {
  const same = before?.profile === profile ? before : undefined
  const isLife = life ?? same?.life ?? true
  const longestS = longestSilenceS(isLife)
  if (lostAfterS !== undefined && lostAfterS > longestS)
    throw new DomainError(
      'request-malformed',
      `lostAfterS: at most ${longestS} for a device ${isLife ? 'that a life hangs on' : 'that no life hangs on'}`,
    )
  return periodOf({ life: isLife, lostAfterS: lostAfterS ?? same?.lost_after_s })
}

const PLACE = `
  insert into placement (home, id, centre, name, room, profile) values ($1, $2, $3, $4, $5, $6)
  on conflict (home, id) do update set name = excluded.name, room = excluded.room, profile = excluded.profile
  returning id, name, room, profile, points`
/**
 * Behind a gateway that is silent it is unknown until that comes back; then its time begins. Which line it hangs on its gateway will
 * say; should it never name it, the device is supervised all the same.
 */
const COMMISSION = `
  insert into device (home, placement, centre, gateway, device, profile, life, lost_after_s, settled, commissioned_at, silent_due_at)
  select $1, $2, $3, $4, $2, $5, $6, $7::integer, $8, now,
    case when not exists (select from gateway where id = $4 and silent_since is not null)
         then now + interval '1 second' * $7::integer end
  from app_now() as now
  on conflict (home, placement) do update set
    gateway = coalesce(excluded.gateway, device.gateway), profile = excluded.profile, life = excluded.life,
    lost_after_s = excluded.lost_after_s, settled = excluded.settled, commissioned_at = excluded.commissioned_at,
    last_heard_at = null, line_down = false, silent_left_ms = null, silent_due_at = excluded.silent_due_at, silent_since = null`
