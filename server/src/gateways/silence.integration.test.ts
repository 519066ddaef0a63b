import { type Clock, minutes, plus, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { identityOf } from '../../../tests/harness/alarms.ts'
import { aSupervisedCentre, type SupervisedCentre } from './supervision.fixture.ts'

let centre: SupervisedCentre
beforeAll(async () => {
  centre = await aSupervisedCentre()
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.clear()
  await centre.store.sql(`update resident set risk = 'standard'`)
  centre.hearsAgain(true)
  await centre.watch.look()
})

const states = () => centre.store.sql('select id, state from gateway order by id')
const silences = () => centre.open('gateway-silent')
async function online(id: string, home?: string): Promise<void> {
  await centre.register(id, home)
  await centre.beat(id)
}

test('while the broker is away nobody is silent; afterwards everyone has time to be heard again', async () => {
  await online('gw-1')
  centre.hearsAgain(false)
  await centre.passes(300_000)
  await centre.watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
  centre.hearsAgain(true)
  await centre.watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
  await centre.passes(91_000)
  await centre.watch.look()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'silent' }])
  expect(await silences()).toEqual(['gw-1 gateway-silent active'])
})

test('a server that stood still heard nobody meanwhile, and calls nobody silent when it goes on', async () => {
  let [now, strike] = [systemClock.now(), () => undefined as void]
  const every: Clock['every'] = (_, task) => {
    strike = task
    return { cancel: () => undefined }
  }
  const { watch } = centre.anotherServer({ ...systemClock, now: () => now, every })
  const strikes = async () => {
    strike()
    await watch.look()
  }
  await strikes()
  await online('gw-1')
  // A laptop that slept for five minutes; its gateway did so, too, or speaks into a socket that nobody has read yet.
  await centre.passes(300_000)
  now = plus(now, minutes(5))
  await strikes()
  expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
  await centre.passes(91_000)
  now = plus(now, seconds(1))
  await strikes()
  expect(await silences()).toEqual(['gw-1 gateway-silent active'])
})

/** The one that lives looks every five seconds; after it, the other one does whatever it does. */
async function passes(steps: number, disturb: (step: number) => Promise<void>): Promise<void> {
  for (let step = 1; step <= steps; step++) {
    await centre.passes(5_000)
    await centre.watch.look()
    await disturb(step)
  }
}
const restarting = () => {
  let { watch } = centre.anotherServer()
  return async (step: number) => {
    if (step % 4 === 0) ({ watch } = centre.anotherServer())
    await watch.look()
  }
}
const flapping = () => {
  const other = centre.anotherServer()
  return async (step: number) => {
    other.hearsAgain(step % 3 > 0)
    await other.watch.look()
  }
}

describe('of two servers, one heard all the while', () => {
  test.for([
    { what: 'begins again every twenty seconds', disturbing: restarting },
    { what: 'loses its broker every fifteen seconds', disturbing: flapping },
  ])('while the other one $what: who falls silent is called silent in the usual time', async ({ disturbing }) => {
    const disturb = disturbing()
    await online('gw-1')
    await passes(17, disturb)
    expect(await silences()).toEqual([])
    await passes(1, disturb)
    expect(await silences()).toEqual(['gw-1 gateway-silent active'])
  })

  test('and died just before the other one began: that one waits, and blames nobody for what nobody heard', async () => {
    const { watch } = centre.anotherServer()
    await online('gw-1')
    await centre.passes(85_000)
    await centre.watch.look()
    // Three seconds later, and the dead one's word is still fresh.
    await centre.passes(3_000)
    await watch.look()
    await centre.passes(3_000)
    await watch.look()
    expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
    await centre.passes(6_000)
    await watch.look()
    expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
    // Of the time since it began.
    await centre.passes(82_000)
    await watch.look()
    expect(await silences()).toEqual(['gw-1 gateway-silent active'])
  })
})

test('three heartbeats that do not come are a silence, two are none', async () => {
  await online('gw-1')
  await centre.passes(85_000)
  await centre.watch.look()
  expect(await silences()).toEqual([])
  await centre.passes(5_000)
  await centre.watch.look()
  expect(await silences()).toEqual(['gw-1 gateway-silent active'])
})

async function inTenSeconds(): Promise<string[]> {
  await centre.passes(11_000)
  await centre.watch.look()
  return silences()
}

describe('a last will', () => {
  test('shortens the wait', async () => {
    await centre.register('gw-1')
    await centre.beat('gw-1', { session: 3 })
    await centre.anotherServer().lost('gw-1', { boot: 1, session: 3 })
    expect(await inTenSeconds()).toEqual(['gw-1 gateway-silent active'])
  })

  test.for([
    { what: 'the session before', will: { boot: 1, session: 3 }, next: { boot: 1, session: 4 } },
    {
      what: 'the boot before, of a session with a higher number',
      will: { boot: 1, session: 9 },
      next: { boot: 2, session: 1 },
    },
    { what: 'an older release, which said no session', will: { boot: 1 }, next: { boot: 2, session: 1 } },
  ])('of $what says nothing, though another server hears it after the new one’s first word', async ({ will, next }) => {
    const other = centre.anotherServer()
    await centre.register('gw-1')
    await centre.beat('gw-1', will)
    await centre.beat('gw-1', next)
    await other.lost('gw-1', will)
    expect(await inTenSeconds()).toEqual([])
    expect(await states()).toEqual([{ id: 'gw-1', state: 'online' }])
    // What it waits for now is the new session's own end.
    await other.lost('gw-1', next)
    expect(await inTenSeconds()).toEqual(['gw-1 gateway-silent active'])
  })

  test('of the session before says nothing to the server that has the new one’s word in its hands, either', async () => {
    await centre.register('gw-1')
    await centre.beat('gw-1', { session: 3 })
    centre.says('gw-1', { session: 4 })
    await centre.lost('gw-1', { boot: 1, session: 3 })
    expect(await inTenSeconds()).toEqual([])
  })

  test('that comes before the new session’s word leaves the gateway online with that', async () => {
    const other = centre.anotherServer()
    await centre.register('gw-1')
    await centre.beat('gw-1', { session: 3 })
    await other.lost('gw-1', { boot: 1, session: 3 })
    await centre.beat('gw-1', { session: 4 })
    expect(await inTenSeconds()).toEqual([])
  })
})

test('of two silent gateways, the return of one leaves the other one’s alarm open', async () => {
  await online('gw-1')
  await online('gw-2')
  await centre.passes(91_000)
  await centre.watch.look()
  expect(await silences()).toEqual(['gw-1 gateway-silent active', 'gw-2 gateway-silent active'])
  await centre.beat('gw-1')
  await centre.watch.look()
  expect(await silences()).toEqual(['gw-2 gateway-silent active'])
})

test('a gateway that never called home is silent a quarter of an hour after its registration, once', async () => {
  await centre.register('gw-1')
  await centre.passes(14 * 60_000)
  await centre.watch.look()
  expect(await silences()).toEqual([])
  await centre.passes(61_000)
  await centre.watch.look()
  await centre.watch.look()
  expect(await silences()).toEqual(['gw-1 gateway-silent active'])
  expect(await states()).toEqual([{ id: 'gw-1', state: 'never-heard' }])
})

test('the silence of a home at high risk comes before all other technical alarms, and behind whoever calls', async () => {
  await centre.store.sql(
    `insert into resident (id, centre, home, name) values ('r2', 'east', 'home-2', 'A') on conflict do nothing`,
  )
  await centre.store.sql(`update resident set risk = 'high' where home = 'home-2'`)
  await centre.intake.commit([centre.press({ type: 'tamper', class: 'technical' })])
  await online('gw-1')
  await centre.passes(91_000)
  await centre.watch.look()
  await online('gw-2', 'home-2')
  await centre.passes(91_000)
  await centre.watch.look()
  await centre.intake.commit([centre.press()])
  const { items } = await centre.queries.list(identityOf(centre.person('li')), {})
  expect(items.map(({ type, homeId, urgent = false }) => `${type} ${homeId} ${urgent}`)).toEqual([
    'sos-pressed home-1 false',
    'gateway-silent home-2 true',
    'tamper home-1 false',
    'gateway-silent home-1 false',
  ])
})

test('two servers that look at the same time say each silence and each return once', async () => {
  const other = centre.anotherServer()
  await other.watch.look()
  const ids = Array.from({ length: 30 }, (_, n) => `gw-${n + 1}`)
  for (const id of ids) await online(id, `home-${(Number(id.slice(3)) % 10) + 1}`)
  const events = async () =>
    (
      await centre.store.sql<{ n: number }>('select count(*)::integer as n from event where gateway = $1', ['centre'])
    )[0]?.n
  await centre.passes(91_000)
  await Promise.all([centre.watch.look(), other.watch.look(), centre.watch.look(), other.watch.look()])
  expect(await silences()).toEqual(ids.map((id) => `${id} gateway-silent active`).toSorted())
  expect(await events()).toBe(30)
  for (const id of ids) await other.beat(id)
  await Promise.all([centre.watch.look(), other.watch.look()])
  expect(await silences()).toEqual([])
  expect(await events()).toBe(60)
})
