import { type Instant, minutes, plus, seconds } from '@anju/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  at,
  chen,
  claimed,
  closedItself,
  fresh,
  helped,
  input,
  li,
  liElsewhere,
  now,
  outcomeOf,
  T0,
} from './handling.fixture.ts'
import { type Case, type Handling, handle, isHeld } from './handling.ts'
import type { HandlingInput } from './handling-input.ts'

/** Anything anybody could send, with tokens that may be old and clocks that only move on. */
const step = fc.record({
  pass: fc.integer({ min: 0, max: 90 }),
  by: fc.constantFrom(li, liElsewhere, chen),
  back: fc.integer({ min: 0, max: 2 }),
  type: fc.constantFrom(
    ...([
      'occurrence',
      'returned',
      'clock',
      'claim',
      'renew',
      'release',
      'start',
      'note',
      'park',
      'contact',
      'dispatch',
      'close',
      'undo-close',
      'takeover',
      'offer',
      'withdraw-offer',
      'decline-offer',
      'step',
      'manual',
      'hand-over',
      'agency-on-way',
      'agency-answer',
    ] as const),
  ),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

function inputOf({ type, by, back }: Step, fence: number, when: Instant): HandlingInput {
  const held = { by, lease: fence - back, now: when }
  switch (type) {
    case 'occurrence':
    case 'returned':
    case 'clock':
      return { type, now: when }
    case 'claim':
    case 'undo-close':
    case 'decline-offer':
      return { type, by, now: when }
    case 'offer':
      // To the other one of the two.
      return { type, ...held, to: by.person === li.person ? chen : li, note: null }
    case 'takeover':
      return { type, by, reason: 'r', now: when }
    case 'note':
      return { type, ...held, text: 't' }
    case 'park':
      return { type, ...held, for: minutes(1), note: 'n' }
    case 'contact':
      return { type, ...held, contact: 'c', reached: true, outcome: 'reached' }
    case 'dispatch':
      return { type, ...held, responder: 'r' }
    case 'close':
      return { type, ...held, disposition: helped, note: null }
    case 'step':
      return { type, ...held, step: 'speak', outcome: 'done', note: null }
    case 'manual':
      return { type, ...held, reason: 'r' }
    case 'hand-over':
      return { type, ...held, agency: 'fire', note: null, onTheWay: false }
    case 'agency-on-way':
      return { type, ...held, handover: '1', caseNumber: 'A-17', outcome: null }
    case 'agency-answer':
      return { type, by, handover: '1', caseNumber: 'A-17', outcome: null, now: when }
    default:
      return { type, ...held }
  }
}

/** What must never come of one decision, whatever was before; the names of what did. */
function broken(before: Case, said: HandlingInput, after: Case): string[] {
  const held = isHeld(before.handling) ? before.handling.lease : undefined
  const holds = isHeld(after.handling) ? after.handling.lease : undefined
  const lost = held !== undefined && said.now >= held.until
  const changedHands = holds !== undefined && (held?.by.session !== holds.by.session || lost)
  const closes = after.handling.at === 'closed' && before.handling.at !== 'closed'
  const reopens = before.handling.at === 'closed' && after.handling.at !== 'closed'
  const rules = {
    'a fence went back': after.fence < before.fence,
    'a new owner has an old fence': changedHands && holds.token <= before.fence,
    'an owner does not have the last fence': holds !== undefined && holds.token !== after.fence,
    'taken out of somebody’s hands without an offer to whoever took it':
      said.type === 'claim' &&
      changedHands &&
      held !== undefined &&
      !lost &&
      !(isHeld(before.handling) && before.handling.offer?.to.person === said.by.person),
    'an offer outlived the holding it was made in':
      isHeld(after.handling) && after.handling.offer !== null && changedHands,
    'closed by something else than a close': closes && said.type !== 'close',
    'closed by somebody who did not hold it':
      closes && (held === undefined || lost || after.handling.by?.session !== held.by.session),
    'closed without a disposition': after.handling.at === 'closed' && !after.handling.disposition,
    'reopened by something else than an undo': reopens && said.type !== 'undo-close',
  }
  return Object.entries(rules).flatMap(([rule, isBroken]) => (isBroken ? [`${rule} (${said.type})`] : []))
}

test('over any history of life and hazard no rule is ever broken', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom('life' as const, 'hazard' as const),
      (steps, eventClass) => {
        let alarm: Case = { class: eventClass, handling: fresh, fence: 0 }
        let when = T0
        const found: string[] = []
        for (const one of steps) {
          when = plus(when, seconds(one.pass))
          const said = inputOf(one, alarm.fence, when)
          const decision = handle(alarm, said)
          if ('refused' in decision) continue
          found.push(...broken(alarm, said, decision.becomes))
          alarm = decision.becomes
        }
        expect(found).toEqual([])
      },
    ),
    { numRuns: 500 },
  )
})

const wrong = (handling: Handling, fence: number): Case => ({ class: 'life', handling, fence })

test('the rules can be broken: each names what a wrong machine would do', () => {
  expect(broken(wrong(fresh, 4), input.clock(now), wrong(closedItself, 4))).toContain(
    'closed by something else than a close (clock)',
  )
  expect(
    broken(
      wrong(claimed, 4),
      input.claim(chen),
      wrong({ at: 'claimed', lease: { token: 4, by: chen, until: at(60) }, offer: null }, 4),
    ),
  ).toEqual([
    'a new owner has an old fence (claim)',
    'taken out of somebody’s hands without an offer to whoever took it (claim)',
  ])
})

test('short of closing, an alarm that nobody touches is back on top within the longest park', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let alarm: Case = { class: 'life', handling: fresh, fence: 0 }
      let when = T0
      for (const one of steps) {
        when = plus(when, seconds(one.pass))
        const decision = handle(alarm, inputOf(one, alarm.fence, when))
        if (!('refused' in decision)) alarm = decision.becomes
      }
      const later = handle(alarm, { type: 'clock', now: plus(when, minutes(60)) })
      expect(outcomeOf(later).becomes?.at).toBe(alarm.handling.at === 'closed' ? 'closed' : 'new')
    }),
    { numRuns: 300 },
  )
})
