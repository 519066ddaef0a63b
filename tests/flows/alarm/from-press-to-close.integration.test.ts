import { minutes, RUNGS, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, refusalOf, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const inTheEvening = () =>
  aStory({
    at: '2026-03-01T20:00:00+08:00',
    contacts: [{ name: 'neighbour', role: 'neighbour', ways: ['sms'] }],
    responders: ['the warden'],
  })

test('an evening on which all goes well: every rung of the ladder has its time, every act its name', async () => {
  story = await inTheEvening()
  const alarm = await story.press()
  await story.expect('sms', 'neighbour')
  await story.passes(seconds(1))
  await story.at('li').paints(alarm)
  await story.at('chen').paints(alarm) // the first console that shows it counts
  await story.passes(seconds(4))
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'start' })
  await story.at('li').does(alarm, { type: 'note', text: 'she is on the floor and speaks' })
  await story.passes(seconds(40))
  await story.at('li').calls(alarm, 'neighbour', 'no-answer')
  expect((await story.alarm(alarm)).ladder.L5).toBeNull()
  await story.passes(seconds(15))
  await story.at('li').does(alarm, { type: 'dispatch', responder: 'the warden' })
  await story.passes(minutes(20))
  await story.at('li').closes(alarm)
  await story.passes(minutes(1))
  await story.expect('sms', 'neighbour', /不必前往/)

  const { ladder, handling } = await story.alarm(alarm)
  const pressed = Date.parse('2026-03-01T20:00:00+08:00')
  expect(RUNGS.map((rung) => Math.round((Date.parse(ladder[rung] ?? '') - pressed) / 1_000) + 0)).toEqual([
    0, 0, 0, 1, 5, 60, 1_260,
  ])
  expect(handling).toBe('closed')
  expect((await story.log(alarm)).filter((line) => !line.startsWith('escalated'))).toEqual([
    'raised',
    'shown by li',
    'claimed by li',
    'started by li',
    'noted by li',
    'contacted by li',
    'dispatched by li',
    'closed by li',
  ])
  const versions = await story.data.sql<{ version: number }>('select version::integer from alarm')
  expect(versions[0]?.version).toBeGreaterThan(8) // it only grows
})

test('two take it in the same breath: one has it, and the other is told who', async () => {
  story = await inTheEvening()
  const alarm = await story.press()
  await story.expect('sms', 'neighbour')
  const claims = await Promise.all(['li', 'chen'].map((name) => refusalOf(story.at(name).claims(alarm))))
  expect(claims.toSorted()).toEqual(['claimed-by-other', 'done'])
  const has = claims[0] === 'done' ? 'li' : 'chen'
  expect((await story.alarm(alarm)).owner?.name).toBe(has)
  const said = await story
    .at(has === 'li' ? 'chen' : 'li')
    .claims(alarm)
    .catch((error: unknown) => error)
  expect(said).toMatchObject({ code: 'claimed-by-other', detail: { owner: { name: has } } })
  // A double click is no second claimant.
  await story.at(has).claims(alarm)
  await story.at(has).closes(alarm)
  await story.passes(minutes(1))
  await story.expect('sms', 'neighbour')
})

test('what is closed is nobody’s to take, and nobody’s to work on', async () => {
  story = await inTheEvening()
  const alarm = await story.press({ test: true })
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm, { code: 'test', cause: 'monthly', outcome: 'no-help-needed' })
  const before = await story.alarm(alarm)
  expect(await refusalOf(story.at('chen').claims(alarm))).toBe('alarm-closed')
  expect(await refusalOf(story.at('zhou').takesOver(alarm, 'to look at it'))).toBe('alarm-closed')
  expect(await refusalOf(story.at('li').does(alarm, { type: 'note', text: 'after all' }))).toBe('lease-stale')
  expect(await refusalOf(story.at('li').closes(alarm))).toBe('lease-stale')
  expect(await story.alarm(alarm)).toEqual(before)
  expect(await refusalOf(story.at('li').undoesClose(await story.happens('smoke', { test: true })))).toBe(
    'alarm-not-closed',
  )
})

test('a supervisor may take what nobody has', async () => {
  story = await inTheEvening()
  const alarm = await story.press({ test: true })
  await story.at('zhou').takesOver(alarm, 'all seats are busy')
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'claimed', owner: { name: 'zhou' } })
  expect((await story.alarm(alarm)).timeline.at(-1)).toMatchObject({ kind: 'taken-over', detail: { from: null } })
})

test('a neighbour who is on the way is nobody at a console: it stays in the queue, and only a person closes it', async () => {
  story = await inTheEvening()
  const alarm = await story.press()
  await story.answers(await story.expect('sms', 'neighbour'), 'going', 5)
  story.told('east', alarm)
  await story.passes(seconds(60))
  expect(story.told('east', alarm)).toEqual(['escalated', 'escalated'])
  expect(await story.queue()).toMatchObject([{ id: alarm, handling: 'new' }])
  await story.at('li').claims(alarm)
  await story.at('li').closes(alarm)
  await story.passes(minutes(1))
  await story.expect('sms', 'neighbour', /不必前往/)
})
