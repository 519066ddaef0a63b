import { type AlarmId, type Instant, type Millis, minutes } from '@anju/contract'
import { type Moved, move, type NotificationEffect, type NotificationInput } from '../domain/notification.ts'
import type { EscalationSignal } from '../escalation/ports.ts'
import type { Transaction } from '../ports.ts'
import type { Whom } from '../roster/ports.ts'
import type { AlarmNews } from './ports.ts'
import { COLUMNS, type NotificationRecord, type NotificationRow, recordOf, save } from './record.ts'

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

export interface Mover {
  /**
   * Lock the alarm, lock the row, read the time, decide, save, tell. `providerId`: by what its provider will speak of it.
   * @returns undefined when there is no such row.
   */
  move(
    tx: Transaction,
    where: Whereabouts,
    happened: Happened | ((before: NotificationRecord) => Happened),
    providerId?: string | null,
  ): Promise<NotificationRecord | undefined>
}

export function createMover({ signal, news, onBuried }: MoverOptions): Mover {
  return {
    async move(tx, where, happened, providerId = null) {
      const locked =
        where.alarm && tx.query('select 1 from alarm where id = $1 for update', [where.alarm], 'alarm-hold')
      const found = tx.query<NotificationRow>(LOCK, [where.id], 'notification-lock')
      const clock = tx.query<{ now: Instant }>('select app_now() as now', [], 'now')
      const [, [row], [time]] = await Promise.all([locked, found, clock])
      if (!row || !time) return undefined
      const before = recordOf(row)
      const { now } = time
      const what = typeof happened === 'function' ? happened(before) : happened
      const moved = move(before.attempt, { ...what, now })
      const after = afterwards(before, moved, providerId)
      if (after !== before) save(tx, [after])
      await act(tx, after, moved.effects, now)
      return after
    },
  }

  async function act(
    tx: Transaction,
    record: NotificationRecord,
    effects: readonly NotificationEffect[],
    now: Instant,
  ): Promise<void> {
    for (const effect of effects) {
      if (effect.do === 'prove') prove(tx, record)
      if (effect.do === 'bury') {
        bury(tx, record, effect.why)
        const { recipient, attempt, address } = record
        if (recipient.kind !== 'queue')
          onBuried?.(tx, { kind: recipient.kind, id: recipient.id, way: { channel: attempt.channel, address } })
      }
    }
    const { alarm } = record
    if (!alarm) return
    if (effects.some((effect) => effect.do === 'wake')) signal.wake(tx, [alarm])
    for (const effect of effects)
      if (effect.do === 'tell')
        await news.answered(tx, {
          alarm,
          at: now,
          kind: effect.kind,
          detail: {
            name: record.recipient.name,
            recipient: { kind: record.recipient.kind, id: record.recipient.id },
            channel: record.attempt.channel,
            ...(effect.kind === 'accepted' ? { etaMinutes: inMinutes(effect.eta) } : {}),
          },
        })
  }
}

const LOCK = `select ${COLUMNS} from notification where id = $1 for update`
const inMinutes = (length: Millis): number => Math.round(length / minutes(1))

function afterwards(before: NotificationRecord, { becomes, effects }: Moved, providerId: string | null) {
  const accepts = effects.some((effect) => effect.do === 'tell' && effect.kind === 'accepted')
  if (becomes === before.attempt && (providerId === null || before.providerId !== null)) return before
  // Who goes after having been told that they need not is to be told again when it is over.
  const stoodDown = before.stoodDown && !accepts
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
