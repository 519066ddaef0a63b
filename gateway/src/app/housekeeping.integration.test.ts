import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DeviceId,
  gatewayId,
  instant,
  type Measurement,
  minutes,
  type PlacementId,
  type PointId,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Outbox } from '../outbox/outbox.ts'
import type { EventEntry } from '../ports.ts'
import { RestoredClock } from '../restored-clock.ts'
import { silentLog } from '../silent-log.ts'
import { keepHouse, LAST_KNOWN_TIME, lastKnownTime } from './housekeeping.ts'

let dir: string
const closers: (() => void)[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anju-house-'))
})
afterEach(() => {
  for (const close of closers.splice(0)) close()
  rmSync(dir, { recursive: true, force: true })
})
const today = instant(Date.parse('2026-03-01T08:00:00Z'))

function aHouse(machine: VirtualClock) {
  const clock = new RestoredClock(machine)
  const limits = { bytesMax: 700_000, lifeReserveBytes: 200_000 }
  const outbox = new Outbox({ dir, clock, random: seededRandom(1), log: silentLog, limits })
  const known = lastKnownTime(outbox)
  if (known !== undefined) clock.restore(known)
  const house = keepHouse(outbox, clock, gatewayId('gw-1'), silentLog)
  const events = async () => {
    await outbox.append({})
    return (outbox.head('technical', 99) as EventEntry[]).map(({ body }) => `${body.type} ${body.phase}`)
  }
  let open = true
  const close = () => {
    if (open) outbox.close()
    open = false
  }
  closers.push(close)
  return { clock, outbox, house, events, close }
}

async function press({ clock, outbox }: ReturnType<typeof aHouse>): Promise<void> {
  const heard = { at: clock.now(), mono: clock.monotonic() }
  const [placement, device] = ['bathroom-sos' as PlacementId, 'sos-1' as DeviceId]
  await outbox.append({ events: [{ type: 'sos-pressed', class: 'life', phase: 'raised', placement, device, heard }] })
}

test('the last known time survives a restart into 1970; the centre is told once, and again when the clock is right', async () => {
  const before = aHouse(new VirtualClock(today))
  expect(await before.events()).toEqual([])
  await before.house.stop()
  before.close()

  const machine = new VirtualClock(instant(0))
  const after = aHouse(machine)
  expect(after.clock.now()).toBe(today)
  expect(await after.events()).toEqual(['clock-unsynced raised'])
  await machine.pass(minutes(5))
  expect(await after.events()).toEqual(['clock-unsynced raised'])
  await after.house.stop()
  after.close()

  const set = new VirtualClock(instant(today + minutes(10)))
  const right = aHouse(set)
  expect(await right.events()).toEqual(['clock-unsynced raised', 'clock-unsynced returned'])
})

test('a press made since the time was last written down is not in the future after a power cut', async () => {
  const machine = new VirtualClock(today)
  const before = aHouse(machine)
  await machine.pass(seconds(90))
  await press(before)
  before.close()
  expect(aHouse(new VirtualClock(instant(0))).clock.now()).toBe(today + seconds(90))
})

test('a press made while the clock was a day ahead does not hold the clock there once it was set right', async () => {
  const ahead = aHouse(new VirtualClock(instant(today + minutes(24 * 60))))
  await press(ahead)
  // Set right under way, and written down by the minute's chore.
  await ahead.outbox.append({ states: { [LAST_KNOWN_TIME]: String(today) } })
  ahead.close()
  const after = aHouse(new VirtualClock(instant(today + minutes(1))))
  expect(after.clock.now()).toBe(today + minutes(1))
  expect(after.clock.synced).toBe(true)
})

test('a store that fills up is told once, and once more when there is room again', async () => {
  const machine = new VirtualClock(today)
  const { outbox, events } = aHouse(machine)
  const volts = (value: number): Measurement => ({
    placement: 'meter' as PlacementId,
    point: 'voltage' as PointId,
    quantity: 'electric-potential',
    at: machine.now(),
    reading: reading(value),
  })
  while (!outbox.full) await outbox.append({ samples: Array.from({ length: 250 }, (_, i) => volts(i / 7)) })
  await machine.pass(seconds(10))
  expect(await events()).toEqual(['store-full raised'])
  await outbox.settle('telemetry', outbox.head('telemetry', 9_999))
  await machine.pass(minutes(60))
  await outbox.tidy()
  await machine.pass(seconds(10))
  expect(await events()).toEqual(['store-full raised', 'store-full returned'])
})

test('a store that was damaged is reported with what could be saved', async () => {
  writeFileSync(join(dir, 'gateway.db'), 'not a database at all, whatever its name says'.repeat(100))
  const { outbox, events } = aHouse(new VirtualClock(today))
  expect(await events()).toEqual(['device-fault raised'])
  expect((outbox.head('technical', 1) as EventEntry[])[0]?.body.snapshot).toMatchObject({ rows: 0 })
})
