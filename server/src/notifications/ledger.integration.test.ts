import { minutes } from '@anju/contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { pause, until } from '../../../tests/harness/wait.ts'
import type { AskedAlarm } from '../escalation/ports.ts'
import type { Sent } from './channel.ts'
import {
  aLedger,
  aProvider,
  attempt,
  FIRST,
  type HandProvider,
  recipient,
  TEST,
  type TestLedger,
} from './ledger.fixture.ts'
import type { Happened } from './mover.ts'
import { notificationsOf } from './queries.ts'

let the: TestLedger
beforeAll(async () => {
  the = await aLedger()
})
afterEach(() => the.clean())
afterAll(() => the.close())

const aReporter = () => the.aReporter()
const says = (id: string, what: 'delivered' | 'seen' | 'accepted' | 'declined' | 'failed', channel = 'sms') => ({
  provider: `hand-${channel}`,
  id,
  providerId: null,
  says: what,
  why: what === 'failed' ? 'no-answer' : null,
  addressDead: false,
})
async function sentTo(alarm: AskedAlarm, ...people: Parameters<typeof attempt>[]): Promise<HandProvider[]> {
  await the.queue(
    alarm,
    people.map((one) => attempt(...one)),
  )
  const providers = [aProvider('sms'), aProvider('voice'), aProvider('push')]
  const sender = the.aSender(...providers)
  await sender.fill()
  await sender.idle()
  return providers
}
const idOf = async (who: string, channel = 'sms') =>
  (await the.rows(`recipient = '${who}' and channel = '${channel}' and purpose = 'alarm'`))[0]?.id ?? ''
const standDowns = async () =>
  (await the.rows(`purpose = 'stand-down'`))
    .map(({ recipient: who, channel, state }) => `${who} ${channel} ${state}`)
    .toSorted()
const read = <T>(work: Parameters<typeof the.database.transaction<T>>[1]) => the.database.transaction(TEST, work)

test('callbacks in every order, each twice, end the same; a report of a stranger is counted', async () => {
  const alarm = await the.anAlarm()
  const words = ['delivered', 'seen', 'accepted'] as const
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ]
  await sentTo(alarm, ...orders.map((_, index): [string] => [`c${index}`]))
  const reports = aReporter()
  for (const [index, order] of orders.entries()) {
    const id = await idOf(`c${index}`)
    const said = order.map((at) => says(id, words[at] ?? 'seen'))
    expect(await reports.apply([...said, ...said])).toEqual(Array.from({ length: 6 }, () => 'applied'))
  }
  expect((await the.rows()).map(({ state }) => state)).toEqual(orders.map(() => 'accepted'))
  expect(the.told.map(({ kind }) => kind)).toEqual(orders.map(() => 'accepted'))
  expect(the.woken).toHaveLength(orders.length)
  expect(await reports.apply([says('01M80NBNC1J5GWVQ1ENT9XE5HW', 'seen'), says(await idOf('c0'), 'seen')])).toEqual([
    'unknown',
    'applied',
  ])
  expect(reports.counts).toEqual({ applied: 37, unknown: 1, failed: 0 })
})

test('a callback that overtakes the answer to its own call waits for it', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  let answer: ((sent: Sent) => void) | undefined
  const sms = aProvider('sms')
  sms.answers(
    () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  )
  const sender = the.aSender(sms)
  await sender.fill()
  await until('it is under way', () => answer !== undefined, { withinMs: 2_000 })
  const overtaking = aReporter().apply([{ ...says('', 'delivered'), id: null, providerId: 'biz-7' }])
  answer?.({ outcome: 'sent', providerId: 'biz-7' })
  expect(await overtaking).toEqual(['applied'])
  await sender.idle()
  expect((await the.rows())[0]).toMatchObject({ state: 'delivered', sending: false, due_at: null })
})

test('an answer proves the address and the contact', async () => {
  await the.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     values ('w1', 'east', 'home-1', 'contact', 'c1', 'sms', '13800000001', 1)`,
  )
  await the.store.sql(`update contact set last_proven_on = null`)
  await sentTo(await the.anAlarm(), ['c1'])
  await the.store.sql(`update way set dead_since = app_now(), dead_why = 'switched-off'`)
  await aReporter().apply([says(await idOf('c1'), 'accepted')])
  const [way] = await the.store.sql('select last_proven_on is not null as proven, dead_since, dead_why from way')
  expect(way).toEqual({ proven: true, dead_since: null, dead_why: null })
  expect(await the.store.sql('select last_proven_on is not null as proven from contact')).toEqual([{ proven: true }])
})

test('what a contact has put in by themselves is proven and buried as theirs', async () => {
  await the.store.sql(
    `insert into person (id, centre, username, name, role, home, contact, password)
     values ('kin', 'east', 'kin', 'Kin', 'family', 'home-1', 'c1', 'x')`,
  )
  await the.store.sql(
    `insert into way (id, centre, owner_kind, owner, channel, address, position)
     values ('phone', 'east', 'person', 'kin', 'push', 'p', 1), ('laptop', 'east', 'person', 'kin', 'push', 'l', 2)`,
  )
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('c1', 'push', 'p')])
  const [{ id } = { id: '' }] = await the.rows()
  const move = (happened: Happened) =>
    the.database.transaction(TEST, (tx) => the.mover.move(tx, { id, alarm: alarm.alarm }, happened))
  const ways = () =>
    the.store.sql('select id, last_proven_on is not null as proven, dead_why as dead from way order by id')
  await move({ type: 'failed', fence: null, why: 'http 410', addressDead: true })
  expect(await ways()).toEqual([
    { id: 'laptop', proven: false, dead: null },
    { id: 'phone', proven: false, dead: 'http 410' },
  ])
  const push = aProvider('push')
  const sender = the.aSender(push)
  await the.queue(alarm, [attempt('c1', 'push', 'p')], { round: 1, step: 0, wave: 0 })
  await the.queue(alarm, [attempt('c1', 'push', 'l')], { round: 2, step: 0, wave: 0 })
  await sender.fill()
  await sender.idle()
  expect(push.sent.map(({ address }) => address)).toEqual(['l'])
  await move({ type: 'seen' })
  expect(await ways()).toEqual([
    { id: 'laptop', proven: false, dead: null },
    { id: 'phone', proven: true, dead: null },
  ])
  await the.store.sql(`delete from person where id = 'kin'`)
})

test('a wave: what is asked, what is retried, and what failed', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [
    attempt('a'),
    attempt('b', 'voice'),
    attempt('c', 'push'),
    attempt('d', 'console', 'seat-1'),
    attempt('e', 'email'),
  ])
  await the.queue(alarm, [attempt('later')], { ...FIRST, step: 1 })
  const providers = [aProvider('sms'), aProvider('voice'), aProvider('push'), aProvider('email')] as const
  providers[0].answers(() => ({ outcome: 'retry', why: 'busy', afterMs: 60_000 }))
  providers[1].answers(() => ({ outcome: 'failed', why: 'busy', addressDead: false }))
  providers[2].answers(() => ({ outcome: 'unknown', why: 'time-out' }))
  providers[3].answers(() => ({ outcome: 'retry', why: 'busy', afterMs: null }))
  const sender = the.aSender(...providers)
  await sender.fill()
  await sender.idle()
  const { wave } = (await the.evidence(alarm, FIRST)) ?? {}
  expect(wave?.toSorted((x, y) => (x.state + x.recipient < y.state + y.recipient ? -1 : 1))).toEqual([
    // Not before a minute has passed: nobody waits for that.
    { recipient: 'contact a', state: 'failed', retrying: false },
    { recipient: 'contact b', state: 'failed', retrying: false },
    { recipient: 'contact e', state: 'queued', retrying: true },
    { recipient: 'contact d', state: 'sent', retrying: false },
    { recipient: 'contact c', state: 'unknown', retrying: true },
  ])
})

test('an acceptance keeps the others from being asked until it is over; the latest counts', async () => {
  const alarm = await the.anAlarm()
  const until_ = async () => (await the.evidence(alarm))?.acceptedUntil
  expect(await until_()).toBeNull()
  await sentTo(alarm, ['son'], ['daughter'])
  await aReporter().apply([says(await idOf('son'), 'accepted')])
  await the.store.passes(60_000)
  await aReporter().apply([says(await idOf('daughter'), 'accepted')])
  const [clock] = await the.store.sql<{ now: Date }>('select app_now() as now')
  const left = ((await until_()) ?? 0) - (clock?.now.getTime() ?? 0)
  expect(left).toBeGreaterThan(minutes(20) - 5_000)
  expect(left).toBeLessThanOrEqual(minutes(20))
  expect(await the.evidence(alarm, null, 'centre')).toMatchObject({ acceptedUntil: null, wave: [] })
})

test('withdrawn before it left, it is never sent', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son'), attempt('seat', 'console')])
  await the.queue(alarm, [attempt('duty')], FIRST, 'centre')
  await the.withdraw(alarm)
  const sms = aProvider('sms')
  const sender = the.aSender(sms)
  await sender.fill()
  await sender.idle()
  expect(sms.sent).toHaveLength(1)
  expect((await the.rows()).map(({ recipient: who, state }) => `${who} ${state}`)).toEqual([
    'seat sent',
    'son cancelled',
    'duty sent',
  ])
})

test.for([
  { answers: { outcome: 'sent', providerId: null }, alarm: 'sent', standDown: ['son sms sent'] },
  { answers: { outcome: 'unknown', why: 'time-out' }, alarm: 'unknown', standDown: ['son sms sent'] },
  {
    answers: { outcome: 'failed', why: 'gone', addressDead: false },
    alarm: 'failed',
    standDown: ['son sms cancelled'],
  },
  { answers: { outcome: 'retry', why: 'busy', afterMs: 0 }, alarm: 'cancelled', standDown: ['son sms cancelled'] },
] as const)(
  'withdrawn while it is on its way and then $answers.outcome: who was told is stood down, and only they',
  async (row) => {
    const alarm = await the.anAlarm()
    await the.queue(alarm, [attempt('son')])
    let answer: ((sent: Sent) => void) | undefined
    const sms = aProvider('sms')
    sms.answers(({ purpose }) =>
      purpose === 'stand-down'
        ? { outcome: 'sent', providerId: null }
        : new Promise((resolve) => {
            answer = resolve
          }),
    )
    const sender = the.aSender(sms)
    await sender.fill()
    await until('it is under way', () => answer !== undefined, { withinMs: 2_000 })
    await the.standDown(alarm, 'closed')
    // The stand-down does not overtake what it ends.
    expect(await sender.fill()).toBe(0)
    answer?.(row.answers)
    await until(
      'the stand-down is settled',
      async () => {
        await sender.fill()
        await sender.idle()
        return (await standDowns()).join() === row.standDown.join()
      },
      { withinMs: 10_000 },
    )
    expect((await the.rows(`purpose = 'alarm'`))[0]).toMatchObject({ state: row.alarm, tries: 1, due_at: null })
  },
)

test('a try that may have arrived and then one that certainly failed: they may have been told to go, and are told not to', async () => {
  const alarm = await the.anAlarm()
  const sms = aProvider('sms', false)
  let tries = 0
  sms.answers(({ purpose }) => {
    if (purpose === 'stand-down') return { outcome: 'sent', providerId: null }
    return tries++ === 0
      ? { outcome: 'unknown', why: 'time-out' }
      : { outcome: 'failed', why: 'gone', addressDead: false }
  })
  await the.queue(alarm, [attempt('son')])
  const sender = the.aSender(sms)
  await sender.fill()
  await the.until('failed')
  await the.standDown(alarm, 'closed')
  await sender.fill()
  await the.until('sent', `purpose = 'stand-down'`)
  expect(await standDowns()).toEqual(['son sms sent'])
})

test('a stand-down reaches exactly who was told, once each, on the channel that got furthest', async () => {
  const alarm = await the.anAlarm()
  const dead = aProvider('sms')
  dead.answers(({ address }) =>
    address === 'dead' ? { outcome: 'failed', why: 'gone', addressDead: true } : { outcome: 'sent', providerId: null },
  )
  await the.queue(alarm, [
    attempt('both', 'sms'),
    attempt('both', 'voice'),
    attempt('answered', 'sms'),
    attempt('answered', 'voice'),
    attempt('goes', 'sms'),
    attempt('goes', 'push'),
    attempt('unreachable', 'sms', 'dead'),
    attempt('seat', 'console'),
  ])
  const [voice, push] = [aProvider('voice'), aProvider('push')]
  const sender = the.aSender(dead, voice, push)
  await sender.fill()
  await sender.idle()
  await sender.stop()
  await the.queue(alarm, [attempt('not-yet-asked')], { ...FIRST, step: 1 })
  await the.queue(alarm, [attempt('of-the-centre')], FIRST, 'centre')
  const reports = aReporter()
  await reports.apply([
    says(await idOf('answered', 'voice'), 'delivered', 'voice'),
    says(await idOf('goes'), 'accepted'),
  ])
  await the.standDown(alarm, 'accepted')
  await the.standDown(alarm, 'accepted')
  await the.aSender(dead, voice, push).fill()
  await the.until('sent', `purpose = 'stand-down'`)
  expect(await standDowns()).toEqual(['answered voice sent', 'both sms sent'])
  const told = dead.sent.find(({ purpose }) => purpose === 'stand-down')
  expect(told).toMatchObject({
    answerUrl: null,
    words: {
      body: expect.stringMatching(/已有人正在前往，您不必前往/),
      speech: expect.stringMatching(/Name of goes正在前往，您不必前往/),
    },
  })
  // Closed: now who went hears it, too, and nobody a second time.
  await the.standDown(alarm, 'closed')
  await the.aSender(dead, voice, push).fill()
  await the.until('sent', `purpose = 'stand-down'`)
  expect(await standDowns()).toEqual(['answered voice sent', 'both sms sent', 'goes sms sent'])
})

test('a stand-down in the midst of it: two senders, a hundred people, and each who was told to go is told not to, nobody else', async () => {
  const alarm = await the.anAlarm()
  await the.queue(
    alarm,
    Array.from({ length: 100 }, (_, index) => attempt(`c${index}`)),
  )
  const providers = [aProvider('sms'), aProvider('sms')]
  let answered = 0
  for (const provider of providers)
    provider.answers(async ({ purpose }) => {
      await pause(5)
      // Some of them are refused: those people were never told.
      return purpose === 'alarm' && ++answered % 7 === 0
        ? { outcome: 'failed', why: 'gone', addressDead: false }
        : { outcome: 'sent', providerId: null }
    })
  const senders = providers.map((provider) => the.aSender(provider))
  for (const sender of senders) sender.wake()
  await until('some have been told', () => answered > 20, { withinMs: 5_000 })
  await the.standDown(alarm, 'closed')
  await until('nothing is due any more', async () => (await the.rows('due_at is not null')).length === 0, {
    withinMs: 10_000,
  })
  const rows = await the.rows()
  const told = rows.filter(({ purpose, state }) => purpose === 'alarm' && state === 'sent').map((row) => row.recipient)
  const ended = rows
    .filter(({ purpose, state }) => purpose === 'stand-down' && state === 'sent')
    .map((row) => row.recipient)
  expect(told.length).toBeGreaterThan(10)
  expect(told.length).toBeLessThan(100)
  expect(new Set(ended)).toEqual(new Set(told))
  expect(ended).toHaveLength(told.length)
  expect(the.complaints).toEqual([])
})

test('asked again after a stand-down, or going all the same, they are told again', async () => {
  const alarm = await the.anAlarm()
  const providers = await sentTo(alarm, ['son'], ['daughter'])
  await the.standDown(alarm, 'accepted')
  await the.queue(alarm, [attempt('son')], { ...FIRST, round: 1 })
  const sender = the.aSender(...providers)
  await sender.fill()
  await sender.idle()
  await aReporter().apply([says(await idOf('daughter'), 'accepted')])
  await the.standDown(alarm, 'closed')
  const people = await the.store.sql(
    `select recipient, count(*)::integer as times from notification where purpose = 'stand-down' group by recipient order by recipient`,
  )
  expect(people).toEqual([
    { recipient: 'daughter', times: 2 },
    { recipient: 'son', times: 2 },
  ])
})

test('an alarm’s page shows the attempts, each address by its last four; a relative sees none', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [
    attempt('son', 'sms', '13812345678'),
    attempt('son', 'email', 'li.lei@example.org'),
    attempt('son', 'push', '{"endpoint":"https://push.test/secret"}'),
    attempt(recipient('queue', 'queue'), 'console', 'east'),
  ])
  const page = await read((tx) => notificationsOf(tx, alarm.alarm, { addresses: true }))
  expect(
    page
      .toSorted((a, b) => (a.channel < b.channel ? -1 : 1))
      .map(({ channel, address, state }) => [channel, address, state]),
  ).toEqual([
    ['console', '', 'sent'],
    ['email', '••••.lei@example.org', 'queued'],
    ['push', '', 'queued'],
    ['sms', '••••5678', 'queued'],
  ])
  const relative = await read((tx) => notificationsOf(tx, alarm.alarm, { addresses: false }))
  expect(relative.map(({ address }) => address)).toEqual(['', '', '', ''])
})
