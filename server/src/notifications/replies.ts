import { type AlarmId, type Clock, hours, type Instant, type Random } from '@anju/contract'
import { encodeTime, ulid } from 'ulid'
import type { Transaction } from '../ports.ts'
import type { Report } from './channel.ts'
import { REMOVED, TAKEN_BACK } from './dismissed.ts'
import type { AlarmNews } from './ports.ts'
import { MAY_HAVE_LEFT } from './record.ts'

/** A "1" that comes later than this is an answer to something else. */
const repliesHours = 12
const alarmsMax = 20

/** The latest of what one alarm asked at an address. */
export interface AskedRow {
  readonly id: string
  readonly alarm: AlarmId | null
  readonly home: string | null
  readonly code: string
  readonly at: string
  readonly declined: boolean
  /** Its alarm is open, and they were not told to stay since. */
  readonly waits: boolean
  /** They were taken from its home's list since, or a resident took back that they are told. */
  readonly gone: boolean
}
type Meant =
  | { readonly is: 'clear'; readonly row: AskedRow }
  | { readonly is: 'unclear'; readonly among: readonly AskedRow[] }
  | { readonly is: 'nothing' }

/**
 * Who writes back means what waits for their answer, or else what reached them last, be it a test. Several alarms of one home are one
 * door. Of several homes only they can say which: a wrong guess sends nobody to the one, and nobody else is asked.
 */
export function meantOf(asked: readonly AskedRow[], { code, says }: Pick<Report, 'code' | 'says'>): Meant {
  // That they do not come after all is heard from anybody.
  const clear = (row: AskedRow): Meant => (row.gone && says !== 'declined' ? { is: 'nothing' } : { is: 'clear', row })
  const named = code === undefined ? undefined : asked.find((row) => row.code === code)
  if (named) return clear(named)
  const waiting = asked.filter(({ waits }) => waits)
  const open = waiting.some(({ declined }) => !declined) ? waiting.filter(({ declined }) => !declined) : waiting
  // A code that is none of them is a slip of the finger, and no guess is better than another.
  if (new Set(open.map(({ home }) => home)).size > 1 || (code !== undefined && open.length > 0))
    return { is: 'unclear', among: open }
  const row = open[0] ?? asked[0]
  return row ? clear(row) : { is: 'nothing' }
}

/**
 * Newest first, of each alarm one, be they who wrote quicker than the provider's own answer; what certainly never left is not what
 * they answer. The providers of a message and of its answer share a channel.
 */
export async function askedAt(tx: Transaction, provider: string, from: string, clock: Clock): Promise<AskedRow[]> {
  // Ids grow with time, so the primary key finds the last hours among years; one more, for clocks that differ.
  const since = encodeTime(Math.max(0, clock.now() - hours(repliesHours + 1)), 10)
  return tx.query<AskedRow>(ASKED_AT, [provider, from, since], 'report-find-asked')
}
export const ASKED_AT = `select latest.id, latest.alarm, latest.home, latest.content ->> 'code' as code, latest.content ->> 'at' as at,
    latest.state = 'declined' as declined,
    latest.purpose = 'alarm' and alarm.handling is distinct from 'closed' and not latest.stood_down as waits,
    (${REMOVED('latest')} or ${TAKEN_BACK('latest')}) as gone
  from (
    select distinct on (coalesce(asked.alarm, asked.id)) * from notification as asked
    where id >= $3 and provider = $1 and purpose in ('alarm', 'notice') and content ->> 'is' <> 'which'
      and (sending or sent_at is not null or ${MAY_HAVE_LEFT('asked')})
      and queued_at > (select app_now()) - interval '${repliesHours} hours' and (address = $2 or '+86' || address = $2)
    order by coalesce(asked.alarm, asked.id), queued_at desc, id desc
  ) as latest left join alarm on alarm.id = latest.alarm
  order by latest.queued_at desc, latest.id desc limit ${alarmsMax}`

export interface WhichParts {
  readonly news: AlarmNews
  readonly clock: Clock
  readonly random: Random
  /** Called after a commit that queued something: the sender need not wait for its clock. */
  readonly onQueued: () => void
}
interface Unclear {
  readonly row: AskedRow
  /** Newest first; the first one's is the row by which they are asked. */
  readonly among: readonly AskedRow[]
  readonly says: Report['says']
}

/**
 * The log of each of the alarms says that an answer came and whose; and they are asked which it is for, by one message: whoever writes
 * twice is not asked twice.
 */
export async function askWhich(tx: Transaction, unclear: Unclear, { news, clock, random, onQueued }: WhichParts) {
  const { row, among, says } = unclear
  if (!row.alarm) return
  await tx.query('select 1 from alarm where id = $1 for update', [row.alarm], 'alarm-hold')
  // Of a home that is not theirs any more they are not asked; and may mean it all the same.
  const theirs = among.filter(({ gone }) => !gone)
  if (row === theirs[0]) {
    const asked = JSON.stringify(theirs.map(({ at, code }) => ({ at, code })))
    const newId = ulid(clock.now(), () => random.uniform())
    const queued = await tx.query(WHICH, [newId, row.id, asked], 'reply-which')
    if (queued.length > 0) tx.afterCommit(onQueued)
  }
  const [who] = await tx.query<Who>(WHO, [row.id], 'reply-who')
  if (!who) return
  const { kind, id, name, channel, now } = who
  const detail = { name, recipient: { kind, id }, channel, answer: says, codes: among.map(({ code }) => code) }
  await news.tell(tx, { alarm: row.alarm, at: now, kind: 'unclear', detail })
}
interface Who {
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly channel: string
  readonly now: Instant
}
const WHO = `select recipient_kind as kind, recipient as id, recipient_name as name, channel, (select app_now()) as now
  from notification where id = $1`
/** Beside the asking that it is about, and in its lane: somebody waits to be gone to. */
const WHICH = `insert into notification (id, centre, home, alarm, purpose, track, round, step, wave, recipient_kind, recipient,
    recipient_name, channel, address, language, content, urgent, life, state, queued_at, due_at)
  select $1, centre, home, alarm, 'notice', track, round, step, wave, recipient_kind, recipient, recipient_name, channel, address,
    language, content || jsonb_build_object('is', 'which', 'asked', $3::jsonb, 'of', id), urgent, life, 'queued', clock.now, clock.now
  from notification as asked, (select app_now() as now) as clock where asked.id = $2
  on conflict do nothing returning id`
