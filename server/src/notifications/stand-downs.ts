import { type AlarmId, between, type Instant, invariant } from '@anju/contract'
import type { Track } from '@anju/contract/api'
import { among, type Column, columnar, given } from '../database/columns.ts'
import { usefulFor } from '../domain/notification.ts'
import { isLost, type Waiting } from '../domain/stalled.ts'
import type { EndedTrack, Failure } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import { WAYS_TO_RECIPIENT } from '../roster/rows.ts'
import { MAY_GO, type NotificationRecord } from './record.ts'
import { GOES_THERE, GOING_TO, IS_OF_THE_HOME, IS_WANTED_THERE } from './same-home.ts'

/**
 * Queues what tells people that they need not go: to everybody who believes that they are wanted; and on the next of their ways to
 * whoever certainly was not reached by all that told them so before. Each way once: their number is what bounds it.
 * Whom another alarm of the home wants is told when that is over, too.
 * @returns whether anything was queued, and of which somebody is left for later
 */
export async function standDown(
  tx: Transaction,
  tracks: readonly EndedTrack[],
  newId: () => string,
): Promise<{ readonly queued: boolean; readonly left: readonly EndedTrack[] }> {
  if (tracks.length === 0) return { queued: false, left: [] }
  const numbered = tracks.map((track, nth) => ({ ...track, nth }))
  const [told, before] = await Promise.all([
    tx.query<ToldRow>(TOLD, columnar(OF_TRACK, numbered), 'ledger-told'),
    tx.query<StandDownRow>(LATEST, columnar(OF_PERSON, numbered.map(anybody)), 'stand-downs-latest'),
  ])
  const lost = [...Map.groupBy(before, personOf).values()].flatMap((rows) => lostOf(rows)?.last ?? [])
  const passedOn = lost.filter(isInTime)
  const endedBy = ({ nth, id: of }: ToldRow): Ended => {
    const track = numbered[nth]
    invariant(track, `a stand-down of track ${nth} was not asked for`)
    return { of, id: newId(), alarm: track.alarm, because: track.because }
  }
  const ended = told.filter(isFree).map(endedBy)
  const again = passedOn.filter(isFree).map(endedBy)
  if (ended.length > 0) await tx.query(STAND_DOWN, columnar(ENDED, ended), 'ledger-stand-down')
  if (again.length > 0) {
    await tx.query(PASS_ON, columnar(ENDED, again), 'ledger-pass-on')
    // Of some a way was left when they were lost, and has died since: that is for the log, once they are settled.
    await tx.query(STUCK, [again.map(({ of }) => of)], 'ledger-stuck')
  }
  const left = new Set([...told, ...passedOn].filter((one) => !isFree(one)).map(({ nth }) => nth))
  return { queued: ended.length + again.length > 0, left: tracks.filter((_, nth) => left.has(nth)) }
}
const isFree = ({ wanted }: { readonly wanted: boolean }): boolean => !wanted

/** Somebody who was told to go, and cannot be told to stay. */
export interface Untold {
  readonly name: string
  readonly recipient: Pick<NotificationRecord['recipient'], 'kind' | 'id'>
  readonly track: Track
  /** Which of their stand-downs: it is told of once. */
  readonly round: number
  readonly recipients: readonly Failure[]
}

/**
 * One that told somebody to stay is lost. Undefined while another may reach them, or one of their ways is still to be tried, or
 * another alarm wants them; when they were asked once more since then, or go all the same; and when it was said before.
 */
export async function untoldOf(tx: Transaction, { alarm, track, recipient }: NotificationRecord) {
  if (alarm === null || track === null) return undefined
  const { kind, id, name } = recipient
  const one: OfPerson = { nth: 0, alarm, track, kind, recipient: id }
  const lost = lostOf(await tx.query<StandDownRow>(LATEST, columnar(OF_PERSON, [one]), 'stand-downs-latest'))
  if (!lost) return undefined
  const { rows, last } = lost
  const said = { track, round: last.round, recipient: { kind, id } }
  const [more] = await tx.query<{ way: boolean; said: boolean }>(
    MORE,
    [last.id, JSON.stringify(said)],
    'stand-downs-more',
  )
  if (!more || more.said || ((more.way || last.wanted) && isInTime(last))) return undefined
  const recipients = rows.map(({ channel, why }): Failure => ({ kind, id, name, channel, why }))
  return { ...said, name, recipients } satisfies Untold
}

/** Somebody who is owed a stand-down, by the number of the track that they are of. */
interface ToldRow {
  readonly nth: number
  readonly id: string
  readonly wanted: boolean
}
/** One attempt of somebody's latest stand-down. */
interface StandDownRow extends ToldRow, Omit<Waiting, 'dueAt'> {
  readonly recipient_kind: string
  readonly recipient: string
  readonly round: number
  readonly channel: Failure['channel']
  readonly due_at: Instant | null
  readonly queued_at: Instant
  readonly failed_at: Instant | null
  readonly now: Instant
}
const personOf = (row: StandDownRow): string => `${row.nth} ${row.recipient_kind} ${row.recipient}`
/** All that told this person to stay has certainly not reached them. */
function lostOf(rows: readonly StandDownRow[]) {
  const last = rows.at(-1)
  return last && rows.every((row) => isLost({ ...row, dueAt: row.due_at }, row.now)) ? { rows, last } : undefined
}
/** What its provider says hours later is for the log: whoever went has been at the door. */
const isInTime = ({ queued_at: queuedAt, failed_at: failedAt }: StandDownRow): boolean =>
  failedAt === null || between(queuedAt, failedAt) < usefulFor['stand-down']

/** Asked of somebody, who was, or may have been, told to go by it, and not to stay since then. */
const IS_OWED = (row: string): string =>
  `${row}.purpose = 'alarm' and not ${row}.stood_down and (${row}.sending or ${MAY_GO(row)})`

type OfTrack = EndedTrack & { readonly nth: number }
const TRACK: readonly Column<Omit<OfTrack, 'because'>>[] = [
  { name: 'nth', type: 'integer', value: ({ nth }) => nth },
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm },
  { name: 'track', type: 'text', value: ({ track }) => track },
]
const OF_TRACK: readonly Column<OfTrack>[] = [
  ...TRACK,
  { name: 'closed', type: 'boolean', value: ({ because }) => because === 'closed' },
]
/** One person of a track; without one, all of them. */
type OfPerson = Omit<OfTrack, 'because'> & { readonly kind: string | null; readonly recipient: string | null }
const OF_PERSON: readonly Column<OfPerson>[] = [
  ...TRACK,
  { name: 'kind', type: 'text', value: ({ kind }) => kind },
  { name: 'recipient', type: 'text', value: ({ recipient }) => recipient },
]
const anybody = ({ nth, alarm, track }: OfTrack): OfPerson => ({ nth, alarm, track, kind: null, recipient: null })

/**
 * Of each person who was, or may have been, told to go since they were last told not to: the attempt that got furthest; of
 * two that got as far, the written one. One that is on its way counts: the sender waits for what becomes of it. Who was not
 * asked at all and said in the app that they go is told where they can be reached. Who goes to the home is not told that somebody
 * goes. And that somebody does is as true of the home's other alarms, unless this one is none of them: then they may want others.
 */
const TOLD = `select distinct on (given.nth, recipient_kind, recipient) given.nth, asked.id,
    (given.closed or not exists (select from alarm as mine where mine.id = asked.alarm and ${IS_OF_THE_HOME('mine')}))
      and ${IS_WANTED_THERE('asked')} as wanted
  from ${given(OF_TRACK)} join notification as asked on asked.alarm = given.alarm and ${among(OF_TRACK, 'alarm', 'asked.alarm')}
    and asked.track = given.track
  where ${IS_OWED('asked')}
    and (given.closed or not ${GOES_THERE('asked')} and not exists (
      select from notification as own where own.alarm = asked.alarm and own.track = asked.track and own.purpose = 'alarm'
        and own.recipient_kind = asked.recipient_kind and own.recipient = asked.recipient and own.state = 'accepted' offset 0))
  order by given.nth, recipient_kind, recipient, channel = 'console',
    array_position(array['accepted', 'declined', 'seen', 'delivered', 'sent', 'unknown'], state) nulls last,
    channel = 'voice', queued_at desc, asked.id desc`

interface Ended {
  readonly id: string
  /** The attempt that is ended. */
  readonly of: string
  readonly alarm: AlarmId
  readonly because: EndedTrack['because']
}
const ENDED: readonly Column<Ended>[] = [
  { name: 'id', type: 'text', value: ({ id }) => id },
  { name: 'of', type: 'text', value: ({ of }) => of },
  { name: 'alarm', type: 'text', value: ({ alarm }) => alarm },
  { name: 'because', type: 'text', value: ({ because }) => because },
]
/** The living ways of whom a row is for, a browser of their own first, and a call last. */
const WAYS_TO = (row: string): string => `
  select channel, address, owner_kind, position, id from ${WAYS_TO_RECIPIENT(row)} where dead_since is null`
const FIRST = `order by channel = 'voice', owner_kind = 'person' desc, position, id limit 1`
/** Who goes has been told so before, if at all, in the words of this moment. */
const GOING = (row: string, because: string): string => `
  (select coalesce(jsonb_agg(distinct going.recipient_name), '[]') from (
      select recipient_name, accepted_until from notification as going
      where going.alarm = ${row}.alarm and going.track = ${row}.track and going.state = 'accepted'
      union all
      select recipient_name, accepted_until from notification as going where ${row}.track = 'family' and ${GOING_TO(`${row}.home`)}
    ) as going
    where going.accepted_until > (select app_now()) and ${because} = 'accepted')`
const WORDS = (content: string, because: string, going: string): string =>
  `${content} || jsonb_build_object('is', 'stand-down', 'because', ${because}, 'going', ${going})`
const SAID = (row: string, of: string): string => `${row}.alarm = ${of}.alarm and ${row}.track = ${of}.track
  and ${row}.purpose = 'stand-down' and ${row}.recipient_kind = ${of}.recipient_kind and ${row}.recipient = ${of}.recipient`

/** Somebody's stand-downs are counted by their rounds. Who answered in the app is told where they can be reached. */
const STAND_DOWN = `with ended as (
    select asked.*, given.id as new_id, given.because, coalesce(way.channel, asked.channel) as on_channel, coalesce(way.address, asked.address) as at_address,
      (select coalesce(max(before.round) + 1, 0) from notification as before where ${SAID('before', 'asked')}) as nth,
      ${GOING('asked', 'given.because')} as going
    from ${given(ENDED)} join notification as asked on asked.id = given.of and ${among(ENDED, 'of', 'asked.id')}
    left join lateral (${WAYS_TO('asked')} ${FIRST}) as way on asked.channel = 'console'
  ), marked as (
    update notification as mine set stood_down = true from ended
    where mine.alarm = ended.alarm and ${among(ENDED, 'alarm', 'mine.alarm')} and mine.track = ended.track and mine.purpose = 'alarm'
      and mine.recipient_kind = ended.recipient_kind and mine.recipient = ended.recipient
      and (mine.channel <> 'console' or mine.address = 'app')
  )
  insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient,
    recipient_name, channel, address, language, content, urgent, state, queued_at, due_at)
  select new_id, centre, home, alarm, 'stand-down', track, nth, step, wave, recipient_kind, recipient,
    recipient_name, on_channel, at_address, language,
    ${WORDS('content', 'because', 'going')}, urgent, 'queued', clock.now, clock.now
  from ended, (select app_now() as now) as clock
  where on_channel <> 'console'
  on conflict do nothing`

/** Of each person, or of one, all that told them to stay the last time; none when they were told to go since then. */
const LATEST = `select given.nth, told.id, recipient_kind, told.recipient, round, channel, state, why, tries, sending, due_at, queued_at,
    failed_at, (select app_now()) as now, ${IS_WANTED_THERE('told')} as wanted
  from ${given(OF_PERSON)} join notification as told on told.alarm = given.alarm and ${among(OF_PERSON, 'alarm', 'told.alarm')}
    and told.track = given.track
  where purpose = 'stand-down' and (given.kind is null or recipient_kind = given.kind and told.recipient = given.recipient)
    and round = (select max(latest.round) from notification as latest where ${SAID('latest', 'told')})
    and not exists (select from notification as asked where asked.alarm = told.alarm and asked.track = told.track
      and asked.recipient_kind = told.recipient_kind and asked.recipient = told.recipient and ${IS_OWED('asked')} offset 0)
  order by given.nth, recipient_kind, told.recipient, step, told.id`

/** Each way once: by which of them this stand-down went already stands in its rows. */
const NEXT_WAY = `${WAYS_TO('lost')} and not exists (
    select from notification as tried where ${SAID('tried', 'lost')} and tried.round = lost.round
      and tried.channel = way.channel and tried.address = way.address)
  ${FIRST}`

/** The next row of the same stand-down: its round stays, and its step counts the ways. */
const PASS_ON = `insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient,
    recipient_name, channel, address, language, content, urgent, state, queued_at, due_at)
  select given.id, lost.centre, lost.home, lost.alarm, 'stand-down', lost.track, lost.round, lost.step + 1, lost.wave,
    lost.recipient_kind, lost.recipient, lost.recipient_name, way.channel, way.address, lost.language,
    ${WORDS('lost.content', 'given.because', GOING('lost', 'given.because'))}, lost.urgent, 'queued', clock.now, clock.now
  from ${given(ENDED)} join notification as lost on lost.id = given.of and ${among(ENDED, 'of', 'lost.id')},
    lateral (${NEXT_WAY}) as way, (select app_now() as now) as clock
  on conflict do nothing`

const IS_SAID = (row: string, said: string): string =>
  `exists (select from timeline where timeline.alarm = ${row}.alarm and kind = 'untold' and detail @> ${said})`

/** What is failed and was not passed on, and nobody was told of. */
const STUCK = `update notification as lost set due_at = (select app_now())
  where id = any ($1) and state = 'failed'
    and not exists (
      select from notification as next where ${SAID('next', 'lost')} and next.round = lost.round and next.step > lost.step offset 0)
    and not ${IS_SAID(
      'lost',
      `jsonb_build_object('track', lost.track, 'round', lost.round, 'recipient',
      jsonb_build_object('kind', lost.recipient_kind, 'id', lost.recipient))`,
    )}`

const MORE = `select exists (${NEXT_WAY}) as way, ${IS_SAID('lost', '$2::jsonb')} as said from notification as lost where id = $1`
