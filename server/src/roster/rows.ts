import { formatInstant, type Instant } from '@anju/contract'
import type { Channel, ConsentPurpose, Hours, PolicyScope, Way } from '@anju/contract/api'
import { shownAddress } from '../domain/roster/address.ts'
import { type WeeklyHours, weeklyOf } from '../domain/roster/hours.ts'

export type OwnerKind = 'contact' | 'responder' | 'person' | 'centre'

/** A way as `WAYS` reads it. */
export interface StoredWay {
  readonly id: string
  readonly channel: Channel
  readonly address: string
  readonly provenOn: number | null
  readonly dead: boolean
  readonly deadSince: number | null
  readonly deadWhy: string | null
}

/** Somebody's ways in their own order, as one JSON value: people and their ways are read in one statement. */
export const WAYS = (kind: OwnerKind, owner: string): string => `
  (select coalesce(jsonb_agg(jsonb_build_object('id', way.id, 'channel', way.channel, 'address', way.address,
     'provenOn', floor(extract(epoch from way.last_proven_on) * 1000), 'dead', way.dead_since is not null,
     'deadSince', floor(extract(epoch from way.dead_since) * 1000), 'deadWhy', way.dead_why)
     order by way.position, way.id), '[]')
   from way where way.owner_kind = '${kind}' and way.owner = ${owner})`

/** The account that is this contact, when they have one. */
export const ACCOUNT_OF = (contact: string): string =>
  `(select id from person where person.contact = ${contact} and person.locked_at is null)`

/** All ways to a contact, first what they put in themselves: a browser they have opened since somebody wrote down their number. */
export const WAYS_TO_CONTACT = (contact: string): string =>
  `(${WAYS('person', ACCOUNT_OF(contact))} || ${WAYS('contact', contact)})`

/**
 * The ways to whom a row is for: their own, and those of the account that is this contact. As two owners, each of which is found by
 * its key: of an `or` between them, or of a join (hence `offset 0`), a plan made while there are few reads all of them for ever.
 */
export const WAYS_TO_RECIPIENT = (row: string): string => `
  (values (${row}.recipient_kind, ${row}.recipient),
    ('person', case ${row}.recipient_kind when 'contact' then ${ACCOUNT_OF(`${row}.recipient`)} end)) as whose (kind, who),
  lateral (select * from way where way.owner_kind = whose.kind and way.owner = whose.who offset 0) as way`

type RecipientKind = Exclude<OwnerKind, 'person'>
interface Withdrawal {
  readonly purpose?: Extract<ConsentPurpose, 'alarm' | 'responder-visit'>
  /** Until when, in SQL. */
  readonly by?: string
}

/**
 * Whether a resident of the home took back that this one is told of alarms (or what else the purpose says), and has not agreed anew:
 * `domain/consent.ts` for what stands until it is taken back, where it has to be one condition of a statement.
 */
export const WITHDRAWN = (
  kind: RecipientKind,
  home: string,
  recipient: string,
  { purpose = 'alarm', by = `'infinity'` }: Withdrawal = {},
): string => `
  exists (select from consent
    where consent.home = ${home} and consent.purpose = '${purpose}' and consent.recipient_kind = '${kind}'
      and consent.recipient = ${recipient} and consent.withdrawn_at <= ${by}
      and not exists (select from consent as again
        where again.resident = consent.resident and again.purpose = '${purpose}' and again.recipient_kind = '${kind}'
          and again.recipient = consent.recipient and again.withdrawn_at is null offset 0) offset 0)`

/** Who would only come to mend something: not where the resident wants no visit of them, or of anybody of the centre. */
export const VISIT_UNWANTED = (home: string, responder: string, centre: string): string =>
  `(${WITHDRAWN('responder', home, responder, { purpose: 'responder-visit' })} or ${WITHDRAWN('centre', home, centre, { purpose: 'responder-visit' })})`

/** What each who lives there has said about this recipient: rows of `Word` (`domain/consent.ts`). */
export const WORDS = (kind: RecipientKind, home: string, recipient: string): string => {
  const purposes = (inForce: boolean) => `array(select distinct purpose from consent
    where consent.resident = resident.id and recipient_kind = '${kind}' and recipient = ${recipient}
      and withdrawn_at is ${inForce ? '' : 'not '}null)`
  return `select ${purposes(true)} as given, ${purposes(false)} as withdrawn from resident where resident.home = ${home}`
}

export const hoursOf = (stored: readonly Hours[] | null): readonly WeeklyHours[] | null => stored?.map(weeklyOf) ?? null

export const wayView = ({ id, channel, address, provenOn, deadSince, deadWhy }: StoredWay): Way => ({
  id,
  channel,
  address: shownAddress(channel, address),
  lastProvenOn: provenOn === null ? null : formatInstant(provenOn as Instant),
  dead: deadSince === null ? null : { since: formatInstant(deadSince as Instant), why: deadWhy },
})

/** What a policy is for, as its row says it. */
export interface ScopeRow {
  readonly home: string | null
  readonly type: string | null
  readonly class: NonNullable<PolicyScope['class']> | null
}
export const scopeOf = ({ home, type, class: of }: ScopeRow): PolicyScope => ({
  ...(home === null ? {} : { home }),
  ...(type === null ? {} : { type }),
  ...(of === null ? {} : { class: of }),
})
