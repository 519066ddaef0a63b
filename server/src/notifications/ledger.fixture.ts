import type { AlarmId, CentreId, HomeId, Instant } from '@anju/contract'
import type { Channel, NotificationState, Track } from '@anju/contract/api'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import type { Position } from '../domain/escalation/run.ts'
import type { AskedAlarm, Attempt, EscalationSignal, Recipient } from '../escalation/ports.ts'
import { hashSecret, newSecret } from '../people/secrets.ts'
import type { Actor } from '../ports.ts'
import type { ChannelAdapter, Outgoing, Sent } from './channel.ts'
import { createLedger } from './ledger.ts'
import { createMover } from './mover.ts'
import type { AlarmNews, News } from './ports.ts'
import { createReports } from './reports.ts'
import { type Sender, startSender } from './sender.ts'

export const TEST: Actor = { kind: 'system', part: 'test' }
export const FIRST: Position = { round: 0, step: 0, wave: 0 }

/** A provider in the test's hands: what was sent through it, and what it answers. */
export interface HandProvider extends ChannelAdapter {
  readonly sent: Outgoing[]
  /** From now on. A promise keeps the caller waiting. */
  answers(with_: (message: Outgoing, signal: AbortSignal) => Sent | Promise<Sent>): void
}

const takesAll = ({ id }: Outgoing): Sent => ({ outcome: 'sent', providerId: `p-${id}` })

export function aProvider(channel: Channel, idempotent = true): HandProvider {
  const sent: Outgoing[] = []
  let answer: Parameters<HandProvider['answers']>[0] = takesAll
  return {
    channel,
    provider: `hand-${channel}`,
    idempotent,
    sent,
    answers: (next) => {
      answer = next
    },
    async send(message, signal) {
      sent.push(message)
      return await answer(message, signal)
    },
  }
}

export interface Row {
  readonly id: string
  readonly purpose: string
  readonly recipient: string
  readonly channel: Channel
  readonly state: NotificationState
  readonly why: string | null
  readonly tries: number
  readonly sending: boolean
  readonly due_at: Date | null
  readonly accepted_until: Date | null
}

/** A ledger on a database of its own, an alarm in it, and senders the test starts and stops. */
export async function aLedger() {
  const centre: AlarmCentre = await anAlarmCentre()
  const { store, database } = centre
  const woken: AlarmId[] = []
  const told: News[] = []
  const senders: Sender[] = []
  const complaints: string[] = []
  // As the real one: it is heard when what woke it is true.
  const signal: EscalationSignal = { wake: (tx, alarms) => tx.afterCommit(() => void woken.push(...alarms)) }
  const news: AlarmNews = { tell: async (_tx, one) => void told.push(one) }
  const mover = createMover({ signal, news })
  const ledger = createLedger({
    clock: systemClock,
    random: systemRandom,
    sends: () => true,
    onQueued: () => undefined,
  })

  return {
    centre,
    store,
    database,
    mover,
    ledger,
    woken,
    told,
    complaints,
    aReporter: () =>
      createReports({
        database,
        mover,
        news,
        clock: systemClock,
        random: systemRandom,
        onQueued: () => undefined,
        log: { error: (_: object, message: string) => void complaints.push(message) },
      }),

    async anAlarm(
      type = 'sos-pressed',
      eventClass: 'life' | 'hazard' | 'technical' = 'life',
      home = 1,
    ): Promise<AskedAlarm> {
      await centre.intake.commit([centre.press({ type, class: eventClass, home })])
      const [row] = await store.sql<{ id: AlarmId; received_at: Date }>(
        'select id, received_at from alarm where type = $1 and home = $2 order by received_at desc, id desc limit 1',
        [type, `home-${home}`],
      )
      if (!row) throw new Error('the press opened no alarm')
      const whose = { centre: 'east' as CentreId, home: `home-${home}` as HomeId }
      return {
        ...whose,
        alarm: row.id,
        type,
        class: eventClass,
        test: false,
        openedAt: row.received_at.getTime() as Instant,
      }
    },
    queue: (alarm: AskedAlarm, attempts: readonly Attempt[], position = FIRST, track: Track = 'family') =>
      database.transaction(TEST, async (tx) => {
        await tx.query('select 1 from alarm where id = $1 for update', [alarm.alarm])
        ledger.queue(tx, [{ alarm, track, position, attempts }])
      }),
    withdraw: (alarm: AskedAlarm, track: Track = 'family') =>
      database.transaction(TEST, async (tx) => {
        await tx.query('select 1 from alarm where id = $1 for update', [alarm.alarm])
        ledger.withdraw(tx, [{ alarm: alarm.alarm, track }])
      }),
    async evidence(alarm: AskedAlarm, position: Position | null = null, track: Track = 'family') {
      const looked = [{ alarm: alarm.alarm, track, position }]
      const [evidence] = await database.transaction(TEST, (tx) => ledger.evidence(tx, looked))
      return evidence
    },
    /** As the escalation does it: what has not left is withdrawn in the same transaction. */
    standDown: (alarm: AskedAlarm, because: 'accepted' | 'closed', track: Track = 'family') =>
      database.transaction(TEST, async (tx) => {
        await tx.query('select 1 from alarm where id = $1 for update', [alarm.alarm])
        ledger.withdraw(tx, [{ alarm: alarm.alarm, track }])
        const left = await ledger.standDown(tx, [{ alarm: alarm.alarm, track, because }])
        return left.length > 0
      }),
    /** Another process: the same database, its own hands. */
    aSender(...adapters: readonly ChannelAdapter[]): Sender {
      const sender = startSender({
        database,
        mover,
        adapters,
        clock: systemClock,
        random: systemRandom,
        log: { error: (detail, message) => void complaints.push(`${message} ${JSON.stringify(detail)}`) },
        publicUrl: 'https://anju.test',
        newSecret,
        hashSecret,
      })
      senders.push(sender)
      return sender
    },
    rows: (where = 'true') =>
      store.sql<Row>(
        `select id, purpose, recipient, channel, state, why, tries, sending, due_at, accepted_until from notification where ${where}
         order by queued_at, recipient, channel`,
      ),
    /** Waits until every row says the same, and returns it. */
    until: (state: NotificationState, where = 'true') =>
      until(
        `every row where ${where} is ${state}`,
        async () => {
          const rows = await store.sql<{ state: string; sending: boolean }>(
            `select state, sending from notification where ${where}`,
          )
          return rows.length > 0 && rows.every((row) => row.state === state && !row.sending)
        },
        { withinMs: 30_000, everyMs: 50 },
      ),
    async stopSenders() {
      await Promise.all(senders.splice(0).map((sender) => sender.stop()))
    },
    async clean() {
      await this.stopSenders()
      await store.sql('truncate notification, answer_link, way, alarm, event, timeline, live_block, escalation cascade')
      await store.sql('delete from clock_offset')
      woken.length = 0
      told.length = 0
      complaints.length = 0
    },
    async close() {
      await this.stopSenders()
      await centre.close()
    },
  }
}
export type TestLedger = Awaited<ReturnType<typeof aLedger>>

export const recipient = (id: string, kind: Recipient['kind'] = 'contact'): Recipient => ({
  kind,
  id,
  name: `Name of ${id}`,
  language: 'zh-CN',
  ways: [],
})
export const attempt = (who: string | Recipient, channel: Channel = 'sms', address = '13800000001'): Attempt => ({
  recipient: typeof who === 'string' ? recipient(who) : who,
  channel,
  address,
})
