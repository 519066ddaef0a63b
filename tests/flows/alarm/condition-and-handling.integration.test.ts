import { type AlarmId, hours, minutes, seconds } from '@anju/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const atNoon = () => aStory({ at: '2026-03-01T12:00:00+08:00' })
const states = async (alarm: AlarmId) => {
  const { condition, handling } = await story.alarm(alarm)
  return `${condition}, ${handling}`
}
const park = { type: 'park', for: minutes(10), note: 'airing' } as const

describe('the smoke is gone, and nothing is closed by it', () => {
  for (const type of ['smoke', 'gas-leak', 'no-activity'])
    test(`${type}: while nobody has it it goes on asking`, async () => {
      story = await atNoon()
      const alarm = await story.happens(type)
      story.told('east', alarm)
      await story.passes(seconds(10))
      await story.returns(type)
      expect(await states(alarm)).toBe('returned, new')
      expect(story.told('east', alarm)).toEqual(['returned'])
      await story.passes(seconds(20))
      expect(story.told('east', alarm)).toEqual(['escalated'])
      expect(await story.queueOf('east')).toEqual([alarm])
    })

  test('while somebody has it it stays with them, and is theirs to close', async () => {
    story = await atNoon()
    const alarm = await story.happens('smoke')
    await story.at('li').claims(alarm)
    await story.returns('smoke')
    expect(await states(alarm)).toBe('returned, claimed')
    await story.at('li').does(alarm, { type: 'start' })
    expect(await states(alarm)).toBe('returned, in-progress')
    await story.at('li').closes(alarm, { code: 'false-alarm', cause: 'environment', outcome: 'no-help-needed' })
    expect(await states(alarm)).toBe('returned, closed')
  })

  test('while it is parked it comes back all the same', async () => {
    story = await atNoon()
    const alarm = await story.happens('smoke')
    await story.at('li').claims(alarm)
    await story.at('li').does(alarm, park)
    await story.returns('smoke')
    expect(await states(alarm)).toBe('returned, parked')
    await story.passes(minutes(10))
    expect(await states(alarm)).toBe('returned, new')
  })

  test('smokes again: it is the same alarm, active again', async () => {
    story = await atNoon()
    const alarm = await story.happens('smoke')
    await story.returns('smoke')
    await story.passes(minutes(1))
    story.told('east', alarm)
    expect(await story.happens('smoke')).toBe(alarm)
    expect(await states(alarm)).toBe('active, new')
    expect(story.told('east', alarm)).toEqual(['re-alerted'])
  })

  test('after the close it changes nothing, and new smoke is a new alarm', async () => {
    story = await atNoon()
    const alarm = await story.happens('smoke')
    await story.at('li').claims(alarm)
    await story.at('li').closes(alarm, { code: 'genuine', cause: 'hazard', outcome: 'helped-at-home' })
    const before = await story.alarm(alarm)
    await story.returns('smoke')
    expect(await story.alarm(alarm)).toEqual(before)
    expect(await story.happens('smoke')).not.toBe(alarm)
  })

  test('nor does a fall that its device takes back, nor a resident’s cancel after the device’s own ten seconds', async () => {
    story = await atNoon()
    const fall = await story.happens('fall-detected')
    expect(await story.happens('fall-cleared')).toBeNull()
    await story.returns('fall-detected')
    expect(await states(fall)).toBe('returned, new')
    const press = await story.press()
    await story.press({ phase: 'returned' })
    expect(await states(press)).toBe('returned, new')
    expect((await story.queueOf('east')).sort()).toEqual([fall, press].sort())
  })
})

describe('what is technical', () => {
  test('closes itself when it is over and nobody has it', async () => {
    story = await atNoon()
    const alarm = await story.happens('battery-low')
    await story.returns('battery-low')
    expect(await states(alarm)).toBe('returned, closed')
    expect(story.told('east', alarm)).toEqual(['raised', 'closed'])
    expect(await story.queueOf('east')).toEqual([])
  })

  test('also while it is parked; not out of the hands of who has it', async () => {
    story = await atNoon()
    const parked = await story.happens('tamper')
    await story.at('li').claims(parked)
    await story.at('li').does(parked, park)
    await story.returns('tamper')
    expect(await states(parked)).toBe('returned, closed')

    const held = await story.happens('battery-low')
    await story.at('li').claims(held)
    await story.returns('battery-low')
    expect(await states(held)).toBe('returned, claimed')
    await story.at('li').does(held, { type: 'release' })
    expect(await states(held)).toBe('returned, new')
  })
})

describe('nobody can hear the home any more', () => {
  const devices = ['bathroom-sos', 'kitchen', 'bedroom']
  const withGateway = async () => {
    story = await aStory({ at: '2026-03-01T12:00:00+08:00', gateways: ['gw-1'] })
    await story.hears('gw-1', devices)
  }
  const aMinuteOfHeartbeats = async () => {
    for (const _ of [1, 2]) {
      await story.passes(seconds(30))
      await story.hears('gw-1', devices)
    }
  }

  test('what was so is unknown, with one alarm more and not one a device; when it is heard again it is so again', async () => {
    await withGateway()
    const smoke = await story.happens('smoke')
    await story.at('li').claims(smoke)
    await aMinuteOfHeartbeats()
    expect(await states(smoke)).toBe('active, claimed')

    await story.passes(seconds(89))
    expect(await states(smoke)).toBe('active, claimed')
    await story.passes(seconds(1))
    expect(await states(smoke)).toBe('unknown, claimed')
    await story.passes(minutes(3))
    expect(await story.queue()).toMatchObject([{ id: smoke }, { type: 'gateway-silent', occurrences: 1 }])

    await story.hears('gw-1', devices)
    expect(await states(smoke)).toBe('active, claimed')
    expect(await story.queueOf('east')).toEqual([smoke]) // the silence is over and nobody had it
    expect((await story.log(smoke)).filter((line) => line.endsWith('heard'))).toEqual(['unheard', 'heard'])
  })

  test('for longer than any of its devices may be silent: they are unknown, not silent one by one', async () => {
    await withGateway()
    await story.passes(hours(80))
    expect(await story.queue()).toMatchObject([{ type: 'gateway-silent', occurrences: 1 }])
    await story.hears('gw-1', devices)
    expect(await story.queue()).toEqual([])
  })

  test('what had returned stays returned; what returns by an event that was on its way has returned', async () => {
    await withGateway()
    const gas = await story.happens('gas-leak')
    await story.returns('gas-leak')
    const smoke = await story.happens('smoke')
    const leak = await story.happens('water-leak')
    await story.passes(seconds(90))
    expect([await states(gas), await states(smoke), await states(leak)]).toEqual([
      'returned, new',
      'unknown, new',
      'unknown, new',
    ])
    await story.returns('smoke', { elapsedMs: 80_000 })
    expect(await states(smoke)).toBe('returned, new')
    await story.happens('water-leak', { elapsedMs: 79_000 })
    expect(await states(leak)).toBe('active, new')
    await story.hears('gw-1', devices)
    expect([await states(gas), await states(smoke)]).toEqual(['returned, new', 'returned, new'])
  })

  test('a gateway that never called is missed, too', async () => {
    story = await aStory({ at: '2026-03-01T12:00:00+08:00', gateways: ['gw-1', 'gw-2'] })
    await story.passes(minutes(16))
    expect(await story.queue()).toMatchObject([{ type: 'gateway-silent' }, { type: 'gateway-silent' }])
    await story.hears('gw-1', devices)
    expect(await story.queue()).toMatchObject([{ type: 'gateway-silent', placement: 'gw-2' }])
  })
})
