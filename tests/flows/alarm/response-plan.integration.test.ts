import { type AlarmId, hours, millis, minutes, seconds } from '@anju/contract'
import type { PlanStep } from '@anju/contract/api'
import { afterEach, describe, expect, test } from 'vitest'
import { aStory, refusalOf, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const NOW = '2026-03-01T12:00:00+08:00'
const text = (en: string) => ({ 'zh-CN': en, en })
const speak: PlanStep = { id: 'speak', kind: 'speak', text: text('Speak'), required: true, completedBy: 'by-hand' }
const callHer: PlanStep = {
  id: 'call-daughter',
  kind: 'call-contact',
  contact: 1,
  text: text('Call the first contact'),
  required: true,
  completedBy: 'contact-reached',
}
const close: PlanStep = { id: 'close', kind: 'close', text: text('Close'), required: false, completedBy: 'close' }

/** A home with a daughter, whose centre has a plan; it is noon, and the button was pressed. */
async function pressed(steps: readonly PlanStep[]): Promise<AlarmId> {
  story = await aStory({ at: NOW, contacts: [{ name: 'daughter', ways: ['sms'] }] })
  await story.at('zhou').writesPlan('sos-pressed', steps)
  const alarm = await story.press()
  await story.expect('sms', 'daughter')
  return alarm
}
const steps = async (alarm: AlarmId) => (await story.alarm(alarm)).plan.steps.map(({ id, state }) => `${id} ${state}`)

describe('the plan of an alarm', () => {
  test('is the one that held when the button was pressed, whatever is written before or after somebody takes it', async () => {
    const alarm = await pressed([speak, callHer, close])
    await story.passes(seconds(1))
    await story.at('zhou').writesPlan('sos-pressed', [close])
    expect(await steps(alarm)).toEqual(['speak open', 'call-daughter open', 'close open'])
    await story.at('li').claims(alarm)
    await story.at('zhou').writesPlan('sos-pressed', [callHer, close])
    expect(await steps(alarm)).toEqual(['speak open', 'call-daughter open', 'close open'])
    // It stays so in other hands, too.
    await story.at('zhou').takesOver(alarm, 'a difficult call')
    expect(await steps(alarm)).toEqual(['speak open', 'call-daughter open', 'close open'])

    const next = await story.press({ placement: 'bedroom-sos' })
    await story.expect('sms', 'daughter')
    await story.at('li').claims(next)
    expect(await steps(next)).toEqual(['call-daughter open', 'close open'])
  })

  test('holds up the close until what must be done is done; work done by other means counts', async () => {
    const alarm = await pressed([speak, callHer, close])
    const li = story.at('li')
    await li.claims(alarm)
    expect(await refusalOf(li.closes(alarm))).toBe('plan-incomplete')
    await li.does(alarm, { type: 'step', step: 'speak', outcome: 'done', note: null })
    await li.calls(alarm, 'daughter', 'no-answer')
    expect(await steps(alarm)).toEqual(['speak done', 'call-daughter failed', 'close open'])
    expect(await refusalOf(li.closes(alarm))).toBe('plan-incomplete')
    expect((await story.alarm(alarm)).handling).toBe('in-progress')

    await li.calls(alarm, 'daughter')
    await li.closes(alarm)
    expect(await steps(alarm)).toEqual(['speak done', 'call-daughter done', 'close done'])
    expect((await story.alarm(alarm)).contacts[0]).toMatchObject({
      name: 'daughter',
      lastOutcome: 'reached',
      lastProvenOn: '2026-03-01T04:00:00.000Z',
    })
    await li.undoesClose(alarm)
    expect(await steps(alarm)).toEqual(['speak done', 'call-daughter done', 'close open'])
    await li.closes(alarm)
  })

  test('is skipped only with a reason, and left only with one: then its holder is free, and the supervisor has a ticket', async () => {
    const alarm = await pressed([speak, callHer, close])
    const li = story.at('li')
    await li.claims(alarm)
    const skip = (note: string | null) => li.does(alarm, { type: 'step', step: 'speak', outcome: 'skipped', note })
    expect(await refusalOf(skip(null))).toBe('request-malformed')
    await skip('she is deaf')
    expect(await refusalOf(li.closes(alarm))).toBe('plan-incomplete')

    await li.does(alarm, { type: 'manual', reason: 'the number is that of a shop' })
    expect((await story.alarm(alarm)).plan).toMatchObject({ current: null, manual: { by: 'li' } })
    expect((await story.log(alarm)).at(-1)).toBe('plan-left by li')
    await li.closes(alarm)
    const { items } = await story.server.plans.defects(story.at('zhou').actor, false, undefined)
    expect(items).toMatchObject([{ alarmId: alarm, reason: 'the number is that of a shop', by: 'li', settled: null }])
  })
})

describe('a joint incident: the ambulance is called', () => {
  const call120 = { type: 'hand-over', agency: 'ambulance', note: 'she cannot rise', onTheWay: false } as const

  test('what was said is kept word for word; told is not come, and the alarm stays with its holder', async () => {
    story = await aStory({ at: NOW })
    const alarm = await story.happens('fall-detected')
    const li = story.at('li')
    await li.claims(alarm)
    await li.does(alarm, call120)
    expect(await story.alarm(alarm)).toMatchObject({
      handling: 'in-progress',
      owner: { name: 'li' },
      ladder: { L5: null },
    })
    // Nor does the clock of who lies on the floor take it for help.
    story.told('east', alarm)
    await story.passes(minutes(15))
    expect(story.told('east', alarm)).toEqual(['escalated'])

    const [handover] = (await li.sees(alarm)).handovers
    expect(handover?.text.en.split('\n')).toEqual(
      expect.arrayContaining(['To: Ambulance (120)', 'Where: Street 1', 'Way in: 4711#', 'Note: she cannot rise']),
    )
    expect((await story.at('chen').sees(alarm)).handovers[0]?.text.en).not.toContain('4711#')

    const answer = { handover: handover?.id ?? '', caseNumber: '2026-0301-17', outcome: null }
    await li.does(alarm, { type: 'agency-on-way', ...answer })
    expect((await story.alarm(alarm)).ladder.L5).not.toBeNull()
    expect((await story.alarm(alarm)).handovers).toMatchObject([{ onTheWay: true, caseNumber: '2026-0301-17' }])
    await story.passes(minutes(31))
    expect(story.told('east', alarm)).toEqual(['agency-answered'])

    await li.closes(alarm, { code: 'genuine', cause: 'fall', outcome: 'to-hospital' })
    // What came of it is heard hours later, by whoever takes the call, and opens nothing again.
    await story.passes(hours(5))
    await story.at('chen').hearsOf(alarm, { handover: handover?.id ?? '', caseNumber: null, outcome: 'a broken hip' })
    expect(await story.alarm(alarm)).toMatchObject({ handling: 'closed', handovers: [{ outcome: 'a broken hip' }] })
    expect((await story.log(alarm)).filter((line) => line.includes(' by '))).toEqual([
      'claimed by li',
      'handed-over by li',
      'agency-answered by li',
      'closed by li',
      'agency-answered by chen',
    ])
  })

  test('it is told when it happened, not what a clock in 1970 made of it', async () => {
    story = await aStory({ at: NOW })
    const clockOff = millis(Date.parse('1970-01-01T00:02:00Z') - Date.parse(NOW))
    const alarm = await story.press({ clockOff, elapsedMs: hours(2) })
    await story.at('li').claims(alarm)
    await story.at('li').does(alarm, call120)
    expect((await story.at('li').sees(alarm)).handovers[0]?.text.en).toMatch(/When: .*10:00/)
  })
})
