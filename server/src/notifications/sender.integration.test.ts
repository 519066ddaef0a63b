import { seconds } from '@anju/contract'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../../../tests/harness/wait.ts'
import type { Outgoing, Sent } from './channel.ts'
import { aLedger, aProvider, attempt, type TestLedger } from './ledger.fixture.ts'

let the: TestLedger
beforeAll(async () => {
  the = await aLedger()
})
afterEach(() => the.clean())
afterAll(() => the.close())

test('two senders share a thousand rows, and none is sent twice', async () => {
  for (let home = 1; home <= 10; home++) {
    const people = Array.from({ length: 100 }, (_, index) => attempt(`c${index}`))
    await the.queue(await the.anAlarm('sos-pressed', 'life', home), people)
  }
  const [one, other] = [aProvider('sms'), aProvider('sms')]
  the.aSender(one).wake()
  the.aSender(other).wake()
  await the.until('sent')
  const ids = [...one.sent, ...other.sent].map(({ id }) => id)
  expect(ids).toHaveLength(1_000)
  expect(new Set(ids).size).toBe(1_000)
  expect(one.sent.length).toBeGreaterThan(0)
  expect(other.sent.length).toBeGreaterThan(0)
  expect(the.complaints).toEqual([])
})

test('what is queued is said once, whoever queues it again; a page at a seat is not sent to', async () => {
  const alarm = await the.anAlarm()
  const asked = [attempt('son'), attempt('son', 'console', 'queue'), attempt('daughter', 'voice')]
  await the.queue(alarm, asked)
  await the.queue(alarm, asked)
  const [sms, voice] = [aProvider('sms'), aProvider('voice')]
  the.aSender(sms, voice).wake()
  await the.until('sent')
  expect(await the.rows()).toHaveLength(3)
  expect(sms.sent).toMatchObject([
    {
      purpose: 'alarm',
      urgent: true,
      address: '13800000001',
      language: 'zh-CN',
      event: '求助按钮',
      facts: { kind: '居家安全', at: expect.stringMatching(/^\d\d:\d\d$/), code: alarm.alarm.slice(-6) },
      answerUrl: expect.stringMatching(/^https:\/\/anju\.test\/a\/[\w-]{43}$/),
    },
  ])
  // Nobody can follow a link on a telephone call.
  expect(voice.sent).toMatchObject([{ answerUrl: null }])
  expect((await the.rows(`channel = 'console'`))[0]).toMatchObject({ state: 'sent', tries: 0 })
  // The secret itself is nowhere.
  const secret = sms.sent[0]?.answerUrl?.split('/').at(-1) ?? ''
  const dump = JSON.stringify(await the.store.sql('select * from notification, answer_link'))
  expect(secret).not.toBe('')
  expect(dump).not.toContain(secret)
})

test('who waits until nothing is under way waits for what the end of a try was the first to find, too', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const provider = aProvider('sms')
  const { promise: answer, resolve: release } = Promise.withResolvers<Sent>()
  provider.answers(() => answer)
  const sender = the.aSender(provider)
  await sender.fill()
  await until('the first is under way', () => provider.sent.length === 1, { withinMs: 2_000 })
  // Queued by another process: nobody tells this one.
  await the.queue(alarm, [attempt('daughter')])
  provider.answers(() => ({ outcome: 'sent', providerId: null }))
  release({ outcome: 'sent', providerId: null })
  await sender.idle()
  expect(await the.rows()).toMatchObject([{ state: 'sent' }, { state: 'sent' }])
})

test('one that cannot be settled holds up no other', async () => {
  await the.queue(await the.anAlarm(), [attempt('gone'), attempt('left')])
  await the.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position, removed_at)
     select id, 'east', 'home-1', id, '', '', 9, app_now() from unnest(array['gone', 'left']) as id`,
  )
  await the.store.sql(`update notification set due_at = due_at - interval '1 second' where recipient = 'gone'`)
  await the.store.sql(`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
    create trigger refuse before update on notification for each row when (new.recipient = 'gone') execute function refuse()`)
  const sender = the.aSender(aProvider('sms'))
  await sender.fill()
  await sender.idle()
  expect(await the.rows()).toMatchObject([
    { recipient: 'gone', state: 'queued' },
    { recipient: 'left', state: 'cancelled' },
  ])
  expect(the.complaints.length).toBeGreaterThan(0)
  await the.store.sql(`drop trigger refuse on notification; delete from contact where id in ('gone', 'left')`)
})

const many = (count: number, channel: 'sms' | 'voice') =>
  Array.from({ length: count }, (_, index) => attempt(`${channel}${index}`, channel))
const forEver = () => new Promise<never>(() => undefined)

test.for([
  { type: 'sos-pressed', class: 'life', ends: 'sent', tries: 2 },
  { type: 'battery-low', class: 'technical', ends: 'unknown', tries: 1 },
] as const)('a crash between take and answer: $type ends $ends after $tries tries', async (row) => {
  const alarm = await the.anAlarm(row.type, row.class)
  await the.queue(alarm, [attempt('son')])
  const dead = aProvider('sms')
  dead.answers(forEver)
  // Its process dies: it took the row, and nothing of it is ever heard again.
  await the.aSender(dead).fill()
  await until('the row is taken', async () => (await the.rows())[0]?.sending, { withinMs: 2_000 })
  const alive = aProvider('sms')
  const next = the.aSender(alive)
  await next.fill()
  expect(alive.sent).toEqual([])
  await the.store.passes(31_000)
  next.wake()
  await the.until(row.ends)
  expect((await the.rows())[0]).toMatchObject({ tries: row.tries, due_at: null })
  expect(alive.sent.map(({ id }) => id)).toEqual(row.class === 'life' ? [dead.sent[0]?.id] : [])
  // Nobody else hears of an unknown one: the escalation has to go on.
  if (row.ends === 'unknown')
    await until('the escalation is woken', () => the.woken.includes(alarm.alarm), { withinMs: 2_000 })
})

test('a provider gives a number up while the process that tries it dies: the attempt comes to an end', async () => {
  await the.store.sql(`insert into way (id, centre, home, owner_kind, owner, channel, address, position)
    values ('w9', 'east', 'home-1', 'contact', 'c9', 'sms', '13800000001', 1)`)
  await the.queue(await the.anAlarm(), [attempt('c9')])
  const dead = aProvider('sms')
  dead.answers(forEver)
  await the.aSender(dead).fill()
  await until('the row is taken', async () => (await the.rows())[0]?.sending, { withinMs: 2_000 })
  await the.store.sql(`update notification set state = 'failed', why = 'gone'; update way set dead_since = app_now()`)
  await the.store.passes(31_000)
  const alive = aProvider('sms')
  const next = the.aSender(alive)
  expect(await next.fill()).toBe(1)
  await next.idle()
  expect((await the.rows())[0]).toMatchObject({ state: 'failed', sending: false, due_at: null })
  expect(await next.fill()).toBe(0)
  expect(alive.sent).toEqual([])
})

test('a process that stood still answers too late: that changes nothing, but its success is not lost', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son'), attempt('daughter')])
  const [son, daughter] = await the.rows()
  let answer: Record<string, (sent: Sent) => void> = {}
  const held = (message: Outgoing) =>
    new Promise<Sent>((resolve) => {
      answer = { ...answer, [message.id]: resolve }
    })
  const paused = aProvider('sms')
  paused.answers(held)
  const frozen = the.aSender(paused)
  await frozen.fill()
  await until('both are under way', () => paused.sent.length === 2, { withinMs: 2_000 })
  await the.store.passes(31_000)
  const awake = aProvider('sms')
  awake.answers(() => ({ outcome: 'unknown', why: 'time-out' }))
  const next = the.aSender(awake)
  await next.fill()
  await next.idle()
  expect(await the.rows()).toMatchObject([
    { state: 'unknown', why: 'time-out', tries: 2 },
    { state: 'unknown', why: 'time-out', tries: 2 },
  ])
  answer[son?.id ?? '']?.({ outcome: 'failed', why: 'gone', addressDead: true })
  answer[daughter?.id ?? '']?.({ outcome: 'sent', providerId: 'late-1' })
  await frozen.idle()
  const of = async (id: string | undefined) => (await the.rows(`id = '${id}'`))[0]
  expect(await of(son?.id)).toMatchObject({ state: 'unknown', why: 'time-out' })
  expect(await of(daughter?.id)).toMatchObject({ state: 'sent', due_at: null })
})

test('a provider’s 500s, then success: tried again until it works, without a second row', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const sms = aProvider('sms')
  sms.answers(() =>
    sms.sent.length < 3 ? { outcome: 'retry', why: 'http-500', afterMs: null } : { outcome: 'sent', providerId: null },
  )
  const sender = the.aSender(sms)
  for (const tries of [1, 2, 3]) {
    await until(
      `try ${tries}`,
      async () => {
        await sender.fill()
        await sender.idle()
        return sms.sent.length >= tries
      },
      { withinMs: 5_000 },
    )
    await the.store.passes(5_000)
  }
  expect(await the.rows()).toMatchObject([{ state: 'sent', tries: 3, why: null }])
  expect(new Set(sms.sent.map(({ id }) => id)).size).toBe(1)
  expect(the.woken).toEqual([])
})

test('one that throttles is left alone for as long as it asks, and no longer than the attempt is of use', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const sms = aProvider('sms')
  sms.answers(() => ({ outcome: 'retry', why: 'throttled', afterMs: 120_000 }))
  const sender = the.aSender(sms)
  const turn = async () => {
    await sender.fill()
    await sender.idle()
    return sms.sent.length
  }
  expect(await turn()).toBe(1)
  // The escalation does not wait for it.
  expect(the.woken).toEqual([alarm.alarm])
  await the.store.passes(110_000)
  expect(await turn()).toBe(1)
  await the.store.passes(11_000)
  expect(await turn()).toBe(2)
  expect((await the.rows())[0]).toMatchObject({ state: 'queued', why: 'throttled' })
  sms.answers(() => ({ outcome: 'retry', why: 'throttled', afterMs: 600_000 }))
  await the.store.passes(121_000)
  expect(await turn()).toBe(3)
  expect((await the.rows())[0]).toMatchObject({ state: 'failed', why: 'throttled', due_at: null })
  expect(the.woken).toEqual([alarm.alarm, alarm.alarm, alarm.alarm])
})

test('a dead number fails at once, wakes the escalation, and is marked; another number of theirs is not', async () => {
  await the.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position) values
       ('w1', 'east', 'home-1', 'contact', 'c1', 'sms', '13800000001', 1),
       ('w2', 'east', 'home-1', 'contact', 'c1', 'voice', '13800000001', 2)`,
  )
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('c1')])
  const sms = aProvider('sms')
  sms.answers(() => ({ outcome: 'failed', why: 'UNKNOWN_SUBSCRIBER', addressDead: true }))
  the.aSender(sms).wake()
  await the.until('failed')
  expect(the.woken).toEqual([alarm.alarm])
  const ways = await the.store.sql('select id, dead_since is not null as dead, dead_why from way order by id')
  expect(ways).toEqual([
    { id: 'w1', dead: true, dead_why: 'UNKNOWN_SUBSCRIBER' },
    { id: 'w2', dead: false, dead_why: null },
  ])
})

test('a provider that hangs, and 500 frost alarms wait for it: the call for a press reaches it within a second', async () => {
  const frost = await the.anAlarm('temperature-low', 'hazard')
  const over = await the.anAlarm('fall-detected')
  const voice = aProvider('voice')
  // Whoever was told to go for a press that is over is told to stay: this may wait behind the frost, and takes no press's place.
  await the.queue(over, many(150, 'voice'))
  const sender = the.aSender(voice)
  sender.wake()
  await the.until('sent')
  await the.standDown(over, 'closed')
  await the.queue(frost, many(500, 'voice'))
  voice.answers(forEver)
  const before = voice.sent.length
  sender.wake()
  await until('the hazards’ places are held', () => voice.sent.length === before + 12, { withinMs: 5_000 })
  await the.queue(await the.anAlarm('sos-pressed', 'life', 2), [attempt('son', 'voice', '13800000002')])
  sender.wake()
  await until('the call', () => voice.sent.some(({ address }) => address === '13800000002'), { withinMs: 1_000 })
  expect(voice.sent).toHaveLength(before + 13)
})

test('a slow provider does not delay the others, and notices do not delay what is urgent', async () => {
  const alarm = await the.anAlarm()
  const hazard = await the.anAlarm('gas-leak', 'hazard')
  const technical = await the.anAlarm('battery-low', 'technical')
  const slow = aProvider('voice')
  slow.answers(forEver)
  await the.queue(alarm, many(110, 'voice'))
  await the.queue(hazard, many(40, 'voice'))
  await the.queue(technical, many(40, 'sms'))
  const sms = aProvider('sms')
  sms.answers((message) => (message.urgent ? { outcome: 'sent', providerId: null } : forEver()))
  const sender = the.aSender(slow, sms)
  await sender.fill()
  // Each has its places, and takes no more than it can send.
  await until('the lanes are full', () => slow.sent.length === 112 && sms.sent.length === 4, { withinMs: 2_000 })
  await the.queue(alarm, [attempt('son')])
  sender.wake()
  await the.until('sent', `recipient = 'son'`)
  expect(await the.rows('sending')).toHaveLength(116)
  expect(slow.sent).toHaveLength(112)
})

test('a channel that nobody serves fails at once', async () => {
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son', 'wechat')])
  the.aSender(aProvider('sms')).wake()
  await the.until('failed')
  expect((await the.rows())[0]).toMatchObject({ why: 'no-provider' })
})

test('an adapter that hangs or throws has perhaps sent', async () => {
  const alarm = await the.anAlarm('battery-low', 'technical')
  await the.queue(alarm, [attempt('son')])
  const sms = aProvider('sms')
  sms.answers(() => Promise.reject(new TypeError('a bug of ours')))
  the.aSender(sms).wake()
  await the.until('unknown')
  expect((await the.rows())[0]).toMatchObject({ why: 'adapter-threw' })
  expect(the.complaints).toHaveLength(1)
})

test('a stop leaves nothing half taken: answers on their way are waited for, then cut off and said to be unknown', async () => {
  const alarm = await the.anAlarm('battery-low', 'technical')
  await the.queue(alarm, [attempt('quick'), attempt('never', 'voice')])
  const [sms, voice] = [aProvider('sms'), aProvider('voice')]
  sms.answers(async ({ id }) => {
    await new Promise((resolve) => setTimeout(resolve, seconds(1)))
    return { outcome: 'sent', providerId: id }
  })
  voice.answers(forEver)
  const sender = the.aSender(sms, voice)
  await sender.fill()
  await until('both are under way', () => sms.sent.length + voice.sent.length === 2, { withinMs: 2_000 })
  await sender.stop()
  expect(await the.rows()).toMatchObject([
    { recipient: 'never', state: 'unknown', why: 'stopped', sending: false },
    { recipient: 'quick', state: 'sent', sending: false },
  ])
})
