import { instant, millis, seconds, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import type { LinkState } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import { Line } from './line.ts'
import type { TransportEvents } from './transport.ts'

/** A line whose plug the test holds. */
function aLine(quietMax = seconds(60)) {
  const clock = new VirtualClock(instant(0))
  const plug = {
    in: true,
    opens: [] as number[],
    closes: 0,
    /** When a port that is told to close has done so. */
    closed: Promise.resolve(),
    present: true,
    events: undefined as TransportEvents | undefined,
    written: [] as string[],
  }
  const line = new Line({
    id: 'rs485-1',
    url: { kind: 'tcp', host: 'x', port: 1 },
    clock,
    random: seededRandom(1),
    log: silentLog,
    quietMax,
    open(_url, events) {
      plug.opens.push(clock.monotonic())
      if (!plug.in) return Promise.reject(new Error('no such device'))
      plug.events = events
      return Promise.resolve({
        write: (bytes) => {
          plug.written.push(Buffer.from(bytes).toString('hex'))
          return Promise.resolve()
        },
        close: () => {
          plug.closes++
          return plug.closed
        },
        present: () => Promise.resolve(plug.present),
      })
    },
  })
  const states: LinkState[] = []
  line.onState((state) => states.push(state))
  return { clock, plug, line, states }
}

test('a line that is pulled is down with the reason, is tried again within five seconds for ever, and is up when it returns', async () => {
  const { clock, plug, line, states } = aLine()
  await line.start()
  expect(line.state).toEqual({ id: 'rs485-1', state: 'up' })
  plug.in = false
  plug.events?.onClosed('unplugged')
  expect(line.state).toEqual({ id: 'rs485-1', state: 'down', why: 'unplugged' })
  await expect(line.write(new Uint8Array([1]))).rejects.toMatchObject({ code: 'port-unavailable' })
  await clock.pass(seconds(600))
  const waits = plug.opens.slice(1).map((at, i) => at - (plug.opens[i] ?? 0))
  expect(waits.length).toBeGreaterThan(120)
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_000)
  plug.in = true
  await clock.pass(seconds(8))
  expect(states.at(-1)).toEqual({ id: 'rs485-1', state: 'up' })
})

test('a converter that lets us in and throws us out is down all the while, and up with its first byte', async () => {
  const { clock, plug, line, states } = aLine()
  await line.start()
  const before = states.length
  for (let s = 0; s < 60; s++) {
    plug.events?.onClosed('thrown out')
    await clock.pass(seconds(1))
  }
  expect(new Set(states.slice(before).map(({ state }) => state))).toEqual(new Set(['down']))
  await clock.pass(seconds(2))
  plug.events?.onBytes(new Uint8Array([1]))
  expect(line.state.state).toBe('up')
})

test('a line that is open and mute is opened again, is degraded, and is up with the first frame', async () => {
  const { clock, plug, line, states } = aLine(seconds(60))
  await line.start()
  await clock.pass(seconds(59))
  expect(plug.closes).toBe(0)
  await clock.pass(seconds(10))
  expect(plug.closes).toBe(1)
  expect(plug.opens).toHaveLength(2)
  expect(line.state).toMatchObject({ state: 'degraded' })
  expect(states.some(({ state }) => state === 'down')).toBe(false)
  line.understood()
  expect(line.state.state).toBe('up')
})

test('a line on which bytes come that nobody understands says so, and bytes alone do not mend it', async () => {
  const { clock, plug, line } = aLine(seconds(60))
  await line.start()
  for (let s = 0; s < 70; s++) {
    plug.events?.onBytes(new Uint8Array([0xff]))
    await clock.pass(seconds(1))
  }
  expect(plug.opens).toHaveLength(2)
  expect(line.state).toMatchObject({ state: 'degraded', why: expect.stringContaining('check speed, parity') as string })
  line.understood()
  expect(line.state.state).toBe('up')
})

test('speakers take turns; one that fails does not keep the line', async () => {
  const { line, plug } = aLine()
  await line.start()
  const order: string[] = []
  const conversation = (name: string) =>
    line.takeTurn(async () => {
      order.push(`${name} begins`)
      await line.write(Buffer.from(name))
      order.push(`${name} ends`)
      if (name === 'b') throw new Error('gave up')
    })
  const outcomes = await Promise.allSettled([conversation('a'), conversation('b'), conversation('c')])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  expect(plug.written).toEqual(['61', '62', '63'])
})

test('no more than a bounded number may wait for a turn', async () => {
  const { line } = aLine()
  await line.start()
  const { promise, resolve: release } = Promise.withResolvers<void>()
  const held = line.takeTurn(() => promise)
  const waiting = Array.from({ length: 63 }, () => line.takeTurn(() => Promise.resolve()))
  await expect(line.takeTurn(() => Promise.resolve())).rejects.toMatchObject({ code: 'overloaded' })
  release()
  await Promise.all([held, ...waiting])
  await expect(line.takeTurn(() => Promise.resolve('spoken'))).resolves.toBe('spoken')
})

test('a stopped line stays closed', async () => {
  const { clock, plug, line } = aLine()
  await line.start()
  await line.stop()
  await clock.pass(millis(120_000))
  expect(plug.opens).toHaveLength(1)
  expect(plug.closes).toBe(1)
})

test('a port that is slow to close is not opened again before it is closed: a line has one owner', async () => {
  const { clock, plug, line } = aLine()
  await line.start()
  const { promise, resolve } = Promise.withResolvers<void>()
  plug.closed = promise
  plug.present = false
  await clock.pass(seconds(4))
  expect([plug.closes, plug.opens.length, line.state.state]).toEqual([1, 1, 'down'])
  plug.present = true
  resolve()
  await clock.pass(seconds(4))
  expect([plug.opens.length, line.state.state]).toEqual([2, 'up'])
  await line.stop()
})

test('a port that never says that it is closed is given up, and the line goes on', async () => {
  const { clock, plug, line } = aLine(seconds(60))
  await line.start()
  plug.closed = new Promise(() => undefined)
  await clock.pass(seconds(90))
  expect([plug.closes, plug.opens.length]).toEqual([1, 2])
})
