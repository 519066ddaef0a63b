import { formatInstant, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { aStory, refusalOf, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const note = (text: string) => ({ type: 'note', text }) as const

test('the browser of who holds it dies: a minute later it is on top again with its true age, and everything begins anew', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const began = await story.now()
  const alarm = await story.press()
  await story.passes(seconds(20))
  const younger = await story.press({ placement: 'bedroom-sos' })
  await story.at('chen').claims(younger)
  await story.at('li').claims(alarm)
  await story.at('li').does(alarm, { type: 'start' })
  await story.passes(minutes(3))
  expect((await story.alarm(alarm)).owner?.name).toBe('li') // a living browser renews

  story.at('li').goesSilent()
  story.told('east', alarm)
  await story.passes(seconds(59))
  expect(story.told('east', alarm)).toEqual([])
  await story.passes(seconds(1))
  // Louder at once: it was loud before somebody took it.
  expect(story.told('east', alarm)).toEqual(['abandoned', 'escalated'])

  const [top] = await story.queue()
  expect(top).toMatchObject({ id: alarm, handling: 'new', abandoned: true, owner: null })
  expect(top?.receivedAt).toBe(formatInstant(began))
  expect((await story.alarm(alarm)).ladder.L4).not.toBeNull() // what was reached stays known

  // The first half minute again, the supervisor again.
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])

  await story.at('chen').claims(alarm)
  expect(await story.alarm(alarm)).toMatchObject({ handling: 'claimed', abandoned: false, owner: { name: 'chen' } })
  await story.passes(minutes(2))
  expect(story.told('east', alarm)).toEqual(['claimed'])
  expect((await story.log(alarm)).filter((line) => !line.startsWith('escalated'))).toEqual([
    'raised',
    'claimed by li',
    'started by li',
    'abandoned by li',
    'claimed by chen',
  ])
})

test('a technical alarm becomes a grave one in somebody’s hands: when they are gone it asks at once, not when its first wave is over', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const alarm = await story.happens('battery-low')
  await story.at('li').claims(alarm)
  story.at('li').goesSilent()
  await story.passes(seconds(50))
  expect(await story.happens('battery-low', { class: 'life' })).toBe(alarm)
  story.told('east', alarm)
  await story.passes(seconds(10))
  expect(story.told('east', alarm)).toEqual(['abandoned', 'escalated'])
  await story.passes(seconds(30))
  expect(story.told('east', alarm)).toEqual(['escalated'])
})

test('a browser that was paused for 90 s writes nothing over whoever has it now', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  story.at('li').goesSilent()
  await story.passes(seconds(60))
  await story.at('chen').claims(alarm)
  await story.passes(seconds(30))

  const before = await story.alarm(alarm)
  expect(await refusalOf(story.at('li').does(alarm, note('she is well')))).toBe('lease-stale')
  expect(await refusalOf(story.at('li').closes(alarm))).toBe('lease-stale')
  expect(await refusalOf(story.at('li').does(alarm, { type: 'renew' }))).toBe('lease-stale')
  expect(await story.alarm(alarm)).toEqual(before)

  await story.at('chen').closes(alarm)
  expect((await story.alarm(alarm)).handling).toBe('closed')
})

test('it was paused, and nobody else took it: what it held is gone all the same', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const alarm = await story.press()
  await story.at('li').claims(alarm)
  story.at('li').goesSilent()
  await story.passes(seconds(90))
  expect(await refusalOf(story.at('li').does(alarm, note('she is well')))).toBe('lease-stale')
  // Who wants it takes it again, and is somebody new: another browser of the same person, too.
  await story.at('li', 'at another seat').claims(alarm)
  expect(await refusalOf(story.at('li').claims(alarm))).toBe('claimed-by-other')
})

test('who holds an alarm does not log out, until it is handed back, closed, or lost', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const first = await story.press()
  const second = await story.press({ placement: 'bedroom-sos' })
  await story.at('li').claims(first)
  await story.at('li').claims(second)
  expect(await refusalOf(story.at('li').logsOut())).toBe('owns-alarms')
  await story.at('li').does(first, { type: 'release' })
  expect(await refusalOf(story.at('li').logsOut())).toBe('owns-alarms')
  await story.at('li').closes(second)
  await story.at('li').logsOut()

  await story.at('chen').claims(first)
  expect(await refusalOf(story.at('chen').logsOut())).toBe('owns-alarms')
  story.at('chen').goesSilent()
  await story.passes(seconds(60))
  await story.at('chen').logsOut()
  expect((await story.alarm(first)).handling).toBe('new')
})

test('how one gets in is shown to whoever holds the alarm, for as long as they do', async () => {
  story = await aStory({ at: '2026-03-01T02:10:00+08:00' })
  const alarm = await story.press()
  const refused = async (name: string) => refusalOf(story.at(name).looksForTheWayIn(alarm))
  expect(await refused('li')).toBe('lease-stale')
  await story.at('li').claims(alarm)
  expect(await story.at('li').looksForTheWayIn(alarm)).toBe('4711#')
  expect(await refused('chen')).toBe('lease-stale')
  story.at('li').goesSilent()
  await story.passes(seconds(60))
  expect(await refused('li')).toBe('lease-stale')
  const looks = (await story.at('chen').sees(alarm)).timeline.filter(({ kind }) => kind === 'access-shown')
  expect(looks.map(({ by }) => by?.name)).toEqual(['li'])
})
