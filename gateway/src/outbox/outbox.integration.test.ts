import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DeviceId,
  instant,
  type Measurement,
  minutes,
  type PlacementId,
  type PointId,
  reading,
  seconds,
  seededRandom,
} from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventDraft, TelemetryEntry } from '../ports.ts'
import { silentLog } from '../silent-log.ts'
import { Outbox, type OutboxOptions } from './outbox.ts'
import { markDamaged } from './store-file.ts'

let dir: string
let opened: Outbox[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anju-outbox-'))
})
afterEach(() => {
  for (const outbox of opened) closeQuietly(outbox)
  opened = []
  rmSync(dir, { recursive: true, force: true })
})

const clock = new VirtualClock(instant(Date.parse('2026-03-01T08:00:00Z')))
function open(more: Partial<OutboxOptions> = {}): Outbox {
  const outbox = new Outbox({ dir, clock, random: seededRandom(1), log: silentLog, ...more })
  opened.push(outbox)
  return outbox
}
function closeQuietly(outbox: Outbox): void {
  try {
    outbox.close()
  } catch {
    // closed by the test already
  }
}
function reopen(outbox: Outbox, more: Partial<OutboxOptions> = {}): Outbox {
  outbox.close()
  return open(more)
}

const press = (n = 0): EventDraft => ({
  type: 'sos-pressed',
  class: 'life',
  phase: 'raised',
  placement: 'bathroom-sos' as PlacementId,
  device: 'sos-1' as DeviceId,
  heard: { at: clock.now(), mono: clock.monotonic() },
  snapshot: { battery: n },
})
const volts = (value: number): Measurement => ({
  placement: 'meter' as PlacementId,
  point: 'voltage' as PointId,
  quantity: 'electric-potential',
  at: clock.now(),
  reading: reading(value),
})

test('sequence numbers are dense per boot and lane, and the boot grows at each start', async () => {
  const first = open()
  await Promise.all([first.append({ events: [press(1)] }), first.append({ events: [press(2)] })])
  await first.append({ events: [press(3)] })
  expect(first.head('life', 9).map(({ boot, seq }) => [boot, seq])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
  ])
  const second = reopen(first)
  await second.append({ events: [press(4)] })
  expect(second.boot).toBe(2)
  expect(second.head('life', 9).map(({ boot, seq }) => [boot, seq])).toEqual([
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
  ])
  expect(second.depths()).toEqual({ life: 4, technical: 0, telemetry: 0 })
})

test('a settled event leaves its lane, moves pendingFrom, and comes back whole for a refill', async () => {
  const outbox = open()
  await outbox.append({ events: [press(1), press(2)] })
  const [one] = outbox.head('life', 1)
  await outbox.settle('life', [{ boot: 1, seq: 1 }])
  expect(outbox.pendingFrom('life', 1)).toBe(2)
  expect(outbox.depths().life).toBe(1)
  expect(await outbox.refill('life', 1, 1, 2)).toBe(1)
  expect(outbox.head('life', 1)).toEqual([one])
  expect(outbox.pendingFrom('life', 1)).toBe(1)
  await outbox.settle('life', [
    { boot: 1, seq: 1 },
    { boot: 1, seq: 2 },
    { boot: 1, seq: 99 },
  ])
  expect(outbox.depths().life).toBe(0)
  expect(outbox.pendingFrom('life', 1)).toBe(3)
})

test('settled events are kept seven days and no longer', async () => {
  const outbox = open()
  await outbox.append({ events: [press()] })
  await outbox.settle('life', [{ boot: 1, seq: 1 }])
  await clock.pass(minutes(7 * 24 * 60 - 1))
  await outbox.tidy()
  expect(outbox.recentLife(5)).toHaveLength(1)
  await clock.pass(minutes(2))
  await outbox.tidy()
  expect(outbox.recentLife(5)).toHaveLength(0)
  expect(await outbox.refill('life', 1, 1, 1)).toBe(0)
})

test('ten samples are sealed at once, fewer after the flush time, and a restart forgets none', async () => {
  const outbox = open()
  await outbox.append({ samples: Array.from({ length: 10 }, (_, i) => volts(220 + i)) })
  expect(outbox.depths().telemetry).toBe(1)
  await outbox.append({ samples: [volts(231), volts(232)] })
  expect(outbox.depths().telemetry).toBe(1)
  const second = reopen(outbox)
  expect(second.depths().telemetry).toBe(1)
  await clock.pass(seconds(5))
  await second.append({})
  const sealed = second.head('telemetry', 9) as TelemetryEntry[]
  expect(sealed.map(({ boot, seq }) => [boot, seq])).toEqual([
    [1, 1],
    [2, 1],
  ])
  expect(JSON.parse(sealed[1]?.series ?? '')).toMatchObject([{ p: 'meter/voltage', u: 'V', v: [231, 232] }])
})

test('what shares a turn shares one group; one that cannot be stored does not take the others with it', async () => {
  const outbox = open()
  const bad = { ...press(), heard: { at: 'never' as never, mono: clock.monotonic() } }
  Object.assign(bad, {
    snapshot: {
      toJSON: () => {
        throw new Error('cannot be written')
      },
    },
  })
  const outcomes = await Promise.allSettled([
    outbox.append({ events: [press(1)] }),
    outbox.append({ events: [bad] }),
    outbox.append({ events: [press(2)] }),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(outbox.head('life', 9).map(({ seq }) => seq)).toEqual([1, 2])
})

test('state is stored together with the event it caused', async () => {
  const outbox = open()
  await outbox.append({ events: [press()], states: { 'level:radar-1': '{"fall":1}' } })
  expect(reopen(outbox).state('level:radar-1')).toBe('{"fall":1}')
})

test('a refused event is among the dead letters, and its report is in the technical lane', async () => {
  const outbox = open()
  await outbox.append({ events: [press()] })
  const report: EventDraft = { ...press(), type: 'event-refused', class: 'technical' }
  await outbox.reduce('life', { boot: 1, seq: 1 }, 'message-malformed', report)
  expect(outbox.head('life', 1)).toMatchObject([{ seq: 1, minimal: true }])
  await outbox.bury('life', { boot: 1, seq: 1 }, 'message-malformed', report)
  expect(outbox.depths()).toEqual({ life: 0, technical: 2, telemetry: 0 })
  expect(outbox.notebook.deadLetters().map(({ code }) => code)).toEqual(['message-malformed', 'message-malformed'])
})

test('when the store is full the oldest telemetry goes, recorded as a gap, and a press is still stored', async () => {
  const outbox = open({ limits: { bytesMax: 1_000_000, lifeReserveBytes: 300_000 } })
  for (let round = 0; round < 240; round++)
    await outbox.append({ samples: Array.from({ length: 250 }, (_, i) => volts(200 + i / 7 + round)) })
  expect(outbox.full).toBe(true)
  const [gap] = outbox.notebook.gaps()
  const [oldest] = outbox.head('telemetry', 1)
  expect(gap).toMatchObject({ lane: 'telemetry', boot: 1, from: 1, why: 'store-limit' })
  expect(oldest?.seq).toBe((gap?.to ?? 0) + 1)
  expect(outbox.pendingFrom('telemetry', 1)).toBe(oldest?.seq)
  for (let n = 0; n < 50; n++) await outbox.append({ events: [press(n)] })
  expect(outbox.depths().life).toBe(50)
  const rows = outbox.head('telemetry', 1_000).length
  expect(outbox.depths().telemetry).toBe(rows)
})

test('a store full of what is settled and of technical events still takes a press; what gave way is a gap', async () => {
  const outbox = open({ limits: { bytesMax: 1_000_000, lifeReserveBytes: 250_000 } })
  const fault: EventDraft = { ...press(), type: 'device-fault', class: 'technical' }
  for (let n = 1; n <= 300; n++) {
    await outbox.append({ events: [{ ...press(n), snapshot: { note: 'x'.repeat(1_000) } }] })
    await outbox.settle('life', [{ boot: 1, seq: n }])
  }
  for (let n = 0; n < 2_000; n++) await outbox.append({ events: [{ ...fault, snapshot: { note: 'x'.repeat(1_000) } }] })
  expect(await outbox.refill('life', 1, 1, 300)).toBe(0)
  for (let n = 0; n < 100; n++)
    await outbox.append({ events: [{ ...press(n), snapshot: { note: 'x'.repeat(1_000) } }] })
  expect(outbox.depths().life).toBe(100)
  const [oldest] = outbox.head('technical', 1)
  expect(outbox.depths().technical).toBe(outbox.head('technical', 9_999).length)
  expect(outbox.notebook.gaps().at(-1)).toMatchObject({ lane: 'technical', from: 1, to: (oldest?.seq ?? 0) - 1 })
})

test('a full file that only holds events refuses the next one aloud and keeps what it has', async () => {
  const outbox = open({ limits: { bytesMax: 300_000, lifeReserveBytes: 100_000 } })
  const large = { ...press(), snapshot: { note: 'x'.repeat(20_000) } }
  const outcomes: PromiseSettledResult<unknown>[] = []
  for (let n = 0; n < 30; n++) outcomes.push(...(await Promise.allSettled([outbox.append({ events: [large] })])))
  const stored = outcomes.filter(({ status }) => status === 'fulfilled').length
  expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } })
  expect(outbox.head('life', 200)).toHaveLength(stored)
  expect(outbox.depths().life).toBe(stored)
})

test('a damaged file is moved aside, what can be read is carried over, and no boot number comes back', async () => {
  const first = open()
  for (let n = 0; n < 400; n++) await first.append({ events: [{ ...press(n), snapshot: { note: 'x'.repeat(400) } }] })
  first.close()
  const file = join(dir, 'gateway.db')
  const handle = openSync(file, 'r+')
  // The root page of some table in the middle of the file, and everything around it.
  writeSync(handle, Buffer.alloc(8_192, 0xa5), 0, 8_192, Math.floor(readFileSync(file).byteLength / 2 / 4_096) * 4_096)
  const second = open()
  expect(second.boot).toBe(2)
  expect(second.salvage?.rows).toBeGreaterThan(100)
  expect(second.depths().life).toBeGreaterThan(100)
  expect(readdirSync(dir).some((name) => name.startsWith('gateway.db.corrupt-'))).toBe(true)
  await second.append({ events: [press()] })
  expect(second.head('life', 500).at(-1)).toMatchObject({ boot: 2, seq: 1 })
})

test('a file that was found damaged under way is not trusted by the next start, which carries everything over', async () => {
  const first = open()
  for (let n = 0; n < 20; n++) await first.append({ events: [press(n)] })
  markDamaged(dir, 'database disk image is malformed')
  const second = reopen(first)
  expect(second.salvage?.rows).toBeGreaterThanOrEqual(20)
  expect([second.boot, second.depths().life]).toEqual([2, 20])
  expect(reopen(second).salvage).toBeUndefined()
})

test('a file that is no database at all does not keep the gateway from starting', async () => {
  const handle = openSync(join(dir, 'gateway.db'), 'w')
  writeSync(handle, Buffer.alloc(10_000, 0x5a))
  const outbox = open()
  expect(outbox.salvage?.rows).toBe(0)
  // Both copies of the boot number are gone: the new one is beyond any count of starts.
  expect(outbox.boot).toBeGreaterThan(1_000_000)
  await outbox.append({ events: [press()] })
  expect(outbox.depths().life).toBe(1)
})

test('a second gateway on the same folder is refused by name', () => {
  open()
  expect(() => open()).toThrow(/held by another gateway/)
})

test('kill -9 in the middle of inserts: every one that was acknowledged is on the disk, once', async () => {
  for (let round = 0; round < 5; round++) {
    const child = fork(join(import.meta.dirname, '..', '..', 'src/testing/storing-child.ts'), [dir], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const acknowledged = new Set<string>()
    await new Promise<void>((resolve) => {
      child.on('message', (id: string) => {
        acknowledged.add(id)
        if (acknowledged.size === 300 + round * 77) {
          child.kill('SIGKILL')
          resolve()
        }
      })
    })
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const outbox = open({ clock: systemClock })
    const stored: string[] = outbox.head('life', 100_000).map((entry) => entry.id)
    expect(new Set(stored).size).toBe(stored.length)
    expect([...acknowledged].filter((id) => !stored.includes(id))).toEqual([])
    expect(acknowledged.size).toBeGreaterThan(299)
    outbox.close()
  }
})
