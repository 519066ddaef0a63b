import type { Track } from '@anju/contract/api'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyPolicy } from './arbitrary-policy.fixture.ts'
import { at, untouched } from './run.fixture.ts'
import { concernedBy, type Evidence, inForce, type Run, reconcile } from './run.ts'

const track = fc.constantFrom<Track>('centre', 'family', 'long-lie')
const someRun: fc.Arbitrary<Run> = fc
  .record({
    round: fc.nat(2),
    step: fc.nat(3),
    wave: fc.integer({ min: -1, max: 2 }),
    until: fc.integer({ min: -50, max: 900 }),
  })
  .chain(({ until, ...position }) =>
    fc.constantFrom<Run>(
      ...(['starting', 'running', 'waiting', 'quiet', 'ending'] as const).map((is) => ({
        at: is,
        until: at(until),
        ...position,
      })),
      { at: 'quiet', until: null, ...position },
      { at: 'ended', ...position },
    ),
  )
const someStanding = fc.record({
  handling: fc.constantFrom(
    'new' as const,
    'claimed' as const,
    'in-progress' as const,
    'parked' as const,
    'closed' as const,
  ),
  undoUntil: fc.constantFrom(null, at(60), at(900)),
  contactMade: fc.boolean(),
})
const someEvidence = fc.record({
  acceptedUntil: fc.constantFrom(null, at(100), at(900)),
  wave: fc.array(fc.constantFrom<Evidence>('pending', 'negative', 'declined', 'accepted'), { maxLength: 2 }),
  askedElsewhere: fc.boolean(),
})

test('a track that a change of the alarm is said not to concern goes on as it would have without it', () => {
  const leftAlone = new Set<Track>()
  fc.assert(
    fc.property(
      someRun,
      track,
      anyPolicy,
      fc.boolean(),
      someStanding,
      someStanding,
      someEvidence,
      fc.nat(1_000),
      (run, on, its, isTest, before, after, evidence, s) => {
        const [was, is] = [before, after].map((one) => ({
          ...untouched(run),
          test: isTest,
          ...one,
          ...evidence,
          now: at(s),
        }))
        if (!was || !is || concernedBy(was, is).includes(on)) return
        leftAlone.add(on)
        expect(reconcile(run, on, inForce(on, its, is), is)).toEqual(reconcile(run, on, inForce(on, its, was), was))
      },
    ),
    { numRuns: 5_000 },
  )
  expect([...leftAlone]).toEqual(['long-lie'])
})
