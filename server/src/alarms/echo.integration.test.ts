import type { HomeId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE } from '../../../tests/harness/alarms.ts'
import { createEscalations } from '../escalation/runs.ts'
import type { EventIntake, HeardEvent } from '../ports.ts'
import { createIntake } from './intake.ts'

let centre: AlarmCentre
let intakes: readonly EventIntake[]
beforeAll(async () => {
  centre = await anAlarmCentre()
  const { database, liveLog } = centre
  // Two servers, each of which remembers alarms for itself; every gateway here is in the first home.
  intakes = [1, 2].map(() =>
    createIntake({
      database,
      live: liveLog,
      escalations: createEscalations(() => undefined),
      directory: { homeOf: () => ({ home: 'home-1' as HomeId, centre: CENTRE }) },
      downlink: { send: () => undefined },
      clock: systemClock,
      random: systemRandom,
    }),
  )
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.store.sql('truncate alarm, event, timeline, live_block cascade')
})

const by = (home: number, given: Parameters<AlarmCentre['press']>[0] = {}): HeardEvent =>
  centre.press({ home, ...given })
const alarms = () =>
  centre.store.sql(
    `select occurrences, (select count(*)::integer from event where alarm = alarm.id) as events,
       (select count(*)::integer from timeline where alarm = alarm.id and kind = 're-alerted') as realerted
     from alarm order by received_at`,
  )
const outcomes = async (intake: number, ...batch: HeardEvent[]) =>
  (await intakes[intake]?.commit(batch))?.map(({ outcome }) => outcome)

test.for([
  { what: 'in one batch', second: async (first: HeardEvent, echo: HeardEvent) => outcomes(0, first, echo) },
  {
    what: 'one after the other',
    second: async (first: HeardEvent, echo: HeardEvent) => [
      ...((await outcomes(0, first)) ?? []),
      ...((await outcomes(0, echo)) ?? []),
    ],
  },
  {
    what: 'by two servers at once',
    second: async (first: HeardEvent, echo: HeardEvent) =>
      (await Promise.all([outcomes(0, first), outcomes(1, echo)])).flat(),
  },
])(
  'two gateways hear one button, told $what: one occurrence, no second alert, both events and both receipts',
  async ({ second }) => {
    expect(await second(by(1), by(2))).toEqual(['committed', 'committed'])
    expect(await alarms()).toEqual([{ occurrences: 1, events: 2, realerted: 0 }])
  },
)

test('the next press is another occurrence, however many gateways hear it, and re-alerts once', async () => {
  for (const gateways of [
    [1, 2],
    [2, 1],
    [1, 2, 3],
  ])
    for (const home of gateways) expect(await outcomes(home % 2, by(home))).toEqual(['committed'])
  // The second press was heard by gateway 2 right after it had told of the first one: that is a press of its own.
  expect(await alarms()).toEqual([{ occurrences: 3, events: 7, realerted: 1 }])
})

test('six seconds later it is another press; a gateway that was cut off and tells of the first one later is not', async () => {
  await outcomes(0, by(1))
  await centre.store.passes(6_000)
  await outcomes(0, by(2))
  expect(await alarms()).toEqual([{ occurrences: 2, events: 2, realerted: 1 }])
  await centre.store.passes(3_600_000)
  await outcomes(0, by(3, { elapsedMs: 3_600_000 }))
  expect(await alarms()).toEqual([{ occurrences: 2, events: 3, realerted: 1 }])
})

test('the consoles hear of it once', async () => {
  centre.frames.length = 0
  await outcomes(0, by(1))
  await outcomes(0, by(2))
  const [row] = await centre.store.sql<{ n: number }>('select count(*)::integer as n from live_block')
  expect(row?.n).toBe(1)
})

const smoke = (boot: number, seq: number, phase: 'raised' | 'returned', at: number): HeardEvent => {
  const { gateway, message } = by(4, {
    type: 'smoke',
    class: 'hazard',
    placement: 'kitchen',
    phase,
    heardAt: new Date(at).toISOString(),
  })
  return { gateway, message: { ...message, data: { ...message.data, boot, seq } } }
}

test('a press under a clock in 1970, a day ahead or a day behind is an alarm at once, and in its gateway’s own order', async () => {
  const day = 86_400_000
  const now = Date.now()
  const clocks = [12_000, now + day, now - day]
  for (const [index, clock] of clocks.entries())
    expect(
      await outcomes(0, by(index + 1, { placement: `place-${index}`, heardAt: new Date(clock).toISOString() })),
    ).toEqual(['committed'])
  const rows = await centre.store.sql<{ handling: string; late: boolean }>(
    'select handling, late_by_ms > 60000 as late from alarm',
  )
  expect(rows).toEqual(clocks.map(() => ({ handling: 'new', late: false })))

  // Raised at boot 7 before the clock was set (it said 2026), returned at boot 8, whose clock began in 1970: the return is later.
  await outcomes(0, smoke(8, 1, 'returned', 60_000), smoke(7, 9, 'raised', now))
  expect(await centre.store.sql(`select condition from alarm where type = 'smoke'`)).toEqual([
    { condition: 'returned' },
  ])
})
