import { type AlarmId, hours, minutes } from '@anju/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { levelOf } from '../../../dashboards/src/incident/routine-level.ts'
import { type TrailPoint, trailOf } from '../../../dashboards/src/incident/trail-data.ts'
import { aHomeInHand, buttonTopic, type HomeInHand } from '../../harness/story/home-in-hand.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
let home: HomeInHand
afterEach(async () => {
  await home.end()
  await story.end()
})

/** A home with its gateway from `at` on, on the wall of its kitchen, and a daughter who is told by a push. */
async function from(at: string): Promise<void> {
  const contacts = [{ name: 'daughter', ways: ['push'] as const }]
  story = await aStory({ at: `2026-03-01T${at}:00+08:00`, gateways: ['gw-1'], contacts })
  home = await aHomeInHand(story)
}
/** Of that day, as the home's clocks show it. */
const between = (begin: string, end: string) => ({
  from: `2026-03-01T${begin}:00+08:00`,
  to: `2026-03-01T${end}:00+08:00`,
})
const shown = async () => (await story.queue()).map((one) => `${one.class} ${one.type} ${one.placement}`)
const first = async () => (await story.queueOf('east'))[0] as AlarmId
const power = 'meter/active-power'
const nothing = { count: 0, mean: null, min: null, max: null, last: null }
/** What a page draws of a point, in steps of five minutes. */
async function trail(role: TrailPoint['role'], name: string, range: { from: string; to: string }) {
  const [placement = '', point = ''] = name.split('/')
  const answer = await home.measurements.of(name, range, '5m')
  return trailOf(
    [{ point: { role, placement, point }, answer }],
    Date.parse(range.from) / 1e3,
    Date.parse(range.to) / 1e3,
    300,
  )
}

describe('a meter that does not answer', () => {
  test('is absent with the reason for as long as that lasts, and 0 nowhere: not in a step, a mean, a chart or a sum; its hour tells of what was heard', async () => {
    await from('08:50')
    await home.passes(minutes(10))
    home.meter.dies()
    await home.passes(minutes(11))
    const { measurements } = home
    const said = (await measurements.latest()).find(({ placement, point }) => `${placement}/${point}` === power)
    expect(said).toMatchObject({ value: null, absent: 'no-answer' })
    // It is one fault of a device, and no fault of the other meter's on the line.
    expect(await shown()).toEqual(['technical device-silent meter'])
    home.meter.livesAgain()
    await home.passes(minutes(9))
    expect(await shown()).toEqual([])

    const silence = between('09:00', '09:10')
    const { items } = await measurements.of(power, silence, '5m')
    expect(items).toMatchObject([
      { ...nothing, absent: 'no-answer' },
      { ...nothing, absent: 'no-answer' },
    ])
    const samples = (await measurements.of(power, between('09:00', '09:11'))).items
    expect(samples.length).toBeGreaterThan(10)
    expect(new Set(samples.map(({ mean, absent }) => `${mean} ${absent}`))).toEqual(
      new Set(['null no-answer', 'null device-silent']),
    )
    const drawn = (await trail('power', power, silence)).power
    expect(drawn).toMatchObject({ values: [null, null], latest: null, gaps: [{ why: 'no-answer' }] })

    // 600 W are used all the time. Of the hour before nothing is known, of each of these only a part.
    const hourly = async () => (await measurements.of(power, between('07:00', '10:00'), '1h')).items
    const all = await hourly()
    expect(all).toMatchObject([
      { ...nothing, absent: 'not-reported' },
      { count: 10, mean: 600, min: 600, max: 600, last: 600, absent: null },
      { count: 9, mean: 600, min: 600, max: 600, last: 600, absent: null },
    ])
    const [gap, ...more] = await measurements.gaps(power, between('08:50', '09:20'))
    expect(gap).toMatchObject({
      from: expect.stringMatching(/^2026-03-01T00:59:0/),
      to: expect.stringMatching(/^2026-03-01T01:11:0/),
      why: 'no-answer',
    })
    expect(more).toEqual([])

    await story.passes(hours(3))
    await measurements.areSummed()
    expect(await hourly()).toEqual(all)
    expect((await measurements.of(power, silence, '5m')).items).toEqual(items)
  })

  test('behind a line that is pulled out is absent for that reason, and one alarm tells of the line', async () => {
    await from('08:55')
    await home.passes(minutes(5))
    home.meterLine.cut()
    await home.passes(minutes(10))
    expect(await shown()).toEqual(['technical line-down rs485-1'])
    const { items } = await home.measurements.of(power, between('09:00', '09:10'), '5m')
    expect(items).toMatchObject([
      { ...nothing, absent: 'line-down' },
      { ...nothing, absent: 'line-down' },
    ])
    home.meterLine.mend()
    await home.passes(minutes(2))
    expect(await shown()).toEqual([])
  })

  test('and was replaced by one whose register stands lower used nothing by that: no reading falls, and nobody did anything', async () => {
    await from('08:56')
    await home.passes(minutes(6))
    home.meter.isReplacedAt(0)
    await home.passes(minutes(16))
    const energy = 'meter/active-energy'
    const { items, unit } = await home.measurements.of(energy, between('08:50', '09:20'))
    expect([unit, ...items.map(({ mean, absent }) => mean ?? absent)]).toEqual([
      'kWh',
      4_321.5,
      4_321.55,
      'implausible',
      0.09,
      0.14,
    ])
    const hour = (await home.measurements.activity(energy, between('08:50', '09:20'), 0.5)).filter(({ heard }) => heard)
    expect(hour.map(({ heard, active }) => [heard, active])).toEqual([
      [1, 0],
      [3, 0],
    ])
    expect(await shown()).toEqual([])
  })
})

test('a gateway that cannot reach the centre: of that time nothing is known until it can; then all of it is, as it was', async () => {
  await from('09:00')
  await home.passes(minutes(5))
  home.goesOffline()
  await home.passes(minutes(10))
  const range = between('09:00', '09:15')
  const steps = async () => (await home.measurements.of(power, range, '5m')).items
  expect(await steps()).toMatchObject([
    { count: 5, mean: 600 },
    { ...nothing, absent: 'not-reported' },
    { ...nothing, absent: 'not-reported' },
  ])
  expect(await home.measurements.gaps(power, range)).toMatchObject([{ why: null }])
  expect((await trail('power', power, range)).power?.values).toEqual([600, null, null])
  expect(await shown()).toEqual(['technical gateway-silent gw-1'])
  home.goesOnline()
  await home.passes(minutes(2))
  expect(await steps()).toMatchObject([5, 5, 5].map((count) => ({ count, mean: 600, min: 600, max: 600 })))
  expect(await home.measurements.gaps(power, range)).toEqual([])
  expect(await shown()).toEqual([])
})

describe('where nobody moves', () => {
  const presence = 'living-room/presence'
  /** What the page says of an hour of the day, of what is known of a range. */
  async function routine(of: number, range: { from: string; to: string }) {
    const told = (await home.measurements.activity(presence, range)).find(({ hour }) => hour === of)
    return told && { ...told, level: levelOf(told) }
  }

  test('it is said as long as the sensor was alive; of the time in which it was not nobody can tell', async () => {
    await from('08:50')
    await home.passes(minutes(10))
    home.radar.dies()
    await home.passes(minutes(10))
    expect(await shown()).toContain('technical device-silent living-room')
    home.radar.sees(true)
    home.radar.livesAgain()
    await home.passes(minutes(5))
    const alive = between('08:50', '09:00')
    expect(await routine(8, alive)).toMatchObject({ steps: 2, heard: 2, active: 0, level: 'none' })
    const dead = between('08:50', '09:10')
    expect(await routine(9, dead)).toMatchObject({ steps: 2, heard: 0, active: 0, level: 'cannot-tell' })
    const again = between('08:50', '09:15')
    expect(await routine(9, again)).toMatchObject({ steps: 3, heard: 1, active: 1, level: 'much' })
    const { items } = await home.measurements.of(presence, between('09:00', '09:10'), '10m')
    expect(items).toMatchObject([{ ...nothing, absent: 'device-silent' }])
    expect(await shown()).toEqual([])
  })

  test('a fall stays one when its sensor says nothing one can read, and then dies: the silence stands beside it, and ends neither it nor, when that is over, the alarm', async () => {
    await from('09:00')
    await home.passes(minutes(1))
    home.radar.seesFallen(true)
    await home.passes(minutes(1))
    await story.expect('push', 'daughter')
    const fall = await first()
    await story.at('li').claims(fall)
    home.radar.dies()
    home.radar.garbles()
    await home.passes(minutes(5))
    expect((await shown()).slice(0, 1)).toEqual(['life fall-detected living-room'])
    expect(await shown()).toContain('technical device-silent living-room')
    expect(await story.alarm(fall)).toMatchObject({ condition: 'active', handling: 'claimed', occurrences: 1 })
    home.radar.seesFallen(false)
    home.radar.livesAgain()
    await home.passes(minutes(2))
    expect(await story.alarm(fall)).toMatchObject({ condition: 'returned', handling: 'claimed' })
    expect(await shown()).toEqual(['life fall-detected living-room'])
  })
})

describe('what nobody can tell', () => {
  test('is a question to the centre and no call for help: a press that a broker had kept; a press of now is one beside it', async () => {
    await from('09:00')
    await home.passes(minutes(1))
    await home.publishes(buttonTopic, '{"action":"emergency","battery":80}', { retained: true })
    await home.passes(minutes(10))
    expect(await shown()).toEqual(['technical cannot-tell bathroom-sos'])
    const doubt = await first()
    const { occurrenceList, escalation } = await story.at('li').sees(doubt)
    expect(occurrenceList.map(({ snapshot }) => snapshot)).toEqual([{ of: 'sos-pressed', why: 'press-retained' }])
    expect(escalation).toEqual([])
    await home.publishes(buttonTopic, '{"action":"emergency","battery":80}')
    await story.expect('push', 'daughter')
    expect(await shown()).toEqual(['life sos-pressed bathroom-sos', 'technical cannot-tell bathroom-sos'])
  })

  test('whether somebody moves: it opens no life alarm, touches none that is open, and ends by itself; the family hears of the alarm alone', async () => {
    await from('09:00')
    const at = { placement: 'living-room', gateway: 'gw-2' }
    const snapshot = { of: 'no-activity', why: 'device-silent' }
    const doubt = await story.happens('cannot-tell', { ...at, snapshot })
    await story.passes(minutes(1))
    expect(await shown()).toEqual(['technical cannot-tell living-room'])
    const alarm = await story.happens('no-activity', at)
    await story.expect('push', 'daughter')
    await story.at('li').claims(alarm)
    story.told('east', alarm)
    expect(await story.happens('cannot-tell', { ...at, snapshot })).toBe(doubt)
    expect(await shown()).toEqual(['life no-activity living-room', 'technical cannot-tell living-room'])
    expect(await story.returns('cannot-tell', at)).toBe(doubt)
    expect(await shown()).toEqual(['life no-activity living-room'])
    expect(story.told('east', alarm)).toEqual([])
    expect(await story.alarm(alarm)).toMatchObject({ condition: 'active', handling: 'claimed', occurrences: 1 })
    expect(await story.alarm(doubt)).toMatchObject({ condition: 'returned', handling: 'closed', occurrences: 2 })
  })
})
