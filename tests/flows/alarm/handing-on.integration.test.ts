import { type AlarmId, type Millis, minutes, type PersonId, seconds } from '@anju/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { aStory, refusalOf, STAFF, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const atNight = () => aStory({ at: '2026-03-01T02:10:00+08:00' })
const daughter = { name: 'daughter', ways: ['push', 'sms'] } as const
const note = '已联系王建平：无人接听。'

/** li has it, and offers it to chen at the end of her shift. */
async function offered(placement = 'bathroom-sos') {
  const alarm = await story.press({ placement })
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'start' })
  story.told('east', alarm)
  await story.at('li').offers(alarm, 'chen', note)
  return alarm
}

test('an alarm goes from hand to hand: it is in somebody’s all the while, and both names are in the log', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00', contacts: [daughter] })
  const alarm = await story.press()
  await story.expect('push', 'daughter')
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'start' })
  const before = await story.alarm(alarm)
  story.told('east', alarm)

  await story.at('li').offers(alarm, 'chen', note)
  expect(story.told('east', alarm)).toEqual(['offered'])
  const waiting = await story.alarm(alarm)
  expect(waiting).toMatchObject({
    handling: 'in-progress',
    owner: { name: 'li' },
    offer: { to: { personId: 'chen', name: 'chen' }, by: { personId: 'li', name: 'li' }, note },
  })
  expect(Date.parse(waiting.offer?.until ?? '') - Date.parse(waiting.offer?.at ?? '')).toBe(minutes(10))
  expect(waiting.version).toBeGreaterThan(before.version)
  // Whose it is she works on; she does not leave, and nobody else gets it.
  await story.at('li').does(alarm, { type: 'note', text: 'still mine' })
  expect(await refusalOf(story.at('li').logsOut())).toBe('owns-alarms')
  expect(await refusalOf(story.at('li', 'another browser of hers').claims(alarm))).toBe('claimed-by-other')
  expect(await refusalOf(story.at('zhou').claims(alarm))).toBe('claimed-by-other')

  await story.passes(minutes(5))
  await story.at('chen').claims(alarm)
  const taken = await story.alarm(alarm)
  expect(taken).toMatchObject({ handling: 'in-progress', owner: { name: 'chen' }, offer: null })
  expect(taken.ladder).toEqual(before.ladder)
  expect(story.told('east', alarm)).toEqual(['noted', 'offer-accepted'])
  expect(await refusalOf(story.at('li').closes(alarm))).toBe('lease-stale')
  await story.at('li').logsOut()
  const log = taken.timeline.filter(({ kind }) => kind.startsWith('offer'))
  expect(log).toMatchObject([
    { kind: 'offered', by: { name: 'li' }, text: note, detail: { to: { personId: 'chen', name: 'chen' } } },
    { kind: 'offer-accepted', by: { name: 'chen' }, detail: { from: { personId: 'li', name: 'li' } } },
  ])
  // Nobody was asked anything by all this: the daughter, the supervisor and the queue have heard nothing.
  await story.passes(minutes(4))
  story.expectNothingElse()
  expect((await story.log(alarm)).filter((line) => line.startsWith('escalated'))).toEqual(
    before.timeline.filter(({ kind }) => kind === 'escalated').map(() => 'escalated'),
  )
  await story.at('chen').closes(alarm)
})

test('whoever offers it dies: it is abandoned on top a minute later as ever, and the offer is gone', async () => {
  story = await atNight()
  const alarm = await offered()
  story.at('li').goesSilent()
  story.told('east', alarm)
  await story.passes(seconds(60))
  expect(story.told('east', alarm)).toEqual(['abandoned', 'escalated'])
  const [top] = await story.queue()
  expect(top).toMatchObject({ id: alarm, handling: 'new', abandoned: true, owner: null, offer: null })
  expect(await refusalOf(story.at('chen').declines(alarm))).toBe('transition-refused')
  // It is there for everybody, chen among them: an ordinary claim.
  await story.at('chen').claims(alarm)
  expect((await story.log(alarm)).at(-1)).toBe('claimed by chen')
})

test('pressed again while somebody thinks about it: who has it hears it, the offer stands, and who takes it on hears the next one', async () => {
  story = await atNight()
  const alarm = await offered()
  story.told('east', alarm)
  await story.passes(seconds(30))
  expect(await story.press()).toBe(alarm)
  expect(story.told('east', alarm)).toEqual(['re-alerted'])
  expect(await story.alarm(alarm)).toMatchObject({
    owner: { name: 'li' },
    offer: { to: { name: 'chen' } },
    occurrences: 2,
  })
  await story.at('chen').claims(alarm)
  await story.passes(seconds(30))
  expect(await story.press()).toBe(alarm)
  expect(story.told('east', alarm)).toEqual(['offer-accepted', 're-alerted'])
  expect(await story.alarm(alarm)).toMatchObject({ owner: { name: 'chen' }, occurrences: 3 })
})

describe('an offer that nobody takes', () => {
  test('is over after ten minutes: it is still whose it was, and nobody else’s to claim', async () => {
    story = await atNight()
    const alarm = await offered()
    story.told('east', alarm)
    await story.passes((minutes(10) - 1) as Millis)
    expect((await story.alarm(alarm)).offer).not.toBeNull()
    await story.passes(seconds(1))
    expect(await refusalOf(story.at('chen').claims(alarm))).toBe('claimed-by-other')
    expect(await refusalOf(story.at('chen').declines(alarm))).toBe('transition-refused')
    // Said by the next renewal of who has it.
    await story.passes(seconds(30))
    // That nobody has been reached for ten minutes is told beside it.
    expect(story.told('east', alarm).filter((cause) => cause !== 'escalated')).toEqual(['offer-over'])
    expect(await story.alarm(alarm)).toMatchObject({ owner: { name: 'li' }, offer: null })
    const over = (await story.alarm(alarm)).timeline.find(({ kind }) => kind === 'offer-over')
    expect(over).toMatchObject({ detail: { to: { name: 'chen' } } })
  })

  test('is said to be one by who cannot, or taken back, or made to somebody else', async () => {
    story = await atNight()
    const alarm = await offered()
    expect(await refusalOf(story.at('zhou').declines(alarm))).toBe('transition-refused')
    await story.at('chen').declines(alarm)
    expect(await story.alarm(alarm)).toMatchObject({ owner: { name: 'li' }, offer: null })
    expect(await refusalOf(story.at('chen').claims(alarm))).toBe('claimed-by-other')

    await story.at('li').offers(alarm, 'chen')
    await story.at('li').offers(alarm, 'zhou')
    expect(await refusalOf(story.at('chen').claims(alarm))).toBe('claimed-by-other')
    await story.at('li').does(alarm, { type: 'withdraw-offer' })
    expect(await refusalOf(story.at('zhou').claims(alarm))).toBe('claimed-by-other')
    expect((await story.log(alarm)).slice(-6)).toEqual([
      'offered by li',
      'offer-declined by chen',
      'offered by li',
      'offer-withdrawn by li',
      'offered by li',
      'offer-withdrawn by li',
    ])
  })

  test('is none any more once the alarm was released, parked, closed or taken over', async () => {
    story = await atNight()
    for (const [done, claimed] of [
      [(id: AlarmId) => story.at('li').does(id, { type: 'release' }), 'done'],
      [(id: AlarmId) => story.at('li').does(id, { type: 'park', for: minutes(5), note: 'n' }), 'done'],
      [(id: AlarmId) => story.at('li').closes(id), 'alarm-closed'],
      [(id: AlarmId) => story.at('zhou').takesOver(id, 'she is ill'), 'claimed-by-other'],
    ] as const) {
      const alarm = await offered(`room-${await story.now()}`)
      await done(alarm)
      expect((await story.alarm(alarm)).offer).toBeNull()
      expect(await refusalOf(story.at('chen').declines(alarm))).toBe('transition-refused')
      expect(await refusalOf(story.at('chen').claims(alarm))).toBe(claimed)
      expect(await story.log(alarm)).not.toContain('offer-accepted by chen')
      await story.passes(seconds(1))
    }
  })
})

describe('an offer', () => {
  test('to oneself, to nobody, to another centre, a relative or a locked account is refused, and says what is wrong with whom', async () => {
    story = await atNight()
    await story.data.sql(
      `insert into person (id, centre, username, name, role, home, password) values ('mei', 'east', 'mei', 'mei', 'family', 'home-1', 'x')`,
    )
    await story.data.sql(`update person set locked_at = app_now() where id = 'chen'`)
    const alarm = await story.press()
    await story.at('li').claims(alarm)
    const { version } = await story.alarm(alarm)
    for (const [to, code, message] of [
      ['li', 'request-malformed', 'to: is who offers it'],
      ['nobody-by-this-name', 'person-unknown', 'to: nobody of this centre'],
      ['wu', 'person-unknown', 'to: nobody of this centre'],
      ['mei', 'request-malformed', 'to: their role takes no alarms'],
      ['chen', 'request-malformed', 'to: their account is locked'],
    ] as const)
      await expect(story.at('li').offers(alarm, to)).rejects.toMatchObject({ code, message })
    expect(await story.alarm(alarm)).toMatchObject({ version, offer: null })
  })

  test('is made by who holds the alarm, with the token they hold it by, and by nobody else', async () => {
    story = await atNight()
    const alarm = await story.press()
    expect(await refusalOf(story.at('li').offers(alarm, 'chen'))).toBe('lease-stale')
    await story.at('li').claims(alarm)
    const { alarms } = story.server
    const offer = { type: 'offer', to: 'zhou' as PersonId, note: null } as const
    expect(await refusalOf(alarms.command(story.at('chen').actor, alarm, { ...offer, lease: 1 }))).toBe('lease-stale')
    expect(await refusalOf(alarms.command(story.at('li').actor, alarm, { ...offer, lease: 0 }))).toBe('lease-stale')
    expect(await refusalOf(alarms.command(story.at('li').actor, alarm, { ...offer, lease: 1 }))).toBe('done')
    // Taken on and offered back: each holding has a fence of its own.
    await story.at('zhou').claims(alarm)
    expect(await refusalOf(story.at('li').does(alarm, { type: 'withdraw-offer' }))).toBe('lease-stale')
    await story.at('zhou').offers(alarm, 'li')
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm)
  })

  test('of an alarm that was handed on is made within the centre of who has it', async () => {
    story = await aStory({
      at: '2026-03-01T02:10:00+08:00',
      nextCentre: true,
      staff: [...STAFF, { name: 'tang', role: 'operator', centre: 'west' }],
    })
    const alarm = await story.press()
    await story.passes(minutes(3))
    await story.at('wu').claims(alarm)
    expect(await refusalOf(story.at('wu').offers(alarm, 'chen'))).toBe('person-unknown')
    await story.at('wu').offers(alarm, 'tang', note)
    story.told('west', alarm)
    await story.at('tang').claims(alarm)
    expect(await story.alarm(alarm)).toMatchObject({ owner: { name: 'tang' }, offer: null })
    expect(story.told('west', alarm)).toEqual(['offer-accepted'])
    story.takeAll()
  })

  test('left behind by a server of the release before hangs on a lease that is over, and is none', async () => {
    story = await atNight()
    const alarm = await offered()
    const [left] = await story.data.sql<{ offer: string }>('select offer from alarm where id = $1', [alarm])
    await story.at('li').does(alarm, { type: 'release' })
    await story.at('zhou').claims(alarm)
    await story.data.sql('update alarm set offer = $2 where id = $1', [alarm, left?.offer])
    expect((await story.alarm(alarm)).offer).toBeNull()
    expect(await refusalOf(story.at('chen').claims(alarm))).toBe('claimed-by-other')
  })
})
