import type { HomeId } from '@anju/contract'
import type { PlacementBody } from '@anju/contract/api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOME } from '../../../tests/harness/alarms.ts'
import { createPlacements, type Placements } from '../homes/placements.ts'
import { aSupervisedCentre, type SaidDevice, type SupervisedCentre } from './supervision.fixture.ts'

const minute = 60_000
const hour = 60 * minute
let centre: SupervisedCentre
let placements: Placements
beforeAll(async () => {
  centre = await aSupervisedCentre()
  placements = createPlacements(centre.database)
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.clear()
  await centre.watch.look()
})

const commission = (given: Partial<PlacementBody> = {}, home = HOME) =>
  placements.commission(centre.person('zhao', 'installer'), home, {
    id: 'bathroom-sos',
    name: 'Button',
    room: 'Bathroom',
    profile: 'acme/button',
    ...given,
  })
const silent = () => centre.open('device-silent')
/** Heartbeats go on every half minute; only that they do matters, so they are sent just before somebody looks. */
async function passes(ms: number, ...beating: (readonly [string, ...SaidDevice[]])[]): Promise<void> {
  await centre.passes(ms)
  for (const [gateway, ...devices] of beating) await centre.beat(gateway, { devices })
  await centre.watch.look()
}
/** When a gateway says it heard something, in its own clock's words: only that it differs counts. */
const at = (s: number) => new Date(1_790_000_000_000 + s * 1_000).toISOString()
const button = (heardAtS: number | null, more: Partial<SaidDevice> = {}): SaidDevice => ({
  placement: 'bathroom-sos',
  state: heardAtS === null ? 'never-heard' : 'heard',
  lastHeardAt: heardAtS === null ? null : at(heardAtS),
  ...more,
})

describe('a device that never spoke', () => {
  test('is silent after its own time, though its gateway never named it', async () => {
    await centre.register('gw-1')
    expect(await commission({ lostAfterS: 4 * 3_600 })).toMatchObject({
      id: 'bathroom-sos',
      gatewayId: 'gw-1',
      life: true,
      lostAfterS: 14_400,
    })
    await centre.beat('gw-1')
    await passes(4 * hour - minute, ['gw-1'])
    expect(await silent()).toEqual([])
    await passes(2 * minute, ['gw-1'])
    expect(await silent()).toEqual(['bathroom-sos device-silent active'])
    await passes(48 * hour, ['gw-1'])
    expect(await silent()).toEqual(['bathroom-sos device-silent active'])
  })

  test.for([
    { given: {}, hours: 24 },
    { given: { life: false }, hours: 72 },
  ])(
    'of which is known $given is silent after $hours h, also in a home without a gateway',
    async ({ given, hours }) => {
      await commission(given)
      await passes(hours * hour - minute)
      expect(await silent()).toEqual([])
      await passes(2 * minute)
      expect(await silent()).toEqual(['bathroom-sos device-silent active'])
    },
  )

  test('and whose gateway calls it never heard is silent all the same', async () => {
    await centre.register('gw-1')
    await centre.beat('gw-1', { devices: [button(null, { life: false, lostAfterS: 3_600 })] })
    await passes(hour + 7 * minute, ['gw-1', button(null, { life: false, lostAfterS: 3_600 })])
    expect(await silent()).toEqual(['bathroom-sos device-silent active'])
    await passes(minute, ['gw-1', button(5, { life: false, lostAfterS: 3_600 })])
    expect(await silent()).toEqual([])
  })
})

/** Heard then; lost after an hour. */
const hourly = (s: number) => button(s, { lostAfterS: 3_600 })
test('a device that is heard is not silent, whatever its gateway’s clock says; one that stops is', async () => {
  await centre.register('gw-1')
  await centre.beat('gw-1', { devices: [hourly(0)] })
  // 1970, then a day ahead, then right.
  for (const s of [-1_790_000_000, 86_400, 7_200, 10_800]) await passes(50 * minute, ['gw-1', hourly(s)])
  expect(await silent()).toEqual([])
  await passes(50 * minute, ['gw-1', hourly(10_800)])
  expect(await silent()).toEqual([])
  await passes(20 * minute, ['gw-1', hourly(10_800)])
  expect(await silent()).toEqual(['bathroom-sos device-silent active'])
  // What turns at no gateway is written with the next note.
  await passes(6 * minute, ['gw-1', hourly(14_000)])
  expect(await silent()).toEqual([])
})

test('said by its gateway and found by the centre it is one alarm, raised once and returned once', async () => {
  await centre.register('gw-1')
  const said = button(0, { lostAfterS: 3_600 })
  await centre.beat('gw-1', { devices: [said] })
  await centre.passes(hour)
  await centre.intake.commit([centre.press({ type: 'device-silent', class: 'technical' })])
  await passes(10 * minute, ['gw-1', { ...said, state: 'silent' }])
  expect(await silent()).toEqual(['bathroom-sos device-silent active'])
  expect(await centre.store.sql(`select told_since is not null as told from device`)).toEqual([{ told: true }])
  await passes(minute, ['gw-1', button(9_000, { lostAfterS: 3_600 })])
  expect(await silent()).toEqual([])
  await centre.intake.commit([centre.press({ type: 'device-silent', class: 'technical', phase: 'returned' })])
  expect(await silent()).toEqual([])
})

describe('when a gateway falls silent', () => {
  const eight = Array.from({ length: 8 }, (_, n) => button(0, { placement: `sensor-${n}`, lostAfterS: 600 }))
  async function fallsSilent(): Promise<void> {
    await centre.register('gw-1')
    await centre.beat('gw-1', { devices: eight })
    await centre.intake.commit([
      centre.press({ type: 'smoke', class: 'hazard', placement: 'sensor-1' }),
      centre.press({ type: 'battery-low', class: 'technical', placement: 'sensor-2' }),
    ])
    await passes(91_000)
  }

  test('what is behind it is unknown: one alarm, however long it lasts', async () => {
    await fallsSilent()
    for (let hours = 0; hours < 80; hours += 8) await passes(8 * hour)
    expect(await centre.open()).toEqual([
      'gw-1 gateway-silent active',
      'sensor-1 smoke unknown',
      'sensor-2 battery-low unknown',
    ])
  })

  test('and returns, what was so is so again, and the time of every device goes on', async () => {
    await fallsSilent()
    await passes(8 * hour)
    await passes(minute, ['gw-1', ...eight])
    expect(await centre.open()).toEqual(['sensor-1 smoke active', 'sensor-2 battery-low active'])
    await passes(9 * minute, ['gw-1', ...eight])
    expect(await silent()).toEqual([])
    // Ten minutes, and the five between two notes of what a gateway hears.
    await passes(8 * minute, ['gw-1', ...eight])
    expect(await silent()).toHaveLength(8)
  })

  test('a device that was silent before stays so, and is told once', async () => {
    await centre.register('gw-1')
    await centre.beat('gw-1', { devices: [button(0, { lostAfterS: 600 })] })
    await passes(20 * minute, ['gw-1', button(0, { lostAfterS: 600 })])
    await passes(91_000)
    await passes(hour)
    expect(await centre.open()).toEqual(['bathroom-sos device-silent active', 'gw-1 gateway-silent active'])
    await passes(minute, ['gw-1', button(0, { lostAfterS: 600 })])
    await passes(hour, ['gw-1', button(0, { lostAfterS: 600 })])
    expect(await centre.open()).toEqual(['bathroom-sos device-silent active'])
  })

  test('a device that goes into service behind it waits for its return', async () => {
    await centre.register('gw-1')
    await passes(16 * minute)
    await commission({ lostAfterS: 600 })
    await passes(24 * hour)
    expect(await silent()).toEqual([])
    await passes(minute, ['gw-1'])
    await passes(17 * minute, ['gw-1'])
    expect(await silent()).toEqual(['bathroom-sos device-silent active'])
  })

  test('what another gateway of the home hears, too, is not unknown', async () => {
    await centre.register('gw-1')
    await centre.register('gw-11')
    await centre.beat('gw-1', { devices: [button(0, { lostAfterS: 600 })] })
    await centre.beat('gw-11', { devices: [button(0, { lostAfterS: 600 })] })
    await passes(91_000, ['gw-11', button(60, { lostAfterS: 600, state: 'fault' })])
    expect(await centre.open()).toEqual(['gw-1 gateway-silent active'])
    expect(await centre.store.sql('select gateway, silent_due_at is not null as watched from device')).toEqual([
      { gateway: 'gw-11', watched: true },
    ])
    await passes(20 * minute, ['gw-11', button(60, { lostAfterS: 600 })])
    expect(await silent()).toEqual(['bathroom-sos device-silent active'])
  })
})

const meters = (heardAtS: number) =>
  [1, 2, 3].map((n) => button(heardAtS, { placement: `meter-${n}`, lostAfterS: 180, life: false, link: 'rs485-1' }))
const beatWith = (line: 'up' | 'down', devices: readonly SaidDevice[]) =>
  centre.beat('gw-1', { devices, links: [{ id: 'rs485-1', state: line }] })

async function passesWith(ms: number, line: 'up' | 'down', ...devices: readonly SaidDevice[]): Promise<void> {
  await centre.passes(ms)
  await beatWith(line, devices)
  await centre.watch.look()
}

async function dongleIsPulled(): Promise<void> {
  await centre.register('gw-1')
  await beatWith('up', meters(0))
  await passesWith(minute, 'down', ...meters(30))
  await centre.intake.commit([centre.press({ type: 'line-down', class: 'technical', placement: 'rs485-1' })])
}

describe('when the line between a gateway and some of its devices is down', () => {
  test('what is behind it is unknown: one alarm, however long it lasts', async () => {
    await dongleIsPulled()
    for (let hours = 0; hours < 80; hours += 8) await passesWith(8 * hour, 'down', ...meters(30))
    expect(await centre.open()).toEqual(['rs485-1 line-down active'])
  })

  test('and is up again, the time of every device goes on; who stays silent then is silent', async () => {
    await dongleIsPulled()
    await passesWith(8 * hour, 'down', ...meters(30))
    await passesWith(minute, 'up', ...meters(30))
    await passesWith(3 * minute, 'up', ...meters(30))
    expect(await silent()).toEqual([])
    const [first, ...others] = meters(30)
    // Three minutes, and the six that a note of what a gateway hears may take.
    await passesWith(7 * minute, 'up', { ...first, placement: 'meter-1', lastHeardAt: at(30_000) }, ...others)
    expect(await silent()).toEqual(['meter-2 device-silent active', 'meter-3 device-silent active'])
  })

  test('who hangs on no line, or on another one, is judged as ever', async () => {
    await dongleIsPulled()
    const others = [
      button(0, { placement: 'radio', lostAfterS: 180 }),
      button(0, { placement: 'wired', lostAfterS: 180, link: 'rs485-2' }),
    ]
    await passesWith(minute, 'down', ...meters(30), ...others)
    await passesWith(10 * minute, 'down', ...meters(30), ...others)
    expect(await silent()).toEqual(['radio device-silent active', 'wired device-silent active'])
  })

  test('the return of a gateway, or another server’s look, does not make it known', async () => {
    await dongleIsPulled()
    await passes(3 * minute)
    await passesWith(minute, 'down', ...meters(30))
    await centre.anotherServer().watch.look()
    await passesWith(hour, 'down', ...meters(30))
    expect(await centre.open()).toEqual(['rs485-1 line-down active'])
    // It comes back with its line whole.
    await passes(3 * minute)
    await passesWith(minute, 'up', ...meters(30))
    await passesWith(10 * minute, 'up', ...meters(30))
    expect(await silent()).toHaveLength(3)
  })

  test('a device that its gateway does not name any more, or that is put into service anew, is supervised', async () => {
    await dongleIsPulled()
    await commission({ id: 'meter-3', profile: 'acme/meter', life: false, lostAfterS: 600, gatewayId: 'gw-1' })
    const [, second] = meters(30)
    await passesWith(6 * minute, 'down', { ...second, placement: 'meter-2' })
    await passesWith(20 * minute, 'down', { ...second, placement: 'meter-2' })
    expect(await silent()).toEqual(['meter-1 device-silent active', 'meter-3 device-silent active'])
  })

  test('an older gateway names no links of its devices: they are judged as ever', async () => {
    await centre.register('gw-1')
    const older = meters(0).map(({ link: _unsaid, ...device }) => device)
    await beatWith('up', older)
    await passesWith(10 * minute, 'down', ...older)
    expect(await silent()).toHaveLength(3)
  })
})

describe('what comes and goes again and again', () => {
  const dead = button(0, { placement: 'dead', lostAfterS: 180, link: 'rs485-1' })
  const alive = (s: number) => button(s, { placement: 'alive', lostAfterS: 180, link: 'rs485-1' })
  const behind = button(0, { placement: 'behind', lostAfterS: 180, link: 'rs485-2' })

  test('is a line: who died behind it is silent when it was up for that one’s time in sum; who is heard, or is behind one that stays down, is not', async () => {
    await centre.register('gw-1')
    const says = (line: 'up' | 'down', s: number) =>
      centre.beat('gw-1', {
        devices: [dead, alive(s), behind],
        links: [
          { id: 'rs485-1', state: line },
          { id: 'rs485-2', state: 'down' },
        ],
      })
    await says('up', 0)
    // Three minutes and the six that a note of what a gateway hears may take: it is up for one of every two.
    const foundAfter: string[][] = []
    for (let minutesUp = 1; minutesUp <= 12; minutesUp++) {
      for (const line of ['down', 'up'] as const) {
        await centre.passes(minute)
        await says(line, minutesUp)
        await centre.watch.look()
      }
      foundAfter.push(await silent())
    }
    expect(foundAfter.slice(0, 8).flat()).toEqual([])
    expect(foundAfter.slice(8)).toEqual(Array.from({ length: 4 }, () => ['dead device-silent active']))
  })

  test('is a gateway: the same, and the time in which it was missed is nobody’s', async () => {
    await centre.register('gw-1')
    let heard = 0
    const devices = () => [dead, alive(++heard)].map(({ link: _none, ...device }) => device)
    await centre.beat('gw-1', { devices: devices() })
    const foundAfter: string[][] = []
    for (let minutesHeard = 1; minutesHeard <= 12; minutesHeard++) {
      await passes(minute, ['gw-1', ...devices()])
      await passes(91_000)
      await passes(minute, ['gw-1', ...devices()])
      foundAfter.push(await silent())
    }
    expect(foundAfter.slice(0, 8).flat()).toEqual([])
    expect(foundAfter.slice(8)).toEqual(Array.from({ length: 4 }, () => ['dead device-silent active']))
  })

  test('has its full time behind it once it is heard, or put into service anew', async () => {
    await dongleIsPulled()
    await passesWith(minute, 'up', ...meters(30))
    await passesWith(8 * minute, 'down', ...meters(30))
    await commission({ id: 'meter-3', profile: 'acme/meter', life: false, lostAfterS: 600, gatewayId: 'gw-1' })
    // A minute of its time is left to each; the first is heard again.
    const heard = [...meters(9_000).slice(0, 1), ...meters(30).slice(1)]
    await passesWith(minute, 'up', ...heard)
    expect(await silent()).toEqual([])
    await passesWith(2 * minute, 'up', ...heard)
    expect(await silent()).toEqual(['meter-2 device-silent active'])
  })
})

test('a device whose gateway is just being missed is not judged before it', async () => {
  await centre.register('gw-1')
  await centre.beat('gw-1', { devices: [button(0, { lostAfterS: 60 })] })
  // Seven minutes without a look: both are overdue at once, and the gateway is the cause.
  await passes(10 * minute)
  expect(await centre.open()).toEqual(['gw-1 gateway-silent active'])
})

test('heartbeats that say nothing new write nothing: a row changes once in five minutes, or when something turns', async () => {
  await centre.register('gw-1')
  const writes = async () => (await centre.store.sql<{ v: string }>('select xmin::text as v from device'))[0]?.v
  await centre.beat('gw-1', { devices: [button(0)] })
  const first = await writes()
  for (let s = 30; s <= 240; s += 30) {
    await centre.passes(30_000)
    await centre.beat('gw-1', { devices: [button(s)] })
  }
  // Another process, that has heard nothing of it yet, does not write, either.
  await centre.anotherServer().beat('gw-1', { devices: [button(240)] })
  expect(await writes()).toBe(first)
  await centre.passes(2 * minute)
  await centre.beat('gw-1', { devices: [button(360, { state: 'fault' })] })
  expect(await writes()).not.toBe(first)
})

test('what a person said of a device holds, whatever its gateway says; what nobody said is its gateway’s to say', async () => {
  await centre.register('gw-1')
  await commission({ lostAfterS: 7_200, life: true })
  await commission({ id: 'door', profile: 'acme/door' })
  const says = [button(0, { life: false, lostAfterS: 60 }), { placement: 'door', life: false, lostAfterS: 9_000 }]
  await centre.beat('gw-1', { devices: says })
  expect(await centre.store.sql('select placement, life, lost_after_s from device order by placement')).toEqual([
    { placement: 'bathroom-sos', life: true, lost_after_s: 7_200 },
    { placement: 'door', life: false, lost_after_s: 9_000 },
  ])
})

test.for([
  { given: { lostAfterS: 90_000 }, code: 'request-malformed', why: /lostAfterS: at most 86400/ },
  { given: { lostAfterS: 300_000, life: false }, code: 'request-malformed', why: /lostAfterS: at most 259200/ },
  { given: { gatewayId: 'gw-9' }, code: 'gateway-unknown', why: /gatewayId/ },
  { given: {}, home: 'nowhere' as HomeId, code: 'home-unknown', why: /no such home/ },
])('a commissioning of $given is refused as $code', async ({ given, home, code, why }) => {
  await centre.register('gw-9', 'home-2')
  await expect(commission(given, home)).rejects.toMatchObject({ code, message: expect.stringMatching(why) })
})
