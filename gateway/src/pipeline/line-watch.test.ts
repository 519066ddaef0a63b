import { DomainError, type EventId, instant, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import type { Outbox } from '../outbox/outbox.ts'
import type { LinkState, Work } from '../ports.ts'
import type { Line } from '../serial-line/line.ts'
import { silentLog } from '../silent-log.ts'
import { watchLine } from './line-watch.ts'
import { Pipeline } from './pipeline.ts'
import { Tally } from './tally.ts'

test('a loss that a full disk did not take is told at the next try to open the line, once, and returned', async () => {
  const clock = new VirtualClock(instant(0))
  const told: string[] = []
  let full = true
  const disk = {
    state: () => undefined,
    append({ events = [] }: Work): Promise<readonly EventId[]> {
      if (full && events.length > 0) return Promise.reject(new DomainError('store-unavailable', 'full'))
      told.push(...events.map(({ type, phase }) => `${type} ${phase}`))
      return Promise.resolve([])
    },
  }
  const outbox = disk as unknown as Outbox
  const pipeline = new Pipeline({ outbox, clock, log: silentLog, tally: new Tally(), devices: [] })
  const listeners: ((state: LinkState) => void)[] = []
  const line = { id: 'rs485-1', onState: listeners.push.bind(listeners) } as unknown as Line
  watchLine(line, [], { pipeline, outbox, clock, log: silentLog })
  const is = async (state: LinkState['state']) => {
    for (const say of listeners) say({ id: 'rs485-1', state })
    await clock.pass(seconds(1))
  }
  await is('down')
  full = false
  await is('down')
  await is('down')
  await is('up')
  expect(told).toEqual(['line-down raised', 'line-down returned'])
})

test('a line that is open and makes no sense is told once, and returned with its first frame', async () => {
  const clock = new VirtualClock(instant(0))
  const told: string[] = []
  const disk = {
    state: () => undefined,
    append: ({ events = [] }: Work) =>
      Promise.resolve(void told.push(...events.map(({ phase, snapshot }) => `${phase} ${String(snapshot?.why)}`))),
  }
  const outbox = disk as unknown as Outbox
  const pipeline = new Pipeline({ outbox, clock, log: silentLog, tally: new Tally(), devices: [] })
  const listeners: ((state: LinkState) => void)[] = []
  const line = { id: 'rs485-1', onState: listeners.push.bind(listeners) } as unknown as Line
  watchLine(line, [], { pipeline, outbox, clock, log: silentLog })
  for (const state of ['degraded', 'degraded', 'up'] as const) {
    for (const say of listeners) say({ id: 'rs485-1', state, why: 'check speed and parity' })
    await clock.pass(seconds(1))
  }
  expect(told).toEqual(['raised check speed and parity', 'returned undefined'])
})
