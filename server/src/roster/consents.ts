import { assertNever, DomainError, formatInstant, type HomeId, type Instant, malformed } from '@anju/contract'
import type { Consent, ConsentBody } from '@anju/contract/api'
import type { Author } from '../audit/audit.ts'
import type { PersonActor, Transaction } from '../ports.ts'
import { changing, lockHome, newId, type RosterParts } from './change.ts'

export interface Consents {
  /** Also those that were withdrawn, newest first. */
  list(actor: PersonActor, home: HomeId): Promise<Consent[]>
  /** One that is in force already is answered as it is. */
  give(author: Author, home: HomeId, given: ConsentBody): Promise<Consent>
  /** Counts from the moment it is committed: who is asked next is found by it, and what is queued does not leave. @throws DomainError `consent-unknown`. */
  withdraw(author: Author, home: HomeId, consent: string): Promise<Consent>
}

interface Row {
  id: string
  home: string
  resident: string
  purpose: Consent['purpose']
  recipient_kind: Consent['recipient']['kind']
  recipient: string
  evidence: string
  given_at: Instant
  withdrawn_at: Instant | null
}
const COLUMNS = 'id, home, resident, purpose, recipient_kind, recipient, evidence, given_at, withdrawn_at'
const consentsMax = 500

export function createConsents(parts: RosterParts): Consents {
  return {
    list: (actor, home) =>
      parts.database.transaction(actor, async (tx) => {
        const rows = await tx.query<Row>(
          `select ${COLUMNS} from consent where home = $1 and centre = $2 order by given_at desc, id desc limit ${consentsMax}`,
          [home, actor.centre],
        )
        return rows.map(viewOf)
      }),

    give: (author, home, given) =>
      changing(parts, author, async (tx) => {
        await lockHome(tx, author.actor, home)
        const { purpose, recipient, evidence } = given
        const resident = await agreeing(tx, home, given.resident)
        if (!(await exists(tx, author.actor.centre, home, recipient)))
          throw malformed('body/recipient', `there is no such ${recipient.kind} for this home`)
        const key = [resident, purpose, recipient.kind, recipient.id]
        const [inForce] = await tx.query<Row>(
          `select ${COLUMNS} from consent where resident = $1 and purpose = $2 and recipient_kind = $3 and recipient = $4
             and withdrawn_at is null`,
          key,
        )
        if (inForce) return viewOf(inForce)
        const id = newId(parts, 'consent')
        const [row] = await tx.query<Row>(
          `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence)
           values ($5, $6, $7, $1, $2, $3, $4, app_now(), $8) returning ${COLUMNS}`,
          [...key, id, author.actor.centre, home, evidence],
        )
        await author.note(tx, { action: 'consent.given', subjects: [home, id], changed: [purpose] })
        return viewOf(row as Row)
      }),

    withdraw: (author, home, id) =>
      changing(parts, author, async (tx) => {
        await lockHome(tx, author.actor, home)
        const [row] = await tx.query<Row>(
          `update consent set withdrawn_at = coalesce(withdrawn_at, app_now()) where id = $1 and home = $2 returning ${COLUMNS}`,
          [id, home],
        )
        if (!row) throw new DomainError('consent-unknown', 'this home has no such consent')
        const { recipient_kind: kind, recipient: whom } = row
        if (row.purpose === 'alarm' && (kind === 'contact' || kind === 'responder'))
          parts.withdrawals.withdraw(tx, { kind, id: whom, home })
        await author.note(tx, { action: 'consent.withdrawn', subjects: [home, id], changed: [row.purpose] })
        return viewOf(row)
      }),
  }
}

/** Who agrees lives there; where nobody is named, it is the one whom the home shows. */
async function agreeing(tx: Transaction, home: HomeId, named: string | undefined): Promise<string> {
  const [found] = await tx.query<{ id: string }>(
    'select id from resident where home = $1 and ($2::text is null or id = $2) order by id limit 1',
    [home, named ?? null],
  )
  if (!found)
    throw malformed('body/resident', named === undefined ? 'nobody lives there yet' : 'does not live in this home')
  return found.id
}

async function exists(
  tx: Transaction,
  centre: string,
  home: HomeId,
  { kind, id }: ConsentBody['recipient'],
): Promise<boolean> {
  switch (kind) {
    case 'contact':
      return (
        (await tx.query('select 1 from contact where id = $1 and home = $2 and removed_at is null', [id, home]))
          .length > 0
      )
    case 'responder':
      return (
        (await tx.query('select 1 from responder where id = $1 and centre = $2 and removed_at is null', [id, centre]))
          .length > 0
      )
    case 'centre':
      return (await tx.query('select 1 from centre where id = $1', [id])).length > 0
    case 'area-staff':
      // The beginning of an administrative code: whoever answers for that city, county, street or community.
      return /^\d{2,12}$/.test(id)
    default:
      return assertNever(kind)
  }
}

const viewOf = (row: Row): Consent => ({
  id: row.id,
  homeId: row.home,
  resident: row.resident,
  purpose: row.purpose,
  recipient: { kind: row.recipient_kind, id: row.recipient },
  evidence: row.evidence,
  givenAt: formatInstant(row.given_at),
  withdrawnAt: row.withdrawn_at === null ? null : formatInstant(row.withdrawn_at),
})
