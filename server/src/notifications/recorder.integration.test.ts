import type { AlarmId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pause, until } from '../../../tests/harness/wait.ts'
import type { AskedAlarm } from '../escalation/ports.ts'
import type { Sent } from './channel.ts'
import { aLedger, aProvider, attempt, TEST, type TestLedger } from './ledger.fixture.ts'
import type { Entry } from './mover.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import { SENDER } from './sender.ts'

let the: TestLedger
let recorder: Recorder
/** Of the alarms that somebody else holds in a test. */
let letGo = new AbortController()
beforeAll(async () => {
  the = await aLedger()
})
afterEach(async () => {
  letGo.abort()
  await the.clean()
})
afterAll(() => the.close())

/** So many alarms, each with as many attempts: what is waiting to be answered, in the order of the alarms. */
async function asked(alarms: number, each: number): Promise<Waiting[]> {
  recorder = createRecorder({ database: the.database, mover: the.mover, actor: SENDER, clock: systemClock })
  for (let home = 1; home <= alarms; home++) {
    const people = Array.from({ length: each }, (_, index) => attempt(`${home}-${index}`))
    await the.queue(await the.anAlarm('sos-pressed', 'life', home), people)
  }
  return the.store.sql<Waiting>('select id, alarm, recipient from notification order by alarm, recipient')
}
interface Waiting {
  readonly id: string
  readonly alarm: AlarmId
  readonly recipient: string
}
const sent = (where: Waiting): Entry => ({ where, happened: { type: 'sent', fence: 0 }, providerId: `p-${where.id}` })
const write = (rows: readonly Waiting[]) => Promise.all(rows.map((row) => recorder.write(sent(row))))

/** How many transactions have written the rows as they are now. */
async function transactions(where = 'true'): Promise<number> {
  const rows = await the.store.sql(`select distinct xmin::text from notification where ${where}`)
  return rows.length
}

/** Somebody else, on a connection of their own, holds these alarms until they are told to let go. */
async function hold(alarms: readonly AlarmId[]): Promise<void> {
  const held = Promise.withResolvers<void>()
  const { signal } = (letGo = new AbortController())
  const holding = the.database.transaction(TEST, async (tx) => {
    await tx.query('select 1 from alarm where id = any ($1) order by id for update', [alarms])
    held.resolve()
    // Never idle: whoever says nothing for a second loses what they hold.
    while (!signal.aborted) {
      await tx.query('select 1')
      await pause(20)
    }
  })
  await Promise.race([held.promise, holding])
}

test('sixty answers at once are written by three transactions, and every one counts', async () => {
  const rows = await asked(10, 6)
  await write(rows)
  const written = await the.store.sql('select state, provider_id = $1 || id as its_own, due_at from notification', [
    'p-',
  ])
  expect(written).toEqual(rows.map(() => ({ state: 'sent', its_own: true, due_at: null })))
  // Fifty; what is left of other alarms beside them; what is left of theirs behind them.
  expect(await transactions()).toBe(3)
})

test('of one alarm the escalation is woken once for all that failed together', async () => {
  const rows = await asked(2, 3)
  const failed = { type: 'failed', fence: 0, why: 'gone', addressDead: false } as const
  await Promise.all(rows.map((where) => recorder.write({ where, happened: failed })))
  expect((await the.rows()).map(({ state, why }) => `${state} ${why}`)).toEqual(rows.map(() => 'failed gone'))
  expect(the.woken.toSorted()).toEqual([...new Set(rows.map(({ alarm }) => alarm))].toSorted())
})

test('two words about one row in one batch are heard one after the other', async () => {
  const [row] = await asked(1, 1)
  if (!row) throw new Error('nobody was asked')
  const later = { where: row, happened: { type: 'delivered', fence: null } } as const
  await Promise.all([recorder.write(sent(row)), recorder.write(later)])
  const [written] = await the.store.sql(
    'select state, provider_id, sent_at <= delivered_at as in_order from notification',
  )
  expect(written).toEqual({ state: 'delivered', provider_id: `p-${row.id}`, in_order: true })
  expect(await transactions()).toBe(1)
})

test('one that breaks its transaction takes none of the others along, and breaks no second batch', async () => {
  const rows = await asked(2, 3)
  await the.store.sql(`create or replace function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger refuse before update on notification for each row when (new.recipient = '1-1') execute function refuse()`)
  const results = async () => {
    const settled = await Promise.allSettled(rows.map((row) => recorder.write(sent(row))))
    return settled.map(({ status }) => status)
  }
  const others = rows.map(({ recipient }) => (recipient === '1-1' ? 'rejected' : 'fulfilled'))
  expect(await results()).toEqual(others)
  expect(await the.rows(`state = 'sent'`)).toHaveLength(5)
  // Each had a transaction of its own. Asked again, as the sender does it, the one alone has.
  await the.store.sql(`update notification set state = 'queued', due_at = app_now() where recipient <> '1-1'`)
  expect(await results()).toEqual(others)
  expect(await the.rows(`state = 'sent'`)).toHaveLength(5)
  expect(await transactions(`recipient like '2-%'`)).toBe(1)
  await the.store.sql('drop trigger refuse on notification; drop function refuse')
})

test('one that waits too long in a database that answers takes none of the others along', async () => {
  const rows = await asked(2, 3)
  await the.store.sql(`create or replace function too_slow() returns trigger language plpgsql as
      $$ begin raise 'canceling statement due to lock timeout' using errcode = '57014'; end $$;
    create trigger too_slow before update on notification for each row when (new.recipient = '1-1') execute function too_slow()`)
  const settled = await Promise.allSettled(rows.map((row) => recorder.write(sent(row))))
  await the.store.sql('drop trigger too_slow on notification; drop function too_slow')
  expect(settled.map(({ status }) => status)).toEqual(
    rows.map(({ recipient }) => (recipient === '1-1' ? 'rejected' : 'fulfilled')),
  )
  expect(await the.rows(`state = 'sent'`)).toHaveLength(5)
})

test('a number that is dead is written down although every alarm but its own is held by somebody else', async () => {
  const rows = await asked(5, 1)
  const [mine] = rows
  if (!mine) throw new Error('nobody was asked')
  await hold(rows.slice(1).map(({ alarm }) => alarm))
  const held = write(rows.slice(1))
  const dead = { type: 'failed', fence: 0, why: '21211', addressDead: true } as const
  await recorder.write({ where: mine, happened: dead }, true)
  expect((await the.rows(`state = 'failed'`)).map(({ id }) => id)).toEqual([mine.id])
  letGo.abort()
  await held
})

test('alarms that somebody else holds delay the answers of no others, however many they are', async () => {
  const rows = await asked(6, 2)
  const alarms = [...new Set(rows.map(({ alarm }) => alarm))]
  const isHeld = ({ alarm }: Waiting) => alarms.indexOf(alarm) < 4
  await hold(alarms.slice(0, 4))
  const held = write(rows.filter(isHeld))
  // One after the other: what waits for an alarm takes the place of none of these batches.
  for (const row of rows.filter((one) => !isHeld(one))) await recorder.write(sent(row))
  expect(await the.rows(`state = 'sent'`)).toHaveLength(4)
  letGo.abort()
  await held
  expect(await the.rows(`state = 'sent'`)).toHaveLength(12)
})

/** Every provider answers when it is told to, all of them in one turn. */
function aProviderThatWaits() {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  const providers = (['sms', 'voice', 'push'] as const).map((channel) => aProvider(channel))
  for (const provider of providers) provider.answers(() => promise)
  return { providers, answer: () => resolve({ outcome: 'sent', providerId: null }) }
}
const onEveryWay = (who: string) => (['sms', 'voice', 'push'] as const).map((channel) => attempt(who, channel))
async function underWay(alarms: number) {
  const asked: AskedAlarm[] = []
  for (let home = 1; home <= alarms; home++) {
    const alarm = await the.anAlarm('sos-pressed', 'life', home)
    await the.queue(alarm, onEveryWay('son'))
    asked.push(alarm)
  }
  const { providers, answer } = aProviderThatWaits()
  const sender = the.aSender(...providers)
  await sender.fill()
  const all = () => providers.reduce((total, provider) => total + provider.sent.length, 0) === alarms * 3
  await until('all are under way', all, { withinMs: 5_000 })
  return { asked, sender, answer }
}

test('three channels of each of ten alarms answer in one moment: it is one commit, not thirty', async () => {
  const { sender, answer } = await underWay(10)
  answer()
  await sender.idle()
  const rows = await the.rows()
  expect(rows.map(({ state, tries, sending }) => [state, tries, sending])).toEqual(rows.map(() => ['sent', 1, false]))
  expect(rows).toHaveLength(30)
  expect(await transactions()).toBeLessThanOrEqual(3)
})

test('a stop writes every answer that waits, also for an alarm that somebody else holds', async () => {
  const { asked, sender, answer } = await underWay(5)
  await hold(asked.slice(0, 3).map(({ alarm }) => alarm))
  answer()
  const stopped = sender.stop()
  await until('the others are written', async () => (await the.rows(`state = 'sent'`)).length === 6, {
    withinMs: 2_000,
  })
  letGo.abort()
  await stopped
  const rows = await the.rows()
  expect(rows.map(({ state }) => state)).toEqual(rows.map(() => 'sent'))
  expect(rows).toHaveLength(15)
})

test('channels that nobody serves fail at once and together, without a try', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, onEveryWay('son'))
  const sender = the.aSender()
  await sender.fill()
  await sender.idle()
  const rows = await the.store.sql('select state, why, tries, fence::int, sending, due_at, provider from notification')
  const nobody = {
    state: 'failed',
    why: 'no-provider',
    tries: 0,
    fence: 0,
    sending: false,
    due_at: null,
    provider: null,
  }
  expect(rows).toEqual([nobody, nobody, nobody])
  expect(await transactions()).toBe(1)
  expect(the.woken).toEqual([alarm.alarm])
})

test('a process dies while it tries, and nobody serves the channel any more: it may have been told, and is stood down', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const dead = aProvider('sms')
  dead.answers(() => new Promise<never>(() => undefined))
  await the.aSender(dead).fill()
  await until('the row is taken', async () => (await the.rows())[0]?.sending, { withinMs: 2_000 })
  await the.store.passes(31_000)
  const sender = the.aSender()
  await sender.fill()
  await sender.idle()
  const [row] = await the.store.sql('select state, why, doubts, sending, due_at from notification')
  expect(row).toEqual({ state: 'failed', why: 'no-provider', doubts: 1, sending: false, due_at: null })
  await the.standDown(alarm, 'closed')
  expect(await the.rows(`purpose = 'stand-down'`)).toHaveLength(1)
})
