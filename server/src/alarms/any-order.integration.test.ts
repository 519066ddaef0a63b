import { type GatewayId, type HomeId, hours, minutes, seconds } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE } from '../../../tests/harness/alarms.ts'
import { createEscalations } from '../escalation/runs.ts'
import type { EventIntake, HeardEvent } from '../ports.ts'
import { createIntake } from './intake.ts'

/** What a day of one home is made of. A press only happens; the others begin and end. */
const THINGS = [
  { type: 'sos-pressed', class: 'life', ends: false },
  { type: 'fall-detected', class: 'life', ends: true },
  { type: 'smoke', class: 'hazard', ends: true },
  { type: 'battery-low', class: 'technical', ends: true },
  { type: 'tamper', class: 'technical', ends: true },
] as const
type Thing = (typeof THINGS)[number]

interface Moment {
  readonly thing: Thing
  /** Of what ends: whether it does now. */
  readonly over: boolean
  /** The gateway has restarted since. */
  readonly restart: boolean
  readonly pauseS: number
  /** How long each copy of the message was on its way. */
  readonly delaysS: readonly number[]
}
const moment: fc.Arbitrary<Moment> = fc.record({
  thing: fc.constantFrom(...THINGS),
  over: fc.boolean(),
  restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  pauseS: fc.integer({ min: 1, max: 900 }),
  delaysS: fc.array(fc.integer({ min: 0, max: minutes(10) / seconds(1) }), { minLength: 1, maxLength: 2 }),
})
const day = fc.array(moment, { minLength: 2, maxLength: 40 })
/** Where the batches are cut, and which server takes each; those with the same turn are taken in at once. */
const cuts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 7 }), server: fc.nat(2), alone: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
})

let centre: AlarmCentre
let servers: readonly EventIntake[]
let homes = 0
beforeAll(async () => {
  centre = await anAlarmCentre()
  servers = [aServer(), aServer(), aServer()]
})
afterAll(() => centre.close())

const homeOf = (gateway: GatewayId) => `of-${gateway}` as HomeId
/** Each remembers alarms for itself. */
const aServer = (): EventIntake =>
  createIntake({
    database: centre.database,
    live: centre.liveLog,
    escalations: createEscalations(() => undefined),
    directory: { homeOf: (gateway) => ({ home: homeOf(gateway), centre: CENTRE }) },
    downlink: { send: () => undefined },
    clock: systemClock,
    random: systemRandom,
  })

async function aHome(): Promise<GatewayId> {
  const gateway = `gw-${++homes}` as GatewayId
  await centre.store.sql(`insert into home (id, centre, name, address) values ($1, 'east', $1, '')`, [homeOf(gateway)])
  return gateway
}

/** What the gateway says, in its order, and when each copy arrives. */
function heardOf(moments: readonly Moment[], gateway: GatewayId): { event: HeardEvent; arrivals: number[] }[] {
  let [boot, seq, at] = [1, 0, Date.now() - hours(20)]
  return moments.map(({ thing, over, restart, pauseS, delaysS }) => {
    at += seconds(pauseS)
    if (restart) [boot, seq] = [boot + 1, 0]
    const phase = thing.ends && over ? 'returned' : 'raised'
    const heardAt = new Date(at).toISOString()
    const pressed = centre.press({ type: thing.type, class: thing.class, phase, heardAt })
    const data = { ...pressed.message.data, boot, seq: ++seq }
    const source = `/gateways/${gateway}`
    return {
      event: { gateway, message: { ...pressed.message, source, data } },
      arrivals: delaysS.map((delayS) => at + seconds(delayS)),
    }
  })
}

async function inOrder(events: readonly HeardEvent[]): Promise<void> {
  for (const event of events) await servers[0]?.commit([event])
}

async function shaken(
  heard: readonly { event: HeardEvent; arrivals: number[] }[],
  plan: readonly { size: number; server: number; alone: boolean }[],
): Promise<void> {
  const arriving = heard
    .flatMap(({ event, arrivals }) => arrivals.map((at) => ({ event, at })))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event)
  const atOnce: Promise<unknown>[] = []
  for (let turn = 0; arriving.length > 0; turn++) {
    const { size = 1, server = 0, alone = true } = plan[turn % plan.length] ?? {}
    atOnce.push(servers[server]?.commit(arriving.splice(0, size)) ?? Promise.resolve())
    if (alone) await Promise.all(atOnce.splice(0))
  }
  await Promise.all(atOnce)
}

/**
 * What came of it. Life and hazard: the very alarms. A technical alarm closes itself when its end comes in, so a late end may find
 * two of its beginnings in one alarm: every beginning is counted once all the same, and what is still so is what is open.
 */
async function became(gateway: GatewayId) {
  const home = homeOf(gateway)
  const [graver, technical, events] = await Promise.all([
    centre.store.sql(
      `select type, class, condition, handling, occurrences from alarm where home = $1 and class <> 'technical' order by type`,
      [home],
    ),
    centre.store.sql(
      `select type, sum(occurrences)::integer as occurrences, count(*) filter (where handling <> 'closed')::integer as open,
         bool_and(condition = case handling when 'closed' then 'returned' else 'active' end) as sound
       from alarm where home = $1 and class = 'technical' group by type order by type`,
      [home],
    ),
    centre.store.sql(
      `select count(*)::integer as stored, count(*) filter (where phase = 'raised' and alarm is null)::integer as lost
       from event where home = $1`,
      [home],
    ),
  ])
  return { graver, technical, events }
}

test('a day of one home ends the same, however its messages are doubled, delayed, turned round and shared among servers', async () => {
  await fc.assert(
    fc.asyncProperty(day, cuts, async (moments, plan) => {
      const [clean, other] = [await aHome(), await aHome()]
      await inOrder(heardOf(moments, clean).map(({ event }) => event))
      await shaken(heardOf(moments, other), plan)
      expect(await became(other)).toEqual(await became(clean))
    }),
    { numRuns: 60 },
  )
})

test('a beginning that comes after its end does not light a fire again, in line or not', async () => {
  const gateway = await aHome()
  const [first, again, end] = (['raised', 'raised', 'returned'] as const).map((phase): HeardEvent => {
    const { message } = centre.press({ type: 'smoke', class: 'hazard', phase })
    return { gateway, message: { ...message, source: `/gateways/${gateway}` } }
  })
  // A server that has met no repetition lately: it would write in line what it believes to be one more occurrence.
  const server = aServer()
  for (const event of [first, end, again]) await server.commit(event ? [event] : [])
  expect((await became(gateway)).graver).toMatchObject([{ type: 'smoke', condition: 'returned', occurrences: 2 }])
})
