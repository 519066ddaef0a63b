import type { CentreId, PersonId, SessionId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE } from '../../../tests/harness/alarms.ts'
import { pause } from '../../../tests/harness/wait.ts'
import type { Actor } from '../ports.ts'
import { LiveHub } from './hub.ts'
import { startListener } from './listener.ts'
import { createLiveLog } from './log.ts'
import { StatusBoard } from './status.ts'

const PART: Actor = { kind: 'system', part: 'test' }
let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

/** Two server processes on one database: each its own hub and listener, told of its own commits directly. */
function aProcess(name: string) {
  const hub = new LiveHub({ store: centre.liveStore, status: new StatusBoard(systemClock), clock: systemClock })
  const listener = startListener(centre.store.url, systemClock, name, (id) => hub.grew(id))
  const log = createLiveLog((id, frames) => {
    hub.announce(id, frames)
    listener.announce(id)
  })
  const append = (items: number) =>
    centre.database.transaction(PART, async (tx) => {
      // Something that takes its time before the head is locked: the order of beginning is not the order of committing.
      await tx.query('select pg_sleep($1)', [Math.random() * 0.01])
      log.append(
        tx,
        CENTRE,
        Array.from({ length: items }, (_, n) => ({
          event: 'home' as const,
          home: null,
          data: { homeId: `${name}-${n}`, mode: 'home' },
        })),
      )
    })
  return {
    append,
    /** `heardAt` notes when each came. */
    open(heardAt = new Map<number, number>()) {
      const got: { id: number; prev: number | null }[] = []
      const write = (bytes: Buffer) => {
        for (const [, id, prev] of bytes
          .toString()
          .matchAll(/^id: (\d+)\nevent: home\ndata: \{"prev":(?:"(\d+)"|null)/gm))
          heardAt.set(got.push({ id: Number(id), prev: prev === undefined ? null : Number(prev) }), performance.now())
        return true
      }
      hub.open(CENTRE, { write, end: () => undefined }, '0', {
        authorise: () => Promise.resolve(),
        stillAllowed: () => Promise.resolve(true),
        takesAlarms: true,
        person: 'li' as PersonId,
        session: 'seat-1' as SessionId,
      })
      return got
    },
    async stop() {
      hub.stop()
      await listener.stop()
    },
  }
}

/** What is told of two centres in one transaction, before it has done its work. */
const tells = (centres: readonly CentreId[], work: () => Promise<unknown>) =>
  centre.database.transaction(PART, async (tx) => {
    for (const one of centres)
      centre.liveLog.append(tx, one, [{ event: 'home', home: null, data: { homeId: 'h', mode: 'home' } }])
    await tx.query('select 1')
    await work()
  })

test('whoever has told something and goes on working holds up nobody, in whatever order centres are told', async () => {
  await centre.store.sql(`insert into centre (id, name) values ('other', 'Other')`)
  const other = 'other' as CentreId
  let tries = 0
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  const running = [
    tells([CENTRE, other], () => (tries++, first.promise)),
    tells([other, CENTRE], () => (tries++, second.promise)),
  ]
  await vi.waitFor(() => expect(tries).toBe(2))
  await tells([CENTRE], () => Promise.resolve())
  second.resolve()
  first.resolve()
  await Promise.all(running)
  expect(tries).toBe(2)
})

test.for([1, 300])('%i items of one transaction are replayed to the byte as they were told', async (items) => {
  centre.frames.length = 0
  await centre.database.transaction(PART, async (tx) => {
    const data = { homeId: '浴室', mode: 'home' }
    const told = Array.from({ length: items }, () => ({ event: 'home' as const, home: null, data }))
    centre.liveLog.append(tx, CENTRE, told)
  })
  const before = (centre.frames[0]?.id ?? 0) - 1
  expect(centre.frames).toHaveLength(items)
  expect(await centre.liveStore.after(CENTRE, before)).toEqual(centre.frames)
  await centre.store.sql('delete from live_block')
  await centre.store.sql('update live_head set last = 0')
})

test('two processes commit at once: every console reads every item once, in order, each naming the one before', async () => {
  const [one, other] = [aProcess('one'), aProcess('other')]
  const consoles = [one.open(), one.open(), other.open()]
  let total = 0
  await Promise.all(
    Array.from({ length: 120 }, async (_, n) => {
      const items = 1 + (n % 4)
      await (n % 2 ? one : other).append(items)
      total += items
      if (n === 60) consoles.push(one.open(), other.open())
    }),
  )
  await vi.waitFor(() => expect(consoles.map((got) => got.length)).toEqual(consoles.map(() => total)), {
    timeout: 15_000,
  })
  const expected = Array.from({ length: total }, (_, n) => ({ id: n + 1, prev: n === 0 ? null : n }))
  for (const got of consoles) expect(got).toEqual(expected)
  await Promise.all([one.stop(), other.stop()])
})

test('notifications between processes are lost again and again: a console of the other process misses nothing and is two seconds behind at most', async () => {
  const [one, other] = [aProcess('one'), aProcess('other')]
  const heardAt = new Map<number, number>()
  const there = other.open(heardAt)
  const [head] = await centre.store.sql<{ last: string }>(`select last from live_head where centre = 'east'`)
  const before = Number(head?.last)
  await vi.waitFor(() => expect(there).toHaveLength(before), { timeout: 5_000 })
  const committedAt = new Map<number, number>()
  let kills = 0
  for (let n = 1; n <= 60; n++) {
    // A moment after each new beginning the listener of the other process is gone again.
    const gone = await centre.store.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'anju-live' and datname = current_database()`,
    )
    kills += gone.length
    await one.append(1)
    committedAt.set(before + n, performance.now())
    // Ten a second: so many must be told of while nobody listens.
    await pause(100)
  }
  await vi.waitFor(() => expect(there).toHaveLength(before + 60), { timeout: 10_000 })
  const behindMs = [...committedAt].map(([id, at]) => (heardAt.get(id) ?? Number.POSITIVE_INFINITY) - at)
  expect(there.map(({ id }) => id)).toEqual(Array.from({ length: before + 60 }, (_, n) => n + 1))
  expect(kills).toBeGreaterThan(10)
  // Two seconds, and what a busy machine takes to ask and to write.
  expect(Math.max(...behindMs)).toBeLessThan(2_500)
  // It was the asking that found them: most came long after a notification would have.
  expect(behindMs.filter((ms) => ms > 200).length).toBeGreaterThan(20)
  await Promise.all([one.stop(), other.stop()])
})
