import * as fc from 'fast-check'
import type { Act, Told, Who } from './words.ts'

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

/** What one transaction does. */
export type Work =
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
  | { readonly is: 'worked off' }

export type Step =
  | Work
  /** It was judged, and its transaction is lost before it is committed: it is handled again so much later, or never. */
  | { readonly is: 'lost'; readonly work: Work; readonly again: boolean; readonly ms: number }
  /**
   * Both were judged by what stood there; the second finds that the first was there before it, and is judged again so much later.
   * `due`: it is the next moment at which anything is due.
   */
  | { readonly is: 'raced'; readonly first: Work; readonly second: Work; readonly due: boolean; readonly ms: number }
  | { readonly is: 'passed'; readonly ms: number }
  /** To just before, at or just after the nth of all deadlines there are. */
  | { readonly is: 'deadline'; readonly nth: number; readonly ms: number }
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
const workedOff = fc.record({ is: fc.constant('worked off' as const) })
const work: fc.Arbitrary<Work> = fc.oneof(
  { weight: 4, arbitrary: told },
  { weight: 5, arbitrary: done },
  { weight: 6, arbitrary: worked },
  { weight: 3, arbitrary: handed },
  { weight: 1, arbitrary: workedOff },
)
const laterMs = fc.constantFrom(0, 0, 5, 2_000, 58_000)
const racing = fc.oneof({ weight: 4, arbitrary: work }, { weight: 1, arbitrary: workedOff })
const raced = fc.record<Extract<Step, { is: 'raced' }>>({
  is: fc.constant('raced'),
  first: racing,
  second: racing,
  due: fc.boolean(),
  ms: laterMs,
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 19, arbitrary: work },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('lost' as const), work, again: fc.boolean(), ms: laterMs }),
  },
  { weight: 2, arbitrary: raced },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('passed' as const), ms: fc.integer({ min: 0, max: 30_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('deadline' as const),
      nth: fc.nat(7),
      ms: fc.integer({ min: -1, max: 1 }),
    }),
  },
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
