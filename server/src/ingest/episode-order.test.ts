import { type EventMessage, type EventPhase, gatewayId } from '@anju/contract'
import { beforeEach, expect, test } from 'vitest'
import type { HeardEvent } from '../ports.ts'
import { EpisodeOrder } from './episode-order.ts'
import type { Settled } from './event-batcher.ts'

/** Events on their way; each is committed when the test says so. */
let order: EpisodeOrder
let under: Map<string, (settled: Settled) => void>
let answered: string[]
beforeEach(() => {
  order = new EpisodeOrder()
  under = new Map()
  answered = []
})

const event = (phase: EventPhase, type = 'smoke', gateway = 'gw-1') =>
  ({
    gateway: gatewayId(gateway),
    message: { subject: 'kitchen', type: `anju.${type}`, data: { phase } } as EventMessage,
  }) satisfies HeardEvent

function add(name: string, heard: HeardEvent): void {
  const pass = () => new Promise<Settled>((resolve) => under.set(name, resolve))
  void order.add(heard, pass).then((settled) => answered.push(`${name} ${settled}`))
}
async function settle(name: string, settled: Settled = 'committed'): Promise<void> {
  under.get(name)?.(settled)
  under.delete(name)
  await new Promise((resolve) => setImmediate(resolve))
}
const underWay = () => [...under.keys()]

test('repetitions travel together; the end waits for all of them, a new beginning for the end, and what follows for both', async () => {
  add('1', event('raised'))
  add('2', event('raised'))
  add('3', event('returned'))
  add('4', event('raised'))
  add('5', event('raised'))
  expect(underWay()).toEqual(['1', '2'])
  await settle('2')
  expect(underWay()).toEqual(['1'])
  await settle('1')
  expect(underWay()).toEqual(['3'])
  await settle('3')
  expect(underWay()).toEqual(['4'])
  await settle('4')
  await settle('5')
  expect(answered).toEqual(['2 committed', '1 committed', '3 committed', '4 committed', '5 committed'])
})

test('other things, other places and other homes do not wait', () => {
  add('1', event('raised'))
  add('2', event('returned', 'water-leak'))
  add('3', event('returned', 'smoke', 'gw-2'))
  expect(underWay()).toEqual(['1', '2', '3'])
})

test('an end whose beginning was not taken is not taken before it', async () => {
  add('1', event('raised'))
  add('2', event('returned'))
  await settle('1', 'unavailable')
  expect(answered).toEqual(['1 unavailable', '2 unavailable'])
  add('3', event('returned'))
  expect(underWay()).toEqual(['3'])
})

test('what waits is bounded', async () => {
  add('first', event('raised'))
  for (let n = 0; n < 4_096; n++) add(`held-${n}`, event(n % 2 ? 'raised' : 'returned'))
  add('too many', event('returned'))
  await settle('nothing')
  expect(answered).toEqual(['too many unavailable'])
})
