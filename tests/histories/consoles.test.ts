import type { Target } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { Reach } from './reach.ts'
import { between } from './rules.ts'

const never = { from: 0, to: 0 }
const nobody = new Set<string>()

/** What servers wrote of a centre's consoles: who, and at which second. */
function reachOf(...written: readonly (readonly [server: string, second: number])[]): Reach {
  const reach = new Reach({
    homes: [],
    responders: [],
    supervisors: [],
    numbers: new Map(),
    channels: new Set(),
    onCall: { who: 'han', span: never },
    supervisorShift: null,
  })
  for (const [server, second] of written) {
    const at = second * 1_000
    const said = { server, centre: 'east', at }
    reach.learn({ seq: 0, at, xact: '1', what: 'console_presence', fresh: true, alarm: '', said })
  }
  return reach
}
/** The queue, for certain somebody; and whether anybody may be there at all. */
const seen = (reach: Reach, second: number) => [
  reach.finds('home-1', [{ to: 'queue' }], ['console'], second * 1_000, nobody),
  reach.mayBeWatched('east', second * 1_000),
]

test('a queue is looked at for twenty seconds after a server said so, and not at the very moment at which it begins to be', () => {
  const reach = reachOf(['one', 10])
  expect(seen(reach, 10)).toEqual([false, true])
  expect(seen(reach, 29.999)).toEqual([true, true])
  expect(reach.mayBeWatched('east', 30_000)).toBe(false)
  expect(reach.mayBeWatched('west', 10_000)).toBe(false)
})

test('renewed in time it is looked at all the while; after a gap it begins anew', () => {
  expect(seen(reachOf(['one', 10], ['one', 29]), 29)).toEqual([true, true])
  expect(seen(reachOf(['one', 10], ['one', 30]), 30)).toEqual([false, true])
  expect(seen(reachOf(['one', 10], ['two', 30]), 30)).toEqual([false, true])
})

test('one server that has died takes along its own consoles and nobody else’s', () => {
  expect(seen(reachOf(['one', 10], ['two', 11], ['two', 28]), 31)).toEqual([true, true])
})

test('of what is to come only that is known which is so now: who renews will go on', () => {
  expect(seen(reachOf(['one', 10]), 500)[0]).toBe(true)
})

test('what lies between two waves of a round: the steps after the first one, up to the second', () => {
  const queue: Target = { to: 'queue' }
  const wave = { channels: ['console' as const], timeoutS: 10 }
  const steps = [
    { targets: [queue], waves: [wave, wave] },
    { targets: [queue], waves: [wave, wave] },
    { targets: [queue], waves: [wave] },
  ]
  const policy = { startAfterS: 0, repeatAfterS: 10, quietWhileHeld: true, steps }
  const places = (before: Parameters<typeof between>[1], step: number, at: number) =>
    between(policy, before, { step, wave: at }).map((one) => `${one.step}.${one.wave}`)
  expect(places(null, 0, 0)).toEqual([])
  expect(places(null, 1, 1)).toEqual(['0.0', '0.1', '1.0'])
  expect(places({ step: 0, wave: 0 }, 2, 0)).toEqual(['1.0', '1.1'])
  expect(places({ step: 1, wave: 0 }, 3, 0)).toEqual(['2.0'])
})
