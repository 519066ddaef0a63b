import { assertNever, type Instant, millis, plus, seconds } from '@anju/contract'
import type { Step, Target, Track, TrackPolicy } from '@anju/contract/api'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyPolicy } from './arbitrary-policy.fixture.ts'
import { at, secondOf } from './run.fixture.ts'
import {
  begin,
  type EscalationEffect,
  type Evidence,
  foreseen,
  inForce,
  type Position,
  type Run,
  reconcile,
} from './run.ts'

const OURS: readonly Target['to'][] = ['queue', 'seat', 'supervisors', 'shift']
const track = fc.constantFrom<Track>('centre', 'family', 'long-lie')

/** What can happen to an alarm and to who was asked, and that time passes: by a little, to a deadline, or far beyond several. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('time' as const), s: fc.integer({ min: 0, max: 90 }) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('due' as const), s: fc.integer({ min: -1, max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('late' as const), s: fc.integer({ min: 300, max: 5_000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('answer' as const),
      nth: fc.nat(2),
      evidence: fc.constantFrom<Evidence>('negative', 'declined', 'accepted'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom('claim', 'give back', 'park', 'close', 'undo', 'contact', 'real press', 'take back'),
    }),
  },
)
type Happening = typeof happening extends fc.Arbitrary<infer H> ? H : never
/** How many people each wave finds, in turn. */
const crowd = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 })

interface Setting {
  readonly track: Track
  readonly policy: TrackPolicy
  readonly test: boolean
  /** Somebody has it before anybody looks for the first time. */
  readonly taken: boolean
  readonly crowd: readonly number[]
}
interface Asked extends Position {
  readonly at: Instant
  readonly test: boolean
  readonly effect: Extract<EscalationEffect, { do: 'ask' }>
}

/** One track of one alarm, worked as the worker works it: look, save, look again while a wave had nobody. */
class Home {
  now = at(0)
  handling: 'new' | 'claimed' | 'parked' | 'closed' = 'new'
  undoUntil: Instant | null = null
  contactMade = false
  acceptedUntil: Instant | null = null
  /** Those who were just asked. */
  wave: Evidence[] = []
  run: Run
  readonly asked: Asked[] = []
  readonly wrong: string[] = []
  readonly #crowd: readonly number[]
  readonly track: Track
  readonly policy: TrackPolicy
  test: boolean

  constructor(given: Setting) {
    this.track = given.track
    this.policy = given.policy
    this.test = given.test
    this.#crowd = given.crowd
    this.handling = given.taken ? 'claimed' : 'new'
    this.run = begin(this.now, this.policy)
    this.look()
  }

  get inForce() {
    return inForce(this.track, this.policy, this)
  }
  get facts() {
    const { now, handling, undoUntil, contactMade, test, acceptedUntil, wave, asked } = this
    return {
      class: 'life' as const,
      now,
      openedAt: at(0),
      contactDueFrom: at(0),
      handling,
      undoUntil,
      contactMade,
      test,
      acceptedUntil,
      wave,
      askedElsewhere: asked.some(({ effect }) => effect.channels.some((channel) => channel !== 'console')),
    }
  }

  look(): void {
    const reached = this.asked.length
    const turnsMax = 2 + this.policy.steps.length * 3
    for (let turn = 0; ; turn++) {
      const { run, effects } = reconcile(this.run, this.track, this.inForce, this.facts)
      this.run = run
      const asks = effects.filter((effect) => effect.do === 'ask')
      const [effect] = asks
      if (asks.length > 1) this.wrong.push('two waves in one look')
      if (!effect) break
      this.asked.push({ ...effect, at: this.now, test: this.test, effect })
      const people = this.#crowd[this.asked.length % this.#crowd.length] ?? 0
      this.wave = Array.from({ length: people }, () => 'pending' as const)
      if (people > 0) break
      if (turn > turnsMax) {
        this.wrong.push('a wave that has nobody is left for the next without end')
        break
      }
    }
    const again = reconcile(this.run, this.track, this.inForce, this.facts)
    const settled = again.effects.length === 0 && JSON.stringify(again.run) === JSON.stringify(this.run)
    // A wave that has nobody goes on at the next look; whether it is one is only known once it was asked.
    if (!settled && this.wave.length > 0) this.wrong.push('a second look does something')
    if (this.asked.slice(reached).filter((_, index, { length }) => index < length - 1).length > turnsMax)
      this.wrong.push('a burst')
  }

  happens(one: Happening): void {
    switch (one.is) {
      case 'time':
      case 'late':
        this.now = plus(this.now, seconds(one.s))
        break
      case 'due':
        if ('until' in this.run && this.run.until !== null)
          this.now = Math.max(this.now, plus(this.run.until, seconds(one.s))) as Instant
        break
      case 'answer':
        if (this.run.at !== 'running' || one.nth >= this.wave.length) break
        this.wave[one.nth] = one.evidence
        if (one.evidence === 'accepted') this.acceptedUntil = plus(this.now, seconds(600))
        break
      case 'claim':
        if (this.handling !== 'closed') this.handling = 'claimed'
        break
      case 'park':
        if (this.handling === 'claimed') this.handling = 'parked'
        break
      case 'give back':
        if (this.handling !== 'closed') this.handling = 'new'
        break
      case 'close':
        if (this.handling !== 'claimed') break
        this.handling = 'closed'
        this.undoUntil = plus(this.now, seconds(60))
        break
      case 'undo':
        if (this.undoUntil === null || this.now >= this.undoUntil) break
        this.handling = 'claimed'
        this.undoUntil = null
        break
      case 'contact':
        this.contactMade = true
        break
      case 'real press':
        this.test = false
        break
      case 'take back':
        this.acceptedUntil = null
        break
      default:
        assertNever(one)
    }
    this.look()
  }

  /** Whether anybody has it, so that the track may rest. */
  get mayRest(): boolean {
    const held = this.handling === 'claimed' || this.handling === 'parked'
    return (
      this.handling === 'closed' ||
      (this.acceptedUntil !== null && this.now < this.acceptedUntil) ||
      (held && (this.track === 'centre' || (this.track === 'family' && this.policy.quietWhileHeld))) ||
      (this.track === 'long-lie' && this.contactMade) ||
      (this.test && this.track === 'long-lie' && held) ||
      (this.test &&
        this.track !== 'long-lie' &&
        !this.policy.steps.some((one) => ofOurs(one) && one.waves.some(({ channels }) => channels.includes('console'))))
    )
  }
}
const ofOurs = ({ targets }: Step): boolean => targets.some(({ to }) => OURS.includes(to))

const setting: fc.Arbitrary<Setting> = fc.record({
  track,
  policy: anyPolicy,
  test: fc.boolean(),
  taken: fc.boolean(),
  crowd,
})
const history = fc.array(happening, { maxLength: 40 })
const overHistories = (runs: number, holds: (home: Home) => void, each?: (home: Home) => void) =>
  fc.assert(
    fc.property(setting, history, (given, happenings) => {
      const home = new Home(given)
      for (const one of happenings) {
        home.happens(one)
        each?.(home)
      }
      holds(home)
    }),
    { numRuns: runs },
  )

test('a look does what is due once: never two waves at once, nothing when it is looked at again, no burst after a late look', () => {
  overHistories(3_000, ({ wrong }) => expect(wrong).toEqual([]))
})

/** The longest it may rest between two looks. */
const restMax = ({ startAfterS, repeatAfterS, steps }: TrackPolicy) =>
  seconds(Math.max(startAfterS, repeatAfterS, ...steps.flatMap(({ waves }) => waves.map(({ timeoutS }) => timeoutS))))

/** What is wrong with a track at rest that nobody has. */
function givenUp({ run, now, mayRest, track: on, policy: given, wave: people }: Home): string[] {
  // A pause that began in a test is not cut short by the first press in earnest.
  const longest = Math.max(restMax(given), restMax(inForce(on, given, { test: true })))
  if (mayRest) return []
  if (run.at === 'quiet' || run.at === 'ending' || run.at === 'ended') return [`${run.at}, and nobody has it`]
  return [
    ...(people.length > 0 && run.until <= now ? ['what is due was not done'] : []),
    ...(run.until > plus(now, millis(longest)) ? ['it rests longer than anything in its policy'] : []),
  ]
}

test('it never gives up: while nobody has it there is a time not far away at which it goes on', () => {
  overHistories(
    3_000,
    () => undefined,
    (home) => expect(givenUp(home)).toEqual([]),
  )
})

test('left alone, each step is asked again within one round and one pause, whatever happened before', () => {
  overHistories(1_000, (home) => {
    if (home.handling === 'closed' || (home.track === 'long-lie' && home.contactMade)) return
    home.handling = 'new'
    home.acceptedUntil = null
    home.test = false
    home.look()
    const from = home.asked.length
    const first = home.asked.at(-1)
    const turns = 2 * home.policy.steps.reduce((sum, { waves }) => sum + waves.length + 1, 1) + 2
    for (let turn = 0; turn < turns; turn++) home.happens({ is: 'due', s: 0 })
    const steps = new Set([...(first ? [first] : []), ...home.asked.slice(from)].map((one) => one.step))
    expect([...steps].toSorted((a, b) => a - b)).toEqual(home.policy.steps.map((_, index) => index))
  })
})

/** Whether nobody is passed over between one wave and the one after it. */
function follows(before: Asked, next: Asked, { track: on, policy: { steps } }: Home): boolean {
  if (before.test || next.test) return true // what a test may not ask is passed over
  if (next.round === before.round)
    return next.step === before.step ? next.wave === before.wave + 1 : next.step === before.step + 1 && next.wave === 0
  // A new round begins with the step that was broken off, or with the first when all were asked; the centre's always does.
  const begins = next.step === before.step || (next.step === 0 && (on === 'centre' || before.step === steps.length - 1))
  return next.wave === 0 && begins
}

test('nobody is passed over and nothing is asked twice: positions only grow, and each follows the one before', () => {
  overHistories(3_000, (home) => {
    for (const [index, next] of home.asked.entries()) {
      const before = home.asked[index - 1]
      if (!before) continue
      const grew = next.round - before.round || next.step - before.step || next.wave - before.wave
      expect(grew).toBeGreaterThan(0)
      expect([before, next, follows(before, next, home)]).toEqual([before, next, true])
    }
  })
})

test('a step is left before its last wave only by an answer or by somebody who took the alarm', () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 1, max: 30 }), (given, turns) => {
      const home = new Home({ ...given, test: false, taken: false })
      for (let turn = 0; turn < turns; turn++) home.happens({ is: 'due', s: 0 })
      const whole = home.policy.steps.flatMap(({ waves }, index) => waves.map((_, nth) => `${index}.${nth}`))
      expect(home.asked.map((one) => `${one.step}.${one.wave}`)).toEqual(
        home.asked.map((_, index) => whole[index % whole.length]),
      )
      expect(home.asked.map(({ round }) => round)).toEqual(
        home.asked.map((_, index) => Math.floor(index / whole.length)),
      )
    }),
    { numRuns: 500 },
  )
})

test('a test alarm asks nobody outside the consoles of its own centre', () => {
  overHistories(2_000, ({ asked }) => {
    for (const { effect } of asked.filter((one) => one.test)) {
      if (effect.targets.every(({ to }) => to === 'supervisors') && !effect.channels.includes('console')) continue
      expect(effect.channels).toEqual(['console'])
      expect(effect.targets.filter(({ to }) => !OURS.includes(to))).toEqual([])
    }
  })
})

test('nothing leaves before its time, however often the alarm was taken, given back, closed and reopened before', () => {
  overHistories(1_000, ({ asked, track: on, policy: { startAfterS } }) => {
    // Of a test it is asked within minutes whether it is one, whatever the policy says.
    for (const one of asked.filter((given) => on !== 'long-lie' || !asked.some((other) => other.test || given.test)))
      expect(secondOf(one.at)).toBeGreaterThanOrEqual(startAfterS)
  })
})

/** Left to time alone, what is asked next and when; also whether anything was asked before `notBefore`. */
function leftAlone(home: Home, notBefore: Instant) {
  const known = home.asked.length
  let early = false
  // A close that can no longer be undone, an acceptance that lapses: all that time alone brings.
  for (let turn = 0; turn < 12 && home.asked.length === known; turn++) {
    if (!('until' in home.run) || home.run.until === null) break
    home.happens({ is: 'due', s: -1 })
    early ||= home.now < notBefore && home.asked.length > known
    home.happens({ is: 'due', s: 0 })
  }
  const then = home.asked[known]
  return { early, next: then ? { ...then.effect, at: then.at } : null }
}

test('what a console counts down to is what then happens, and when it counts down to nothing nothing happens', () => {
  overHistories(2_000, (home) => {
    if (home.wave.length === 0) return // left at the next look already
    const next = foreseen(home.run, home.track, home.inForce, home.facts)
    expect(leftAlone(home, next?.at ?? home.now)).toEqual({ early: false, next })
  })
})
