import { type AlarmId, type Instant, type Millis, minutes } from '@anju/contract'
import { TRACKS } from '@anju/contract/api'
import { type Moved, move, type NotificationEffect, type NotificationInput } from '../domain/notification.ts'
import type { EscalationSignal } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import type { Whom } from '../roster/ports.ts'
import type { AlarmNews } from './ports.ts'
import { COLUMNS, type NotificationRecord, type NotificationRow, recordOf, save } from './record.ts'
import { untoldOf } from './stand-downs.ts'

export interface MoverOptions {
  readonly signal: EscalationSignal
  readonly news: AlarmNews
  /** An address has died: what else waits for it need not. */
  readonly onBuried?: (tx: Transaction, where: Whom & Required<Pick<Whom, 'way'>>) => void
}

/** Where a row is: its alarm's lock comes before its own. */
export interface Whereabouts {
  readonly id: string
  readonly alarm: AlarmId | null
}
type Without<T> = T extends unknown ? Omit<T, 'now'> : never
/** What happened to it; when is the database's to say. */
export type Happened = Without<NotificationInput>

/** One thing that happened to one row. `providerId`: by what its provider will speak of it. */
export interface Entry {
  readonly where: Whereabouts
  readonly happened: Happened | ((before: NotificationRecord) => Happened)
  readonly providerId?: string | null | undefined
}

export interface Mover {
  /**
   * Lock the alarm, lock the row, read the time, decide, save, tell.
   * @returns undefined when there is no such row.
   */
  move(
    tx: Transaction,
    where: Whereabouts,
    happened: Entry['happened'],
    providerId?: string | null,
  ): Promise<NotificationRecord | undefined>
  /** Many in one, of alarms that this transaction has locked; of one row in the order in which they are given. */
  moveHeld(tx: Transaction, entries: readonly Entry[]): Promise<ReadonlyMap<string, NotificationRecord>>
}

export function createMover({ signal, news, onBuried }: MoverOptions): Mover {
  async function moveHeld(tx: Transaction, entries: readonly Entry[]) {
    if (entries.length === 0) return new Map<string, NotificationRecord>()
    // What was said before is answered for once more: only when the disk has it, whoever wrote it.
    tx.unlocksEarly()
    const ids = [...new Set(entries.map(({ where }) => where.id))]
    const found = tx.query<NotificationRow>(LOCK, [ids], 'notification-lock')
    const clock = tx.query<{ now: Instant }>('select app_now() as now', [], 'now')
    const [rows, [time]] = await Promise.all([found, clock])
    const records = new Map(rows.map((row) => [row.id, recordOf(row)]))
    if (!time) return records
    const { now } = time
    const changed = new Map<string, NotificationRecord>()
    const acts: Act[] = []
    for (const { where, happened, providerId = null } of entries) {
      const before = records.get(where.id)
      if (!before) continue
      const what = typeof happened === 'function' ? happened(before) : happened
      const { becomes, effects } = move(before.attempt, { ...what, now })
      const record = afterwards(before, what, { becomes, effects }, providerId)
      records.set(where.id, record)
      if (record !== before) changed.set(where.id, record)
      acts.push(...effects.map((effect) => ({ effect, record })))
      if (before.stoodDown && !record.stoodDown) acts.push({ effect: { do: 'wake' }, record })
    }
    save(tx, [...changed.values()])
    await act(tx, acts, now)
    return records
  }

  return {
    moveHeld,
    async move(tx, where, happened, providerId) {
      // Sent, not awaited: the row's lock comes behind it on the same connection.
      if (where.alarm) void tx.query('select 1 from alarm where id = $1 for update', [where.alarm], 'alarm-hold')
      const moved = await moveHeld(tx, [{ where, happened, providerId }])
      return moved.get(where.id)
    },
  }

  async function act(tx: Transaction, acts: readonly Act[], now: Instant): Promise<void> {
    for (const { effect, record } of acts) {
      if (effect.do === 'prove') prove(tx, record)
      if (effect.do === 'bury') {
        bury(tx, record, effect.why)
        const { recipient, attempt, address } = record
        if (recipient.kind !== 'queue')
          onBuried?.(tx, { kind: recipient.kind, id: recipient.id, way: { channel: attempt.channel, address } })
      }
    }
    for (const track of TRACKS) {
      const woken = acts.flatMap(({ effect, record: { alarm, track: asked } }) =>
        effect.do === 'wake' && asked === track && alarm ? [alarm] : [],
      )
      if (woken.length > 0) signal.wake(tx, [...new Set(woken)], [track])
    }
    for (const { effect, record } of acts)
      if (effect.do === 'tell' && record.alarm)
        await news.tell(tx, {
          alarm: record.alarm,
          at: now,
          kind: effect.kind,
          detail: {
            name: record.recipient.name,
            recipient: { kind: record.recipient.kind, id: record.recipient.id },
            channel: record.attempt.channel,
            ...(effect.kind === 'accepted' ? { etaMinutes: inMinutes(effect.eta) } : {}),
          },
        })
    for (const { effect, record } of acts) {
      const detail = effect.do === 'lose' ? await untoldOf(tx, record) : undefined
      if (detail && record.alarm) await news.tell(tx, { alarm: record.alarm, at: now, kind: 'untold', detail })
    }
  }
}

interface Act {
  readonly effect: NotificationEffect
  readonly record: NotificationRecord
}

const LOCK = `select ${COLUMNS} from notification where id = any ($1) order by id for update`
const inMinutes = (length: Millis): number => Math.round(length / minutes(1))

function afterwards(
  before: NotificationRecord,
  what: Happened,
  { becomes, effects }: Moved,
  providerId: string | null,
) {
  const accepts = effects.some((effect) => effect.do === 'tell' && effect.kind === 'accepted')
  if (becomes === before.attempt && (providerId === null || before.providerId !== null)) return before
  // Who goes after having been told that they need not is to be told again when it is over; so is whoever's message left only now,
  // perhaps, from a process that stood still with it while they were told.
  const leaves = what.type === 'sent' && what.fence !== null && before.attempt.state === 'unknown'
  const stoodDown = before.stoodDown && !accepts && !leaves
  return { ...before, attempt: becomes, providerId: before.providerId ?? providerId, stoodDown }
}

/** The address that was tried: the recipient's own, or what the account of a contact has put in. */
const THEIRS = `channel = $3 and address = $4 and (owner_kind = $1 and owner = $2
  or $1 = 'contact' and owner_kind = 'person' and owner = (select id from person where contact = $2))`

/** Lists of contacts rot: the day on which somebody last answered there. An address that answers is not dead. */
function prove(tx: Transaction, { recipient, attempt, address }: NotificationRecord): void {
  void tx.query(
    `update way set last_proven_on = app_now(), dead_since = null, dead_why = null where ${THEIRS}`,
    [recipient.kind, recipient.id, attempt.channel, address],
    'way-prove',
  )
  if (recipient.kind === 'contact')
    void tx.query('update contact set last_proven_on = app_now() where id = $1', [recipient.id], 'contact-prove')
}

function bury(tx: Transaction, { recipient, attempt, address }: NotificationRecord, why: string): void {
  void tx.query(
    `update way set dead_since = coalesce(dead_since, app_now()), dead_why = $5 where ${THEIRS}`,
    [recipient.kind, recipient.id, attempt.channel, address, why],
    'way-bury',
  )
}
