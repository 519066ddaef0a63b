import { DomainError, type EventMessage, gatewayId } from '@anju/contract'
import { beforeEach, expect, test } from 'vitest'
import type { EventIntake, EventOutcome, HeardEvent } from '../ports.ts'
import { EventBatcher, type Settled } from './event-batcher.ts'

type Commit = EventIntake['commit']
const gateway = gatewayId('gw-one')
const limits = { eventsPerBatchMax: 4, flightsMax: 1, waitingEventsMax: 8 }

const event = (id: string, lane: 'life' | 'technical' = 'life'): HeardEvent => ({
  gateway,
  message: { id, data: { lane } } as EventMessage,
})
const committed: Commit = async (batch) =>
  batch.map(({ message }): EventOutcome => ({ event: message.id as EventOutcome['event'], outcome: 'committed' }))

/** Batches that were handed to the store, each held until released. */
let batches: { ids: string[]; release: (how?: Commit) => void }[]
let told: string[]
let flights: number

function held(how: Partial<typeof limits> = {}): EventBatcher {
  const intake: EventIntake = {
    commit(batch) {
      const gate = Promise.withResolvers<Commit>()
      batches.push({ ids: batch.map(({ message }) => message.id), release: (by = committed) => gate.resolve(by) })
      return gate.promise.then((by) => by(batch))
    },
  }
  return new EventBatcher(
    intake,
    (_event, { event, outcome }) => told.push(`${event} ${outcome}`),
    () => flights++,
    {
      ...limits,
      ...how,
    },
  )
}
/** The batch that is in flight after what is under way now. */
const flight = async (number: number) => {
  for (let turn = 0; turn < 50 && batches.length < number; turn++) await Promise.resolve()
  const batch = batches[number - 1]
  if (!batch) throw new Error(`there is no flight ${number}`)
  return batch
}

/** A bug that one event sets off. */
const breaks: Commit = async (batch) => {
  if (batch.some(({ message }) => message.id === 'BAD')) throw new DomainError('internal', 'a bug')
  return committed(batch)
}

beforeEach(() => {
  batches = []
  told = []
  flights = 0
})

test('a lone press leaves at once and waits for nobody', async () => {
  const batcher = held()
  const settled = batcher.add(event('A'))
  expect(batches.map(({ ids }) => ids)).toEqual([['A']])
  batches[0]?.release()
  expect(await settled).toBe('committed')
  await batcher.drained()
  expect(flights).toBe(1)
})

test('what arrives during a flight is the next one, at most as long as a batch may be', async () => {
  const batcher = held()
  const all = ['A', 'B', 'C', 'D', 'E', 'F'].map((id) => batcher.add(event(id)))
  batches[0]?.release()
  const second = await flight(2)
  second.release()
  const third = await flight(3)
  third.release()
  await Promise.all(all)
  expect(batches.map(({ ids }) => ids)).toEqual([['A'], ['B', 'C', 'D', 'E'], ['F']])
})

test('the life lane leaves before technical events that waited longer', async () => {
  const batcher = held()
  const all = [batcher.add(event('A')), batcher.add(event('T', 'technical')), batcher.add(event('L'))]
  batches[0]?.release()
  const second = await flight(2)
  expect(second.ids).toEqual(['L'])
  second.release()
  const third = await flight(3)
  third.release()
  await Promise.all(all)
  expect(third.ids).toEqual(['T'])
})

test('a repetition of an event on its way waits for the same commit', async () => {
  const batcher = held()
  const both = [batcher.add(event('A')), batcher.add(event('A'))]
  batches[0]?.release()
  expect(await Promise.all(both)).toEqual(['committed', 'committed'])
  expect(batches).toHaveLength(1)
  expect(told).toEqual(['A committed'])
})

test('when the store is away nothing is told and nothing is settled', async () => {
  const batcher = held()
  const settled = batcher.add(event('A'))
  batches[0]?.release(() => Promise.reject(new DomainError('store-unavailable', 'away')))
  expect(await settled).toBe('unavailable')
  expect(told).toEqual([])
  const again = batcher.add(event('A'))
  ;(await flight(2)).release()
  expect(await again).toBe('committed')
})

test('a flood of technical events takes no place from a press', async () => {
  const batcher = held({ waitingEventsMax: 2 })
  const first = batcher.add(event('A'))
  const flood = ['T1', 'T2', 'T3'].map((id) => batcher.add(event(id, 'technical')))
  expect(await flood[2]).toBe('unavailable')
  const press = batcher.add(event('L'))
  batches[0]?.release()
  ;(await flight(2)).release()
  expect(await press).toBe('committed')
  ;(await flight(3)).release()
  await Promise.all([first, ...flood])
})

test('one that breaks the intake does not take the others down, and is refused only when it fails again and again', async () => {
  const batcher = new EventBatcher(
    { commit: breaks },
    (_event, { event, outcome }) => told.push(`${event} ${outcome}`),
    () => flights++,
  )
  const rounds: (readonly Settled[])[] = []
  for (let round = 1; round <= 3; round++)
    rounds.push(await Promise.all([`A${round}`, 'BAD', `B${round}`].map((id) => batcher.add(event(id)))))
  expect(rounds.map(([, bad]) => bad)).toEqual(['unavailable', 'unavailable', 'refused'])
  expect(rounds.flatMap(([a, , b]) => [a, b])).toEqual(Array.from({ length: 6 }, () => 'committed'))
})

test('when everything fails it is our fault, and nothing is refused', async () => {
  const batcher = new EventBatcher(
    { commit: () => Promise.reject(new Error('a bug')) },
    (_event, { event }) => told.push(event),
    () => flights++,
  )
  for (let round = 0; round < 5; round++) expect(await batcher.add(event('A'))).toBe('unavailable')
  expect(told).toEqual([])
})

test('drained when nothing is in flight', async () => {
  const batcher = held()
  await batcher.drained()
  const settled = batcher.add(event('A'))
  let drained = false
  const waiting = batcher.drained().then(() => {
    drained = true
    return drained
  })
  await Promise.resolve()
  expect(drained).toBe(false)
  batches[0]?.release()
  await Promise.all([settled, waiting])
  expect(drained).toBe(true)
})
