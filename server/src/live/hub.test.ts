import { type CentreId, DomainError, instant, type PersonId, type SessionId, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { beforeEach, expect, test } from 'vitest'
import { type Frame, frameOf } from './frame.ts'
import { LiveHub } from './hub.ts'
import type { LiveStore } from './log.ts'
import { StatusBoard } from './status.ts'

const EAST = 'east' as CentreId
const frame = (id: number): Frame => frameOf(id, 'alarm', `{"n":${id}}`)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => frame(from + index))

/** A stored stream that can be away. */
class FakeStore implements LiveStore {
  frames: Frame[] = []
  oldest = 1
  away = false
  reads = 0
  async extent() {
    this.#check()
    return { last: this.frames.length, oldest: this.oldest }
  }
  async after(_centre: CentreId, id: number) {
    this.#check()
    this.reads++
    return this.frames.filter((one) => one.id > id).slice(0, 3)
  }
  async heads() {
    this.#check()
    return new Map([[EAST, this.frames.length]])
  }
  #check(): void {
    if (this.away) throw new DomainError('store-unavailable', 'away')
  }
}

/** What one console received. */
class Console {
  text = ''
  ended = false
  accepts = true
  readonly write = (bytes: Buffer): boolean => {
    this.text += bytes.toString()
    return this.accepts
  }
  readonly end = (): void => {
    this.ended = true
  }
  get ids(): number[] {
    return [...this.text.matchAll(/^id: (\d+)\nevent: alarm/gm)].map(([, id]) => Number(id))
  }
}

let clock: VirtualClock
let store: FakeStore
let status: StatusBoard
let hub: LiveHub
const authorised = () => Promise.resolve()
const allowed = () => Promise.resolve(true)
const settle = () => clock.pass(seconds(0))
async function open(
  lastEventId?: string,
  authorise = authorised,
  stillAllowed = allowed,
  takesAlarms = true,
  session = 'seat-1',
): Promise<Console> {
  const console = new Console()
  const who = { person: 'li' as PersonId, session: session as SessionId }
  hub.open(EAST, console, lastEventId, { authorise, stillAllowed, takesAlarms, ...who })
  await settle()
  return console
}

beforeEach(() => {
  clock = new VirtualClock(instant(1_700_000_000_000))
  store = new FakeStore()
  status = new StatusBoard(clock)
  hub = new LiveHub({ store, status, clock })
})

test('the first thing said is how the store is; then where the stream stands', async () => {
  store.frames = range(1, 4)
  const { text } = await open()
  expect(text).toMatch(/^event: status\ndata: \{"prev":null,"store":"ok"/)
  expect(text).toMatch(/\n\nid: 4\n\n$/)
})

test('frames are told as they commit; each names the one before it; without reading the store again', async () => {
  const console = await open()
  store.frames = range(1, 3)
  const { reads } = store
  hub.announce(EAST, () => range(1, 2))
  hub.announce(EAST, () => [frame(3)])
  expect(console.ids).toEqual([1, 2, 3])
  expect(console.text).toContain(
    'id: 1\nevent: alarm\ndata: {"prev":null,"n":1}\n\nid: 2\nevent: alarm\ndata: {"prev":"1","n":2}',
  )
  expect(store.reads).toBe(reads)
})

test('whatever order commits are told in, a console reads each once and in order', async () => {
  const console = await open()
  store.frames = range(1, 9)
  hub.announce(EAST, () => [frame(3)]) // the one before was committed by somebody else, or is told later
  hub.announce(EAST, () => range(1, 2))
  hub.announce(EAST, () => [frame(9)])
  await settle()
  hub.announce(EAST, () => range(4, 8))
  expect(console.ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
})

test('a lost notification is found by asking, within two seconds', async () => {
  const console = await open()
  store.frames = range(1, 5)
  await clock.pass(seconds(2))
  expect(console.ids).toEqual([1, 2, 3, 4, 5])
})

test.for([
  { asked: '2', ids: [3, 4, 5], reset: false },
  { asked: '5', ids: [], reset: false },
  { asked: '0', ids: [1, 2, 3, 4, 5], reset: false },
  { asked: '6', ids: [], reset: true }, // from before a restore
  { asked: 'x', ids: [], reset: true },
])('Last-Event-ID $asked of five: $ids, reset $reset', async ({ asked, ids, reset }) => {
  store.frames = range(1, 5)
  const console = await open(asked)
  expect({ ids: console.ids, reset: console.text.includes('id: 5\nevent: reset\n') }).toEqual({ ids, reset })
})

test('what is older than the replay is a reset, not a gap', async () => {
  store.frames = range(1, 5)
  store.oldest = 4
  expect((await open('2')).text).toContain('event: reset')
  expect((await open('3')).ids).toEqual([4, 5])
})

test('while the store is away a console hears the status only, and finds its place when the store is back', async () => {
  store.frames = range(1, 3)
  store.away = true
  status.set('store', 'degraded')
  const console = await open('1')
  expect(console.text).toContain('"store":"degraded"')
  await clock.pass(seconds(30))
  expect(console.ids).toEqual([])
  store.away = false
  status.set('store', 'ok')
  await clock.pass(seconds(2))
  expect(console.ids).toEqual([2, 3])
  expect(console.text).toContain('"store":"ok"')
})

test('nothing of the stream is told before the look at it stands in the audit', async () => {
  store.frames = range(1, 3)
  const { promise: audited, resolve: allow } = Promise.withResolvers<void>()
  const console = await open('0', () => audited)
  hub.announce(EAST, () => [frame(4)])
  expect(console.ids).toEqual([])
  allow()
  await settle()
  expect(console.ids).toEqual([1, 2, 3])
})

test('a look that may not be is the end of the stream', async () => {
  const console = await open(undefined, () => Promise.reject(new DomainError('forbidden', 'no')))
  expect(console.ended).toBe(true)
  expect(hub.readers).toBe(0)
})

test('a console that does not read is let go, and the others do not notice', async () => {
  const [slow, quick] = [await open(), await open()]
  slow.accepts = false
  store.frames = range(1, 2)
  hub.announce(EAST, () => range(1, 2))
  expect({ slow: slow.ended, quick: quick.ids, readers: hub.readers }).toEqual({
    slow: true,
    quick: [1, 2],
    readers: 1,
  })
})

test('every ten seconds the line says that it is alive', async () => {
  const console = await open()
  await clock.pass(seconds(31))
  expect(console.text.match(/^: alive$/gm)).toHaveLength(3)
})

test('another centre hears nothing', async () => {
  const console = await open()
  hub.announce('west' as CentreId, () => [frame(1)])
  expect(console.ids).toEqual([])
})

test('a stream ends soon after its session does; not because nobody can say how the session is', async () => {
  let session = true
  let away = true
  const console = await open(undefined, authorised, async () => {
    if (away) throw new DomainError('store-unavailable', 'away')
    return session
  })
  await clock.pass(seconds(31))
  expect(console.ended).toBe(false)
  away = false
  await clock.pass(seconds(15))
  expect(console.ended).toBe(false)
  session = false
  await clock.pass(seconds(15))
  expect({ ended: console.ended, readers: hub.readers }).toEqual({ ended: true, readers: 0 })
})

test('a stream that was restored to an earlier place is a reset for those who were further, and goes on from there', async () => {
  store.frames = range(1, 9)
  const console = await open('7')
  store.frames = range(1, 4)
  await clock.pass(seconds(2))
  expect(console.text).toMatch(/id: 4\nevent: reset\n[^\n]*\n\n(: alive\n\n)*$/)
  store.frames = range(1, 5)
  hub.announce(EAST, () => [frame(5)])
  expect(console.ids).toEqual([8, 9, 5])
})

test('a head that was read before the newest frames were told is no restore', async () => {
  const console = await open()
  const { promise: asked, resolve: answer } = Promise.withResolvers<Map<CentreId, number>>()
  store.heads = () => asked
  await clock.pass(seconds(2))
  store.frames = range(1, 3)
  hub.announce(EAST, () => range(1, 3))
  answer(new Map([[EAST, 0]]))
  await settle()
  expect(console.text).not.toContain('reset')
  expect(console.ids).toEqual([1, 2, 3])
})

test('a queue is looked at while somebody does who may take an alarm; who only looks on is nobody to wait for', async () => {
  let began = 0
  hub.onFirst(() => void began++)
  await open(undefined, authorised, allowed, false)
  expect([hub.watching, began]).toEqual([[], 0])
  // Two pages of one session are one console; another session is another one, of which nobody knows yet.
  await open()
  await open()
  expect([hub.watching, began]).toEqual([[{ centre: EAST, person: 'li', session: 'seat-1' }], 1])
  await open(undefined, authorised, allowed, true, 'seat-2')
  expect([hub.watching.map(({ session }) => session), began]).toEqual([['seat-1', 'seat-2'], 2])
})
