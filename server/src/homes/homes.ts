import {
  DomainError,
  formatInstant,
  type HomeId,
  hours,
  type Instant,
  minutes,
  parseInstant,
  plus,
} from '@anju/contract'
import type { GatewayStatus, Home, HomeBody, HomeDetail, HomePatch, Resident, ResidentPatch } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import { once } from '../database/idempotency.ts'
import { masked } from '../domain/resident.ts'
import type { Identity } from '../people/people.ts'
import { relativeMayKnow } from '../policy/agreement.ts'
import type { Database, LiveLog, Transaction } from '../ports.ts'
import { changeHome, createHome } from './change-home.ts'
import { changeResident } from './change-resident.ts'
import { contactsOf, HOME_COLUMNS, type HomeRow, homeOf, placementsOf, placeOf, residentOf } from './repository.ts'
import { search } from './search.ts'

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
  /** When it ends, or how long it lasts: one of both. */
  readonly until: string | null
  readonly forMinutes?: number | null
  readonly reason: string
}

export interface Homes {
  list(who: Identity, cursor: string | undefined): Promise<HomePage>
  /** By the resident's name or its initials in pinyin, the door, a telephone number's beginning or end, the list's number. */
  search(who: Identity, text: string, cursor: string | undefined): Promise<HomePage>
  /** @throws DomainError `home-unknown`. */
  detail(who: Identity, id: HomeId): Promise<HomeDetail>
  /** @throws DomainError `home-unknown`, `request-malformed`. */
  setMode(author: Author, id: HomeId, change: ModeChange): Promise<Home>
  /** @throws DomainError `area-unknown`, `external-ref-taken`, `request-malformed`. */
  create(author: Author, given: HomeBody): Promise<Home>
  /** @throws DomainError `home-unknown`, `home-changed`, and what `create` throws. */
  change(author: Author, id: HomeId, patch: HomePatch): Promise<Home>
  /**
   * What a responder must know; a home without a resident gets one.
   * @throws DomainError `home-unknown`, `resident-changed`, `request-malformed`.
   */
  changeResident(author: Author, id: HomeId, patch: ResidentPatch): Promise<Resident>
}

export interface HomePage {
  items: Home[]
  nextCursor: string | null
}

/** How a home's gateway is; `gateways/` knows. */
export type GatewayOfHome = (tx: Transaction, home: HomeId) => Promise<GatewayStatus | null>

export interface HomesParts {
  readonly database: Database
  readonly live: LiveLog
  readonly gatewayOf: GatewayOfHome
  readonly newId: () => string
  /** Somebody ended a test: what happened in it is not over by that. */
  readonly testEnded: (tx: Transaction, homes: readonly HomeId[]) => Promise<void>
}

export function createHomes({ database, live, gatewayOf, newId, testEnded }: HomesParts): Homes {
  /** One change: once per key, in the author's own name. */
  const changing = <T>({ actor, key }: Author, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(actor, (tx) => once(tx, key, () => work(tx)))
  return {
    list: ({ actor, home: only }, cursor) =>
      database.transaction(actor, async (tx) => {
        const rows = await tx.query<HomeRow>(
          `select ${HOME_COLUMNS} from home where ($1::text is null or id > $1) and ($2::text is null or id = $2)
           order by id limit ${pageMax + 1}`,
          [cursor ?? null, only],
        )
        const items = await forWhom(tx, { actor, home: only }, rows.slice(0, pageMax).map(homeOf))
        return { items, nextCursor: rows.length > pageMax ? (items.at(-1)?.id ?? null) : null }
      }),

    search: ({ actor, home: only }, text, cursor) =>
      database.transaction(actor, async (tx) => {
        const found = await search(tx, { text, only, cursor })
        return { ...found, items: await forWhom(tx, { actor, home: only }, found.items) }
      }),

    detail: ({ actor, home: only }, id) =>
      database.transaction(actor, async (tx) => {
        const row = await find(tx, id, only)
        const [[clock], resident, contacts, placements, gateway, place] = await Promise.all([
          tx.query<{ now: Instant }>('select app_now() as now'),
          only ? null : residentOf(tx, id),
          only ? [] : contactsOf(tx, id),
          only ? [] : placementsOf(tx, id),
          gatewayOf(tx, id),
          only ? {} : placeOf(tx, id),
        ])
        const now = clock?.now ?? (0 as Instant)
        return {
          ...homeOf(row),
          ...place,
          orderVersion: row.order_version,
          resident: resident && { ...resident.asSeenAt(now), access: masked(resident.access) },
          contacts,
          placements,
          gateway: gateway && only ? { ...gateway, health: null } : gateway,
        }
      }),

    setMode: (author, id, change) => changing(author, (tx) => setMode(tx, { live, testEnded }, author, id, change)),
    create: (author, given) => changing(author, (tx) => createHome(tx, live, author, given, newId)),
    change: (author, id, patch) => changing(author, (tx) => changeHome(tx, live, author, id, patch)),
    changeResident: (author, id, patch) => changing(author, (tx) => changeResident(tx, live, author, id, patch, newId)),
  }
}

/** Whether somebody is away or in hospital is told to a relative when they have agreed to it. */
async function forWhom(
  tx: Transaction,
  { actor, home }: Pick<Identity, 'actor' | 'home'>,
  homes: Home[],
): Promise<Home[]> {
  if (home === null || (await relativeMayKnow(tx, actor, 'daily-state'))) return homes
  return homes.map((one) => ({ ...one, mode: 'withheld', modeUntil: null, withheld: 'daily-state' }))
}

async function setMode(
  tx: Transaction,
  { live, testEnded }: Pick<HomesParts, 'live' | 'testEnded'>,
  author: Author,
  id: HomeId,
  change: ModeChange,
): Promise<Home> {
  const [before] = await tx.query<{ mode: Mode }>('select mode from home where id = $1 for no key update', [id])
  const [clock] = await tx.query<{ now: Instant }>('select app_now() as now')
  const until = endOf(change, clock?.now ?? (0 as Instant))
  const [row] = await tx.query<HomeRow>(
    // What only goes on has gone on since it began.
    `update home set mode = $2, mode_until = $3, mode_reason = $4,
       mode_since = case when mode = $2 then mode_since else app_now() end
     where id = $1 returning ${HOME_COLUMNS}`,
    [id, change.mode, until === null ? null : formatInstant(until), change.reason],
  )
  if (!row) throw new DomainError('home-unknown', 'there is no such home', { id })
  if (before?.mode === 'test' && change.mode !== 'test') await testEnded(tx, [id])
  const changed = ['mode', ...(until === null ? [] : ['modeUntil']), 'modeReason']
  await author.note(tx, { action: 'mode.changed', subjects: [id], changed })
  live.append(tx, author.actor.centre, [{ event: 'home', home: id, data: { homeId: id, mode: change.mode } }])
  return homeOf(row)
}

function endOf({ mode, until, forMinutes = null }: ModeChange, now: Instant): Instant | null {
  if (mode === 'home') return null
  if ((until === null) === (forMinutes === null))
    throw new DomainError(
      'request-malformed',
      `until: "${mode}" must say when it ends, or for how many minutes it lasts`,
    )
  const end = until === null ? plus(now, minutes(forMinutes ?? 0)) : parseInstant(until)
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
