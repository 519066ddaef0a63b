import {
  type AlarmId,
  type Clock,
  DomainError,
  formatInstant,
  type Instant,
  minutes,
  type Random,
} from '@anju/contract'
import type { AnswerBody, AnswerView, GoingAnswer } from '@anju/contract/api'
import { ulid } from 'ulid'
import { fingerprint, once } from '../database/idempotency.ts'
import { withheld } from '../domain/consent.ts'
import { etaDefault, etaGrace } from '../domain/notification.ts'
import type { Identity } from '../people/people.ts'
import type { Actor, Database, Transaction } from '../ports.ts'
import { REMOVED, TAKEN_BACK } from './dismissed.ts'
import type { Happened, Mover } from './mover.ts'
import { ASKING, HAPPENED_AT } from './record.ts'
import { IS_WANTED_THERE } from './same-home.ts'

const ANSWERS: Actor = { kind: 'system', part: 'answers' }
/** An old message in somebody's telephone says nothing any more, and opens nothing. */
const linkHours = 24

export interface AnswersOptions {
  readonly database: Database
  readonly mover: Mover
  readonly clock: Clock
  readonly random: Random
  readonly hashSecret: (secret: string) => Buffer
}

/** What people answer who were asked to go. Never touches the alarm's handling: it stays in the operators' queue. */
export interface Answers {
  /** @throws DomainError `answer-unknown` for a link that never was one, or is too old; `consent-missing`. */
  view(secret: string): Promise<AnswerView>
  /** The secret is the right to answer. The same key and body are done once. @throws DomainError `answer-unknown`, `consent-missing`. */
  give(secret: string, answer: AnswerBody, key: string | undefined): Promise<AnswerView>
  /** The message with this link was shown by a browser: no person has said anything yet. @throws DomainError `answer-unknown`. */
  shown(secret: string): Promise<void>
  /** A relative who is signed in says that they go, asked or not. @throws DomainError `alarm-unknown`. */
  going(who: Identity, alarm: AlarmId, etaMinutes: number | undefined): Promise<GoingAnswer>
  /** They cannot, or not after all. @throws DomainError `alarm-unknown`. */
  cannot(who: Identity, alarm: AlarmId): Promise<void>
}

export function createAnswers({ database, mover, clock, random, hashSecret }: AnswersOptions): Answers {
  /** The row of what a relative says in the app, under the alarm's lock. */
  async function enter(tx: Transaction, { actor, home }: Identity, alarm: AlarmId): Promise<Row> {
    const [held] = await tx.query<{ home: string }>('select home from alarm where id = $1 for update', [alarm])
    if (!held || (home !== null && held.home !== home))
      throw new DomainError('alarm-unknown', 'there is no such alarm', { id: alarm })
    await tx.query(ENTER, [ulid(clock.now(), () => random.uniform()), alarm, actor.person])
    const [row] = await tx.query<Row>(OWN, [alarm, actor.person])
    if (!row) throw new DomainError('internal', 'an answer has no row to go into', { alarm })
    return row
  }

  /** Who cannot go does not go, whatever they said on another channel: others would not be asked because of it. */
  async function decline(tx: Transaction, alarm: AlarmId, row: Row): Promise<void> {
    const accepted = await tx.query<{ id: string }>(ACCEPTED, [alarm, row.recipient_kind, row.recipient])
    const ids = new Set([row.id, ...accepted.map(({ id }) => id)])
    for (const id of ids) await mover.move(tx, { id, alarm }, { type: 'declined', by: 'person' })
  }

  return {
    view: (secret) =>
      database.transaction(ANSWERS, async (tx) => {
        const hash = hashSecret(secret)
        mayBeTold(await find(tx, hash))
        return view(tx, hash)
      }),

    give: (secret, answer, key) =>
      database.transaction(ANSWERS, async (tx) => {
        const hash = hashSecret(secret)
        const where = await find(tx, hash)
        const { id, centre, alarm } = where
        const given =
          key === undefined ? undefined : { centre, person: `answer ${id}`, key, fingerprint: fingerprint([answer]) }
        // That they do not come after all is heard from anybody.
        if (answer.answer === 'going') mayBeTold(where)
        return once(tx, given, async () => {
          if (answer.answer === 'cannot' && alarm !== null) {
            await tx.query('select 1 from alarm where id = $1 for update', [alarm])
            await decline(tx, alarm, where)
          } else
            await mover.move(tx, where, answer.answer === 'going' ? accepting(answer.etaMinutes) : { type: 'seen' })
          const shown = await view(tx, hash)
          return untold(where) ? { ...shown, going: [] } : shown
        })
      }),

    shown: (secret) =>
      database.transaction(ANSWERS, async (tx) => {
        await mover.move(tx, await find(tx, hashSecret(secret)), { type: 'delivered', fence: null })
      }),

    going: (who, alarm, etaMinutes) =>
      database.transaction(
        who.actor,
        async (tx) => {
          const { id } = await enter(tx, who, alarm)
          const until = (await mover.move(tx, { id, alarm }, accepting(etaMinutes)))?.attempt.acceptedUntil
          if (!until) throw new DomainError('internal', 'an acceptance was not saved', { alarm })
          return { acceptedUntil: formatInstant(until) }
        },
        'by-key',
      ),

    cannot: (who, alarm) =>
      database.transaction(who.actor, async (tx) => decline(tx, alarm, await enter(tx, who, alarm)), 'by-key'),
  }
}

const accepting = (etaMinutes: number | undefined): Happened => ({
  type: 'accepted',
  by: 'person',
  eta: etaMinutes === undefined ? etaDefault : minutes(etaMinutes),
})

/** One attempt, and whose it is. */
interface Row {
  id: string
  recipient_kind: string
  recipient: string
}
interface Link extends Row {
  centre: string
  /** Null: a test of this way. */
  alarm: AlarmId | null
  /** They are no contact or responder any more, since they were sent this link. */
  removed: boolean
  /** The resident took back that they are told of alarms, since then. */
  withdrawn: boolean
}
/** Why they are told nothing any more. */
function untold({ removed, alarm, withdrawn }: Link): DomainError | undefined {
  if (removed) return unknown()
  return alarm !== null && withdrawn ? withheld('alarm') : undefined
}
function mayBeTold(link: Link): void {
  const why = untold(link)
  if (why) throw why
}
const unknown = () => new DomainError('answer-unknown', 'this link asks for no answer, or not any more')
async function find(tx: Transaction, hash: Buffer): Promise<Link> {
  const [link] = await tx.query<Link>(
    `select notification.id, notification.centre, notification.alarm, recipient_kind, recipient,
       ${REMOVED('notification')} as removed, ${TAKEN_BACK('notification')} as withdrawn
     from answer_link join notification on notification.id = answer_link.notification
     where hash = $1 and queued_at > (select app_now()) - interval '${linkHours} hours'`,
    [hash],
    'answer-link',
  )
  if (!link) throw unknown()
  return link
}

interface ViewRow {
  type: string
  at: Instant
  time_zone: string
  test: boolean
  state: string
  accepted_at: Instant | null
  accepted_until: Instant | null
  going: { name: string; until: number }[]
  closed: boolean
  stood_down: boolean
}

/** First level only: the kind of event and its time; not the home, not the resident, not the room. */
async function view(tx: Transaction, hash: Buffer): Promise<AnswerView> {
  const { id, alarm } = await find(tx, hash)
  if (alarm === null) return viewOfTest(tx, id)
  const [row] = await tx.query<ViewRow>(VIEW, [id], 'answer-view')
  if (!row) throw new DomainError('answer-unknown', 'this link asks for no answer, or not any more')
  const { accepted_at: acceptedAt, accepted_until: until } = row
  const accepted = row.state === 'accepted' && acceptedAt !== null && until !== null
  return {
    type: row.type,
    at: formatInstant(row.at),
    timeZone: row.time_zone,
    test: row.test,
    state: accepted ? 'accepted' : row.state === 'declined' ? 'declined' : 'asked',
    acceptedUntil: accepted ? formatInstant(until) : null,
    etaMinutes: accepted ? Math.round((until - acceptedAt - etaGrace) / minutes(1)) : null,
    going: row.going.map(({ name, until: end }) => ({ name, until: formatInstant(end as Instant) })),
    over: row.closed ? 'closed' : row.stood_down && !accepted ? 'stood-down' : null,
  }
}

/** There is nothing to decide: that the page was opened is the answer. */
async function viewOfTest(tx: Transaction, id: string): Promise<AnswerView> {
  const [row] = await tx.query<Pick<ViewRow, 'type' | 'at' | 'time_zone'>>(TEST_VIEW, [id], 'answer-view-test')
  if (!row) throw new DomainError('answer-unknown', 'this link asks for no answer, or not any more')
  const { type, at, time_zone: timeZone } = row
  const nothing = { test: false, acceptedUntil: null, etaMinutes: null, going: [] }
  return { type, at: formatInstant(at), timeZone, state: 'asked', over: 'only-a-test', ...nothing }
}
const TEST_VIEW = `select content ->> 'type' as type, queued_at as at, coalesce(home.time_zone, 'Asia/Shanghai') as time_zone
  from notification left join home on home.id = notification.home where notification.id = $1`

/** Somebody who answered on two channels is one person: whichever link they open, it shows what they said last. */
const VIEW = `select alarm.type, ${HAPPENED_AT} as at, home.time_zone, alarm.test, said.state, said.accepted_at,
    said.accepted_until, alarm.handling = 'closed' and not ${IS_WANTED_THERE('own')} as closed, own.stood_down,
    coalesce((
      select jsonb_agg(jsonb_build_object('name', name, 'until', until) order by until) from (
        select recipient_name as name, extract(epoch from max(accepted_until)) * 1000 as until from notification as other
        where other.alarm = own.alarm and other.state = 'accepted' and other.accepted_until > (select app_now())
          and (other.recipient_kind, other.recipient) <> (own.recipient_kind, own.recipient)
        group by recipient_kind, recipient, recipient_name
      ) as going), '[]') as going
  from notification as own join alarm on alarm.id = own.alarm join home on home.id = alarm.home,
    lateral (
      select state, accepted_at, accepted_until from notification as one
      where one.alarm = own.alarm and one.purpose = own.purpose and one.recipient_kind = own.recipient_kind
        and one.recipient = own.recipient
      order by one.state = 'accepted' desc, greatest(one.accepted_at, one.declined_at) desc nulls last, one.id = own.id desc
      limit 1
    ) as said
  where own.id = $1`

/** Under the alarm's lock, which comes before those of its rows. */
const ACCEPTED = `select id from notification where alarm = $1 and recipient_kind = $2 and recipient = $3 and purpose = 'alarm'
  and state = 'accepted' order by id for update`

/**
 * A row for an answer that nobody asked for by a message: the app showed it to them. It is theirs once for each alarm; and theirs
 * as the contact that they are, so that whoever was asked by a message and answers in the app is one person.
 */
const ENTER = `insert into notification (id, centre, home, alarm, purpose, track, recipient_kind, recipient, recipient_name,
    channel, address, language, content, urgent, state, queued_at, sent_at)
  select $1, alarm.centre, alarm.home, alarm.id, 'alarm', 'family', case when contact.id is null then 'person' else 'contact' end,
    coalesce(contact.id, person.id), coalesce(contact.name, person.name), 'console', 'app', person.language,
    ${ASKING('alarm.test')},
    alarm.class in ('life', 'hazard'), 'sent', clock.now, clock.now
  from (select app_now() as now) as clock, alarm join home on home.id = alarm.home,
    person left join contact on contact.id = person.contact
  where alarm.id = $2 and person.id = $3
  on conflict do nothing`
const OWN = `select notification.id, recipient_kind, recipient from notification, person
  where alarm = $1 and track = 'family' and purpose = 'alarm' and channel = 'console' and person.id = $2
    and (recipient_kind, recipient) in (('person', person.id), ('contact', person.contact))
  order by queued_at limit 1`
