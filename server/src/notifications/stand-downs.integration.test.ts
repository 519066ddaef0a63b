import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { aLedger, aProvider, attempt, FIRST, TEST, type TestLedger } from './ledger.fixture.ts'

let the: TestLedger
beforeAll(async () => {
  the = await aLedger()
})
afterEach(() => the.clean())
afterAll(() => the.close())

const ways = (...channels: readonly string[]) =>
  the.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select channel, 'east', 'home-1', 'contact', 'son', channel, '13800000001', row_number() over ()
     from unnest($1::text[]) as channel`,
    [channels],
  )
const standDowns = async () =>
  (await the.rows(`purpose = 'stand-down'`)).map(({ channel, state }) => `${channel} ${state}`)

/** He was told to go by a message; what tells him to stay is refused there. */
async function isLostOn(...channels: readonly string[]) {
  await ways(...channels)
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const [sms, voice] = [aProvider('sms'), aProvider('voice')]
  sms.answers(({ purpose }) =>
    purpose === 'alarm'
      ? { outcome: 'sent', providerId: null }
      : { outcome: 'failed', why: 'refused', addressDead: false },
  )
  const sender = the.aSender(sms, voice)
  const turn = async () => {
    await sender.fill()
    await sender.idle()
  }
  await turn()
  await the.standDown(alarm, 'closed')
  await turn()
  return { alarm, turn, voice }
}

test('what is lost wakes the escalation, whose next look passes it on; however often it looks, once', async () => {
  const { alarm, turn, voice } = await isLostOn('sms', 'voice')
  expect(the.woken).toEqual([alarm.alarm])
  await the.standDown(alarm, 'closed')
  await the.standDown(alarm, 'closed')
  await turn()
  expect(await standDowns()).toEqual(['sms failed', 'voice sent'])
  expect(voice.sent).toMatchObject([{ purpose: 'stand-down', words: { speech: expect.stringMatching(/不必/) } }])
  await the.standDown(alarm, 'closed')
  await turn()
  expect(await standDowns()).toHaveLength(2)
  expect(the.told).toEqual([])
})

test('the last way dies before anybody could look: the log says so, and once', async () => {
  const { alarm, turn } = await isLostOn('sms', 'voice')
  await the.store.sql(`update way set dead_since = app_now() where channel = 'voice'`)
  await the.standDown(alarm, 'closed')
  await turn()
  expect(await standDowns()).toEqual(['sms failed'])
  expect(the.told).toMatchObject([
    {
      alarm: alarm.alarm,
      kind: 'untold',
      detail: { name: 'Name of son', recipients: [{ channel: 'sms', why: 'refused' }] },
    },
  ])
  expect(await the.rows('due_at is not null')).toEqual([])
})

test('while somebody goes all the same, they are not told by what was lost before', async () => {
  const { alarm, turn } = await isLostOn('sms', 'voice')
  await the.store.sql(`update notification set stood_down = false where purpose = 'alarm'`)
  await the.store.sql(
    `update notification set state = 'accepted', accepted_until = app_now() + interval '1 hour' where purpose = 'alarm'`,
  )
  await the.standDown(alarm, 'accepted')
  await turn()
  expect(await standDowns()).toEqual(['sms failed'])
})

test('whose message left only after they were told to stay, from a server that had stood still with it, is told once more', async () => {
  await ways('sms')
  const alarm = await the.anAlarm()
  await the.queue(alarm, [attempt('son')])
  const sms = aProvider('sms')
  const goesOn = Promise.withResolvers<{ readonly outcome: 'sent'; readonly providerId: null }>()
  sms.answers(({ purpose }) => (purpose === 'alarm' ? goesOn.promise : { outcome: 'sent', providerId: null }))
  const frozen = the.aSender(sms)
  await frozen.fill()
  await the.standDown(alarm, 'closed')
  // Its lease is over, and another server tells him to stay.
  await the.store.sql(`update notification set due_at = app_now() - interval '1 second' where purpose = 'alarm'`)
  const other = the.aSender(sms)
  const turn = async () => {
    await other.fill()
    await other.idle()
  }
  await turn()
  await turn()
  expect(await standDowns()).toEqual(['sms sent'])
  goesOn.resolve({ outcome: 'sent', providerId: null })
  await frozen.idle()
  expect(await the.rows(`purpose = 'alarm'`)).toMatchObject([{ state: 'sent' }])
  expect(the.woken).toContain(alarm.alarm)
  await the.standDown(alarm, 'closed')
  await turn()
  expect(await standDowns()).toEqual(['sms sent', 'sms sent'])
})

test('tracks of many alarms end together, each for its own reason; of which somebody is wanted elsewhere is said', async () => {
  const [first, again, other] = [
    await the.anAlarm(),
    await the.anAlarm('fall-detected'),
    await the.anAlarm('sos-pressed', 'life', 2),
  ]
  const track = 'family'
  const asked = [
    { alarm: first, who: 'daughter' },
    { alarm: first, who: 'neighbour' },
    { alarm: again, who: 'daughter' },
    { alarm: other, who: 'son' },
    { alarm: other, who: 'goes' },
  ]
  await the.database.transaction(TEST, async (tx) => {
    const waves = asked.map(({ alarm, who }) => ({ alarm, track, position: FIRST, attempts: [attempt(who)] }) as const)
    the.ledger.queue(tx, waves)
  })
  await the.store.sql(`update notification set state = 'sent', due_at = null`)
  await the.store.sql(
    `update notification set state = 'accepted', accepted_at = now(), accepted_until = now() + interval '1 h' where recipient = 'goes'`,
  )
  const closedLongAgo = (id: string) =>
    the.store.sql(
      `update alarm set handling = 'closed', closed_at = now() - interval '1 h', disposition = '{}' where id = $1`,
      [id],
    )
  await closedLongAgo(first.alarm)
  const ended = [
    { alarm: other.alarm, track, because: 'accepted' },
    { alarm: first.alarm, track, because: 'closed' },
  ] as const
  const left = await the.database.transaction(TEST, (tx) => the.ledger.standDown(tx, ended))
  expect(left).toEqual([ended[1]])
  expect(left[0]).toBe(ended[1])
  const said = await the.store.sql(
    `select recipient, alarm, content ->> 'because' as because, content -> 'going' as going from notification
     where purpose = 'stand-down' order by recipient`,
  )
  expect(said).toEqual([
    { recipient: 'neighbour', alarm: first.alarm, because: 'closed', going: [] },
    { recipient: 'son', alarm: other.alarm, because: 'accepted', going: ['Name of goes'] },
  ])
  await closedLongAgo(again.alarm)
  const both = [{ alarm: again.alarm, track, because: 'closed' } as const, ended[1]]
  expect(await the.database.transaction(TEST, (tx) => the.ledger.standDown(tx, both))).toEqual([])
  expect(await standDowns()).toHaveLength(4)
})

test('who is asked in one moment stands in the ledger in the order in which they were asked', async () => {
  const alarm = await the.anAlarm()
  const names = Array.from({ length: 12 }, (_, n) => `contact-${String(n).padStart(2, '0')}`)
  await the.database.transaction(TEST, async (tx) => {
    const waves = names.map((who) => ({ alarm, track: 'family', position: FIRST, attempts: [attempt(who)] }) as const)
    the.ledger.queue(tx, waves)
  })
  const rows = await the.store.sql<{ recipient: string }>('select recipient from notification order by queued_at, id')
  expect(rows.map(({ recipient }) => recipient)).toEqual(names)
})
