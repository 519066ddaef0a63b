import type { GatewayId, RefillCommand } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE, HOME } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import { IngestCounters } from './counters.ts'
import { Gaps } from './gaps.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
let centre: AlarmCentre
let asked: string[]
let servers: AServer[]
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.store.sql('truncate event, alarm, timeline, sequence_gap cascade')
  asked = []
  servers = []
  return async () => {
    await Promise.all(servers.map(({ gaps }) => gaps.close()))
  }
})

interface AServer {
  readonly gaps: Gaps
  /** Lets its half-minute strike. */
  readonly strike: () => void
  /** Its database is back. */
  readonly recovers: () => void
  readonly counters: IngestCounters
  /** Commits events of these numbers, as its ingest would. */
  takes(seqs: readonly number[], pendingFrom: number): Promise<void>
}

/** A server process that has just started: it remembers nothing of the lanes. */
function aServer(name: string): AServer {
  let strike: (() => void) | undefined
  let onHealth: ((healthy: boolean) => void) | undefined
  const counters = new IngestCounters()
  const gaps = new Gaps(
    {
      database: {
        ...centre.database,
        onHealth: (listener) => {
          onHealth = listener
        },
      },
      directory: { authenticate: async () => undefined, homeOf: () => ({ home: HOME, centre: CENTRE }) },
      downlink: {
        send(_gateway: GatewayId, _kind, message) {
          const { lane, from, to } = message as RefillCommand
          asked.push(`${name}: ${lane} ${from}-${to}`)
        },
      },
      clock: {
        ...systemClock,
        every(_period, task) {
          strike = task
          return { cancel: () => undefined }
        },
      },
      random: systemRandom,
      log: quiet,
    },
    counters,
  )
  const server: AServer = {
    gaps,
    strike: () => strike?.(),
    recovers: () => onHealth?.(true),
    counters,
    async takes(seqs, pendingFrom) {
      for (const seq of seqs) {
        const { gateway, message } = centre.press()
        const event = { gateway, message: { ...message, data: { ...message.data, seq, pendingFrom } } }
        await centre.intake.commit([event])
        gaps.see(event)
      }
    },
  }
  servers.push(server)
  return server
}
const rows = () =>
  centre.store.sql<{ run: string; state: string }>(
    `select from_seq || '-' || to_seq as run, state from sequence_gap order by from_seq`,
  )
/** What it has begun to look into is done when it closes; a closed one is gone, as after a crash. */
const ends = (server: AServer) => server.gaps.close()

test('after a restart only what is in no table is asked for', async () => {
  const before = aServer('a')
  await before.takes([1, 2, 3], 1)
  await ends(before)
  const after = aServer('b')
  await after.takes([7], 7)
  await ends(after)
  expect(asked).toEqual(['b: life 4-6'])
})

test('what was asked for before a restart, or by another server, is not asked for again before its time', async () => {
  const first = aServer('a')
  await first.takes([1, 5], 5)
  await ends(first)
  const second = aServer('b')
  const third = aServer('c')
  await second.takes([6], 6)
  await third.takes([7], 7)
  await Promise.all([ends(second), ends(third)])
  expect(asked).toEqual(['a: life 2-4'])
  expect(await rows()).toEqual([{ run: '2-4', state: 'asked' }])
})

test('two servers that notice it at the same moment ask once', async () => {
  const both = [aServer('a'), aServer('b')]
  await both[0]?.takes([1], 1)
  await Promise.all(both.map((server, n) => server.takes([9 + n], 9)))
  await Promise.all(both.map(ends))
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatch(/: life 2-8$/)
})

test('what nobody answered is asked for again by whichever server is there, and given up after the third time', async () => {
  const first = aServer('a')
  await first.takes([1, 4], 4)
  await ends(first)
  const others = [aServer('b'), aServer('c')]
  for (let time = 2; time <= 3; time++) {
    await centre.store.passes(601_000)
    for (const other of others) other.strike()
    await until('the next asking', () => asked.length === time, { withinMs: 5_000 })
  }
  await centre.store.passes(601_000)
  for (const other of others) other.strike()
  await until('the giving up', async () => (await rows())[0]?.state === 'unfillable', { withinMs: 5_000 })
  expect(asked.map((one) => one.slice(3))).toEqual(Array(3).fill('life 2-3'))
})

test('what is filled is noted as filled by a server that never asked', async () => {
  const first = aServer('a')
  await first.takes([1, 4], 4)
  await ends(first)
  const second = aServer('b')
  await second.takes([2, 3], 5)
  await centre.store.passes(601_000)
  second.strike()
  await until('the note', async () => (await rows())[0]?.state === 'filled', { withinMs: 5_000 })
  expect(asked).toHaveLength(1)
})

test('what cannot be looked into is seen anew with the next message, and counted', async () => {
  const server = aServer('a')
  await server.takes([1], 1)
  await centre.store.sql('alter table sequence_gap rename to sequence_gap_elsewhere')
  await server.takes([5], 5)
  await until('the failure', () => server.counters.gapsPutOff === 1, { withinMs: 5_000 })
  await centre.store.sql('alter table sequence_gap_elsewhere rename to sequence_gap')
  expect(asked).toEqual([])
  await server.takes([6], 6)
  await ends(server)
  expect(asked).toEqual(['a: life 2-4'])
})

test('more than can wait are put off, not forgotten', async () => {
  const server = aServer('a')
  const { gateway, message } = centre.press()
  const seen = (boot: number, seq: number) =>
    server.gaps.see({ gateway, message: { ...message, data: { ...message.data, boot, seq, pendingFrom: seq } } })
  // In one turn, before any of them can be looked into.
  for (let boot = 1; boot <= 1_001; boot++) seen(boot, 3)
  expect(server.counters.gapsPutOff).toBe(1)
  await until('the others', () => asked.length === 1_000, { withinMs: 30_000 })
  seen(1_001, 4)
  await ends(server)
  expect(asked).toHaveLength(1_001)
})

test('a backup that came back lacks what this server saw arrive: it is looked up anew', async () => {
  const server = aServer('a')
  await server.takes([1, 2, 3, 4], 1)
  await centre.store.sql('delete from event where seq in (3, 4)')
  server.recovers()
  await server.takes([5], 5)
  await ends(server)
  expect(asked).toEqual(['a: life 3-4'])
})
