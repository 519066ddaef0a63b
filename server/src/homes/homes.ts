import { DomainError, formatInstant, type HomeId, hours, type Instant, parseInstant, plus } from '@anju/contract'
import type { GatewayStatus, Home, HomeDetail } from '@anju/contract/api'
import { type Once, once } from '../database/idempotency.ts'
import { masked } from '../domain/resident.ts'
import type { Identity, PersonActor } from '../people/people.ts'
import type { Database, LiveLog, Transaction } from '../ports.ts'
import { contactsOf, HOME_COLUMNS, type HomeRow, homeOf, placementsOf, residentOf } from './repository.ts'

const pageMax = 200

export const MODES = ['home', 'away', 'hospital', 'test'] as const
export type Mode = (typeof MODES)[number]

/** No mode lasts for ever; a test is short, because a life event during it only asks. */
const LONGEST: Readonly<Record<Exclude<Mode, 'home'>, number>> = {
  away: hours(24 * 60),
  hospital: hours(24 * 180),
  test: hours(4),
}

export interface ModeChange {
  readonly mode: Mode
  readonly until: string | null
  readonly reason: string
}

export interface Homes {
  list(who: Identity, cursor: string | undefined): Promise<{ items: Home[]; nextCursor: string | null }>
  /** @throws DomainError `home-unknown`. */
  detail(who: Identity, id: HomeId): Promise<HomeDetail>
  /** @throws DomainError `home-unknown`, `request-malformed`. */
  setMode(actor: PersonActor, id: HomeId, change: ModeChange, key?: Once): Promise<Home>
}

/** How a home's gateway is; `gateways/` knows. */
export type GatewayOfHome = (tx: Transaction, home: HomeId) => Promise<GatewayStatus | null>

export function createHomes(database: Database, live: LiveLog, gatewayOf: GatewayOfHome): Homes {
  return {
    list: ({ actor, home: only }, cursor) =>
      database.transaction(actor, async (tx) => {
        const rows = await tx.query<HomeRow>(
          `select ${HOME_COLUMNS} from home where ($1::text is null or id > $1) and ($2::text is null or id = $2)
           order by id limit ${pageMax + 1}`,
          [cursor ?? null, only],
        )
        const items = rows.slice(0, pageMax).map(homeOf)
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
      }),

    detail: ({ actor, home: only }, id) =>
      database.transaction(actor, async (tx) => {
        const row = await find(tx, id, only)
        const [[clock], resident, contacts, placements, gateway] = await Promise.all([
          tx.query<{ now: Instant }>('select app_now() as now'),
          only ? null : residentOf(tx, id),
          only ? [] : contactsOf(tx, id),
          only ? [] : placementsOf(tx, id),
          gatewayOf(tx, id),
        ])
        const now = clock?.now ?? (0 as Instant)
        return {
          ...homeOf(row),
          resident: resident && { ...resident.asSeenAt(now), access: masked(resident.access) },
          contacts,
          placements,
          gateway: gateway && only ? { ...gateway, health: null } : gateway,
        }
      }),

    setMode: (actor, id, change, key) =>
      database.transaction(actor, (tx) => once(tx, key, () => setMode(tx, live, actor, id, change))),
  }
}

async function setMode(
  tx: Transaction,
  live: LiveLog,
  actor: PersonActor,
  id: HomeId,
  change: ModeChange,
): Promise<Home> {
  await tx.query('select 1 from home where id = $1 for update', [id])
  const [clock] = await tx.query<{ now: Instant }>('select app_now() as now')
  const until = endOf(change, clock?.now ?? (0 as Instant))
  const [row] = await tx.query<HomeRow>(
    `update home set mode = $2, mode_until = $3, mode_reason = $4 where id = $1 returning ${HOME_COLUMNS}`,
    [id, change.mode, until === null ? null : formatInstant(until), change.reason],
  )
  if (!row) throw new DomainError('home-unknown', 'there is no such home', { id })
  await live.append(tx, actor.centre, [{ event: 'home', home: id, data: { homeId: id, mode: change.mode } }])
  return homeOf(row)
}

function endOf({ mode, until }: ModeChange, now: Instant): Instant | null {
  if (mode === 'home') return null
  if (until === null) throw new DomainError('request-malformed', `until: "${mode}" must say when it ends`)
  const end = parseInstant(until)
  const latest = plus(now, LONGEST[mode] as ReturnType<typeof hours>)
  if (end <= now || end > latest)
    throw new DomainError('request-malformed', `until: must lie between now and ${formatInstant(latest)} for "${mode}"`)
  return end
}

async function find(tx: Transaction, id: HomeId, only: HomeId | null): Promise<HomeRow> {
  const [row] = await tx.query<HomeRow>(
    `select ${HOME_COLUMNS} from home where id = $1 and ($2::text is null or id = $2)`,
    [id, only],
  )
  if (!row) throw new DomainError('home-unknown', 'there is no such home', { id })
  return row
}
