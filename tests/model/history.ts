import * as fc from 'fast-check'
import { type Act, Model, type ModelAlarm, type Told, type Who } from './alarm.model.ts'
import { Machines, seenOfModel } from './machines.ts'

/** Two accounts, one of them at two seats. */
export const PEOPLE: readonly Who[] = [
  { person: 'li', session: 'seat-1' },
  { person: 'li', session: 'seat-2' },
  { person: 'chen', session: 'seat-3' },
]
export const ACTS: readonly Act[] = [
  { act: 'claim' },
  { act: 'renew' },
  { act: 'release' },
  { act: 'start' },
  { act: 'note' },
  { act: 'dispatch' },
  { act: 'undo-close' },
  { act: 'takeover' },
  { act: 'park', minutes: 1 },
  { act: 'park', minutes: 60 },
  { act: 'contact', reached: true },
  { act: 'contact', reached: false },
  { act: 'close', code: 'genuine' },
  { act: 'close', code: 'false-alarm' },
  { act: 'offer', to: 'li' },
  { act: 'offer', to: 'chen' },
  { act: 'withdraw-offer' },
  { act: 'decline-offer' },
]

export type Step =
  /** So many presses in one message, `everyMs` apart, the last of them `lateMs` ago. */
  | {
      readonly is: 'told'
      readonly count: number
      readonly everyMs: number
      readonly lateMs: number
      readonly graveness: Told['graveness'] | 'as ever'
      /** None of them, all, or the first and every other one: it ends and begins again. */
      readonly ended: 'none' | 'all' | 'every other'
      readonly test: boolean
      /** How many of the latest messages have overtaken it on its way. */
      readonly overtakenBy: number
    }
  /** Somebody does something with the nth newest alarm, holding the last token or one of those before it. */
  | { readonly is: 'done'; readonly who: number; readonly act: number; readonly nth: number; readonly back: number }
  | { readonly is: 'passed'; readonly ms: number }
  /** To just before, at or just after the nth of all deadlines there are. */
  | { readonly is: 'deadline'; readonly nth: number; readonly ms: number }
  | { readonly is: 'worked off' }
  /** Whoever has the newest alarm goes on renewing it to just before, at or just after the end of its offer. */
  | { readonly is: 'kept'; readonly ms: number }

const told = fc.record<Extract<Step, { is: 'told' }>>({
  is: fc.constant('told'),
  count: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 24 }) }),
  everyMs: fc.constantFrom(0, 1_000, 2_900, 3_000, 9_000),
  lateMs: fc.constantFrom(0, 5, 200, 60_001, 3_600_000),
  graveness: fc.constantFrom('as ever', 'as ever', 'as ever', 'life', 'hazard', 'technical', 'info'),
  ended: fc.constantFrom('none', 'none', 'none', 'none', 'all', 'every other'),
  test: fc.constantFrom(false, false, true),
  overtakenBy: fc.constantFrom(0, 0, 0, 0, 1, 2),
})
const done = fc.record<Extract<Step, { is: 'done' }>>({
  is: fc.constant('done'),
  who: fc.nat(PEOPLE.length - 1),
  act: fc.nat(ACTS.length - 1),
  nth: fc.constantFrom(0, 0, 0, 1, 2),
  back: fc.constantFrom(0, 0, 0, 0, 1, 2),
})
/** What people mostly do: they take it, work on it and close it, with the token they have. */
const worked = fc.record<Extract<Step, { is: 'done' }>>({
  is: fc.constant('done'),
  who: fc.constant(0),
  act: fc.constantFrom(0, 0, 1, 3, 8, 10, 12, 12, 6),
  nth: fc.constant(0),
  back: fc.constant(0),
})
/** It goes from hand to hand: one of them offers it, another takes it or says that they cannot. */
const handed = fc.record<Extract<Step, { is: 'done' }>>({
  is: fc.constant('done'),
  who: fc.constantFrom(0, 2),
  act: fc.constantFrom(0, 14, 15, 15, 16, 17, 1),
  nth: fc.constant(0),
  back: fc.constant(0),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: told },
  { weight: 5, arbitrary: done },
  { weight: 6, arbitrary: worked },
  { weight: 3, arbitrary: handed },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('passed' as const), ms: fc.integer({ min: 0, max: 30_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('deadline' as const),
      nth: fc.nat(7),
      ms: fc.integer({ min: -1, max: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('worked off' as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kept' as const), ms: fc.integer({ min: -1, max: 1 }) }) },
)

export interface History {
  readonly graveness: 'life' | 'hazard' | 'technical'
  readonly steps: readonly Step[]
}
export const history: fc.Arbitrary<History> = fc.record({
  graveness: fc.constantFrom('life', 'life', 'hazard', 'technical'),
  steps: fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
})

const deadlinesOf = ({ handling, held, until, offer, closedAt, realertedAt }: ModelAlarm): number[] => [
  ...(held || handling === 'parked' ? [until] : []),
  ...(offer ? [offer.until] : []),
  ...(closedAt === null ? [] : [closedAt + 60_000]),
  ...(Number.isFinite(realertedAt) ? [realertedAt + 10_000] : []),
]

/** How often each thing came about, so that a run can show it was not all refusals. */
export class Tally {
  readonly counts = new Map<string, number>()
  add(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
  /** What came about too seldom to have been tried. */
  rarerThan(times: number): string[] {
    return EXPECTED.filter((what) => (this.counts.get(what) ?? 0) < times)
  }
}
const EXPECTED: readonly string[] = [
  ...ACTS.map(({ act }) => `${act}: done`),
  'claim: alarm-closed',
  'claim: claimed-by-other',
  'takeover: alarm-closed',
  'renew: lease-stale',
  'close: lease-stale',
  'claim: taken on',
  'an offer was over',
  'decline-offer: transition-refused',
  'offer: lease-stale',
  'undo-close: alarm-not-closed',
  'undo-close: forbidden',
  'undo-close: undo-expired',
  'undo-close: transition-refused',
  ...['new', 'claimed', 'in-progress', 'parked', 'closed'].map((handling) => `ended ${handling}`),
  'stuck',
  'quiet',
]

/** Without an alarm nobody can do anything. */
const FIRST: Step = {
  is: 'told',
  count: 1,
  everyMs: 0,
  lateMs: 5,
  graveness: 'as ever',
  ended: 'none',
  test: false,
  overtakenBy: 0,
}
const T0 = Date.parse('2026-01-01T00:00:00.000Z')
const RENEW: Act = { act: 'renew' }

/** Plays a history to the machines and to the model at once; what differs after a step, or nothing. */
export function played({ graveness, steps }: History, tally: Tally): string | undefined {
  const model = new Model()
  const machines = new Machines()
  let now = T0
  let said = 0
  for (const [index, one] of [FIRST, ...steps].entries()) {
    let refused = ['', '']
    switch (one.is) {
      case 'told': {
        const all = Array.from({ length: one.count }, (_, nth): Told => {
          const heardAt = now - one.lateMs - (one.count - 1 - nth) * one.everyMs
          return {
            graveness: one.graveness === 'as ever' ? graveness : one.graveness,
            ended: one.ended === 'all' || (one.ended === 'every other' && nth % 2 === 0),
            occurredAt: heardAt - 3,
            heardAt,
            ageMs: one.lateMs,
            test: one.test,
            nth: said + 1 + nth - (one.overtakenBy && one.overtakenBy + 0.5),
          }
        })
        said += one.count
        for (const each of all) model.tells(each, now)
        machines.tell(all, now)
        break
      }
      case 'done': {
        const nth = model.alarms.length - 1 - one.nth
        const alarm = model.alarms[nth]
        const [who, said] = [PEOPLE[one.who], ACTS[one.act]]
        if (!alarm || !who || !said) break
        const token = alarm.fence - one.back
        const from = alarm.held ? alarm.owner?.session : undefined
        refused = [model.does(alarm, who, said, token, now), machines.does(nth, who, said, token, now)]
        tally.add(`${said.act}: ${refused[0] || 'done'}`)
        if (said.act === 'claim' && alarm.held && from !== undefined && from !== alarm.owner?.session)
          tally.add('claim: taken on')
        break
      }
      case 'passed':
        now += one.ms
        break
      case 'deadline': {
        const all = model.alarms.flatMap(deadlinesOf)
        const deadline = all[one.nth % all.length]
        if (deadline !== undefined) now = Math.max(now, deadline + one.ms)
        break
      }
      case 'kept': {
        const alarm = model.alarms.at(-1)
        if (!alarm?.owner || !alarm.offer) break
        const { owner, fence, offer } = alarm
        const until = offer.until + one.ms
        while (now < until) {
          now = Math.min(until, now + 59_000)
          model.does(alarm, owner, RENEW, fence, now)
          machines.does(model.alarms.length - 1, owner, RENEW, fence, now)
        }
        if (alarm.held && one.ms >= 0 && seenOfModel(alarm, now).offer === null) tally.add('an offer was over')
        break
      }
      default:
        machines.deadlines(now)
    }
    const expected = JSON.stringify(model.alarms.map((alarm) => seenOfModel(alarm, now)))
    const found = JSON.stringify(machines.seen(now))
    if (expected !== found || refused[0] !== refused[1] || machines.wrong.length > 0)
      return [
        `after step ${index}, ${JSON.stringify(one)}, at +${now - T0} ms:`,
        `by the rules ${refused[0]} ${expected}`,
        `the machines ${refused[1]} ${found}`,
        ...machines.wrong,
      ].join('\n')
  }
  for (const alarm of model.alarms) tally.add(`ended ${alarm.handling}`)
  if (model.alarms.some(({ stuck }) => stuck)) tally.add('stuck')
  if (model.alarms.some(({ quiet }) => quiet > 0)) tally.add('quiet')
  return undefined
}
