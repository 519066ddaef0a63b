import { DomainError, formatInstant, type HomeId, type Instant } from '@anju/contract'
import type { ErasedAmount, Erasure, ErasureBody, ErasureCertificate } from '@anju/contract/erasure'
import type { Author } from '../../audit/audit.ts'
import { once } from '../../database/idempotency.ts'
import type { Identity } from '../../people/people.ts'
import type { Database, Transaction } from '../../ports.ts'
import { sha256Of } from './certificate.ts'

export interface Erasures {
  /**
   * From now on what was measured before is refused; it is erased at once, and certified a while later. One that is under way
   * is answered as it is.
   * @throws DomainError `home-unknown`
   */
  request(author: Author, home: HomeId, given: ErasureBody): Promise<Erasure>
  /** Newest first. @throws DomainError `home-unknown` */
  list(who: Identity, home: HomeId): Promise<Erasure[]>
  /** With the time zone its times are told in. @throws DomainError `erasure-unknown` */
  find(who: Identity, home: HomeId, id: string): Promise<{ readonly erasure: Erasure; readonly timeZone: string }>
}

/** What came back, look by look. */
export interface Late {
  readonly earlier: ErasedAmount
  /** Of the look that is under way; null between two of them. */
  readonly found: ErasedAmount | null
  /** When each of the earlier ones was. */
  readonly looks: readonly Instant[]
}

export interface ErasureRow {
  id: string
  centre: string
  home: string
  requested_by: Erasure['requestedBy']
  reason: string
  person: string
  person_name: string
  until: Instant
  state: Erasure['state']
  held: ErasedAmount | null
  late: Late | null
  erased_at: Instant | null
  done_at: Instant | null
  certificate: string | null
  sha256: string | null
  tries: number
}
export const ERASURE_COLUMNS =
  'id, centre, home, requested_by, reason, person, person_name, until, state, held, late, erased_at, done_at, certificate, sha256, tries'
const erasuresMax = 200
/** A home whose erasures are the proof that it once was may be gone itself. */
const defaultZone = 'Asia/Shanghai'

interface Parts {
  readonly database: Database
  readonly newId: () => string
  /** There is something to do. */
  readonly wake: () => void
}

export function createErasures({ database, newId, wake }: Parts): Erasures {
  return {
    async request(author, home, given) {
      const { actor, key } = author
      return database.transaction(actor, (tx) =>
        once(tx, key, async () => {
          const found = await tx.query('select from home where id = $1 and centre = $2', [home, actor.centre])
          if (found.length === 0) throw new DomainError('home-unknown', 'there is no such home')
          const values = [newId(), actor.centre, home, given.requestedBy, given.reason, actor.person, actor.name]
          const [begun] = await tx.query<ErasureRow>(BEGIN, values)
          if (begun)
            await author.note(tx, { action: 'telemetry-erasure.added', subjects: [home, begun.id], changed: [] })
          const [row] = begun ? [begun] : await tx.query<ErasureRow>(OPEN, [home])
          // Between the two it was finished: as if it had been asked for a moment later.
          if (!row) throw new DomainError('overloaded', 'an erasure of this home has just ended: ask again')
          tx.afterCommit(wake)
          return viewOf(row)
        }),
      )
    },

    list: (who, home) =>
      database.transaction(who.actor, async (tx) => {
        await zoneOf(tx, who, home)
        const rows = await tx.query<ErasureRow>(
          `select ${ERASURE_COLUMNS} from telemetry_erasure where home = $1 and centre = $2 order by until desc, id desc limit ${erasuresMax}`,
          [home, who.actor.centre],
        )
        return rows.map(viewOf)
      }),

    find: (who, home, id) =>
      database.transaction(who.actor, async (tx) => {
        const timeZone = await zoneOf(tx, who, home)
        const [row] = await tx.query<ErasureRow>(
          `select ${ERASURE_COLUMNS} from telemetry_erasure where home = $1 and centre = $2 and id = $3`,
          [home, who.actor.centre, id],
        )
        if (!row) throw new DomainError('erasure-unknown', 'this home has no such erasure')
        return { erasure: viewOf(row), timeZone }
      }),
  }
}

/** A family member knows of one home only. */
async function zoneOf(tx: Transaction, { actor, home: only }: Identity, home: HomeId): Promise<string> {
  const [row] = await tx.query<{ time_zone: string }>('select time_zone from home where id = $1 and centre = $2', [
    home,
    actor.centre,
  ])
  if (only !== null && only !== home) throw new DomainError('home-unknown', 'there is no such home')
  if (row) return row.time_zone
  const [proof] = await tx.query('select from telemetry_erasure where home = $1 and centre = $2 limit 1', [
    home,
    actor.centre,
  ])
  if (!proof) throw new DomainError('home-unknown', 'there is no such home')
  return defaultZone
}

const timeOf = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

function viewOf(row: ErasureRow): Erasure {
  const { certificate: canonical, sha256 } = row
  return {
    id: row.id,
    homeId: row.home,
    state: row.state,
    requestedBy: row.requested_by,
    reason: row.reason,
    by: { person: row.person, name: row.person_name },
    until: formatInstant(row.until),
    erasedAt: timeOf(row.erased_at),
    doneAt: timeOf(row.done_at),
    certificate: canonical === null ? null : (JSON.parse(canonical) as ErasureCertificate),
    canonical,
    sha256,
    intact: canonical === null ? null : sha256Of(canonical) === sha256,
  }
}

const BEGIN = `
  insert into telemetry_erasure (id, centre, home, requested_by, reason, person, person_name, until, state, due_at)
  select $1, $2, $3, $4, $5, $6, $7, clock.now, 'begun', clock.now from (select app_now() as now) as clock
  on conflict (home) where state <> 'done' do nothing
  returning ${ERASURE_COLUMNS}`
const OPEN = `select ${ERASURE_COLUMNS} from telemetry_erasure where home = $1 and state <> 'done'`
