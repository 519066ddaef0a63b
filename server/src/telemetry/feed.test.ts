import { gatewayId, instant, millis, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { beforeEach, expect, test } from 'vitest'
import { slabsMax, TelemetryFeed } from './feed.ts'
import { messagesIn, slabBytes } from './slab.ts'
import type { ToWorker, WorkerEvents } from './thread.ts'

const one = gatewayId('gw-one')
const two = gatewayId('gw-two')
type Slab = Extract<ToWorker, { kind: 'slab' }>
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const text = (payload: Uint8Array) => Buffer.from(payload).toString()

let clock: VirtualClock
let posted: ToWorker[]
let workers: WorkerEvents[]
let receipts: string[]
let homes: Map<string, string>
let feed: TelemetryFeed

beforeEach(() => {
  clock = new VirtualClock(instant(0))
  posted = []
  workers = []
  receipts = []
  homes = new Map([
    [one, 'home-1'],
    [two, 'home-2'],
  ])
  feed = new TelemetryFeed({
    startWorker(events) {
      workers.push(events)
      return { post: (message) => void posted.push(message), terminate: async () => undefined }
    },
    scopeOf(gateway) {
      const home = homes.get(gateway)
      return home === undefined ? undefined : { home, centre: 'c' }
    },
    sendReceipt: (gateway, json) => void receipts.push(`${gateway} ${json}`),
    onRefused: () => undefined,
    onGap: () => undefined,
    onPoints: () => undefined,
    clock,
    log: quiet,
  })
})

const slabs = () => posted.filter((message): message is Slab => message.kind === 'slab')
const contents = (slab: Slab | undefined) =>
  slab ? [...messagesIn(slab.buffer, slab.used)].map(({ gateway, payload }) => `${gateway} ${text(payload)}`) : []
const done = (buffers: ArrayBuffer[], receipts: { gateway: number; json: string }[] = []) =>
  workers.at(-1)?.message({ kind: 'done', buffers, points: 0, receipts, refused: [], gaps: [] })

test('messages of a short while cross together, each with its gateway, whose name is told once', async () => {
  for (const gateway of [one, two, one]) expect(feed.accept(gateway, Buffer.from(`from ${gateway}`))).toBe(true)
  expect(posted).toEqual([])
  await clock.pass(millis(20))
  expect(contents(slabs()[0])).toEqual(['0 from gw-one', '1 from gw-two', '0 from gw-one'])
  expect(slabs()[0]?.gateways.map(({ number, gateway, home }) => [number, gateway, home])).toEqual([
    [0, one, 'home-1'],
    [1, two, 'home-2'],
  ])
  feed.accept(one, Buffer.from('more'))
  await clock.pass(millis(20))
  expect(slabs()[1]?.gateways).toEqual([])
})

test('a payload is copied: its network buffer may be used again', async () => {
  const payload = Buffer.from('before')
  feed.accept(one, payload)
  payload.write('after!')
  await clock.pass(millis(20))
  expect(contents(slabs()[0])).toEqual(['0 before'])
})

test('a gateway that nobody knows is sent away, and one that moved counts for its new home', async () => {
  expect(feed.accept(gatewayId('gw-new'), Buffer.from('x'))).toBe(false)
  feed.accept(one, Buffer.from('old home'))
  homes.set(one, 'home-9')
  feed.accept(one, Buffer.from('new home'))
  await clock.pass(millis(20))
  expect(contents(slabs()[0])).toEqual(['0 old home', '1 new home'])
  expect(slabs()[0]?.gateways.map(({ home }) => home)).toEqual(['home-1', 'home-9'])
})

test('receipts go to the gateway whose number they carry', async () => {
  feed.accept(two, Buffer.from('x'))
  await clock.pass(millis(20))
  done([], [{ gateway: 0, json: '{"ids":["A"]}' }])
  expect(receipts).toEqual(['gw-two {"ids":["A"]}'])
})

test('while the store is away memory is bounded: then homes are sent away, and let in again when there is room', async () => {
  const payload = Buffer.alloc(100_000)
  let taken = 0
  while (feed.accept(one, payload)) taken++
  expect(slabs()).toHaveLength(slabsMax)
  expect(feed.waitingBytes).toBeLessThanOrEqual((slabsMax + 1) * slabBytes)
  expect(taken).toBe((slabsMax + 1) * Math.floor(slabBytes / 100_008))
  done([slabs()[0]?.buffer as ArrayBuffer])
  expect(feed.accept(one, payload)).toBe(true)
})

test('while the store is away slabs are filled before more of them are used', async () => {
  for (let turn = 0; turn < 50; turn++) {
    feed.accept(one, Buffer.from('a little'))
    await clock.pass(millis(20))
  }
  expect(slabs().length).toBeLessThanOrEqual(4)
  done(slabs().map(({ buffer }) => buffer))
  expect(slabs().flatMap((slab) => contents(slab))).toHaveLength(50)
})

test('a worker that dies is started again and told every name again', async () => {
  const health: boolean[] = []
  feed.onHealth((healthy) => health.push(healthy))
  feed.accept(one, Buffer.from('lost'))
  await clock.pass(millis(20))
  workers[0]?.exit('out of memory')
  expect(feed.healthy).toBe(false)
  expect(feed.retryAfterS).toBe(30)
  feed.accept(one, Buffer.from('kept'))
  await clock.pass(seconds(1))
  expect(workers).toHaveLength(2)
  expect(contents(slabs().at(-1))).toEqual(['0 kept'])
  expect(
    slabs()
      .at(-1)
      ?.gateways.map(({ gateway }) => gateway),
  ).toEqual([one])
  // It may have died of its store: only the new one's own word says that all is well.
  expect(health).toEqual([false])
  workers[1]?.message({ kind: 'health', healthy: true, why: '' })
  expect(health).toEqual([false, true])
})

test('closing hands over what waits, and does not wait for ever', async () => {
  feed.accept(one, Buffer.from('last'))
  let closed = false
  const closing = feed.close().then(() => {
    closed = true
    return closed
  })
  expect(contents(slabs()[0])).toEqual(['0 last'])
  expect(posted.at(-1)).toEqual({ kind: 'close' })
  expect(feed.accept(one, Buffer.from('too late'))).toBe(false)
  await clock.pass(seconds(1))
  expect(closed).toBe(false)
  await clock.pass(seconds(1))
  await closing
})

test('homes that were erased are told at once, and all of them to a worker that starts again, before its first slab', async () => {
  feed.drop([{ home: 'home-1', until: 7 }])
  feed.drop([{ home: 'home-2', until: 8 }])
  feed.drop([{ home: 'home-1', until: 9 }])
  expect(posted).toEqual([
    { kind: 'erased', homes: [{ home: 'home-1', until: 7 }] },
    { kind: 'erased', homes: [{ home: 'home-2', until: 8 }] },
    { kind: 'erased', homes: [{ home: 'home-1', until: 9 }] },
  ])
  posted.length = 0
  feed.accept(one, Buffer.from('late'))
  workers.at(-1)?.exit('it ran out of memory')
  await clock.pass(seconds(1))
  expect(posted[0]).toEqual({
    kind: 'erased',
    homes: [
      { home: 'home-1', until: 9 },
      { home: 'home-2', until: 8 },
    ],
  })
  expect(posted.slice(1).map(({ kind }) => kind)).toEqual(['slab'])
})
