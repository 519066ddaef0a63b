import { HANDLINGS } from '@anju/contract/api'
import { expect, test } from 'vitest'

import {
  at,
  chen,
  claimed,
  closed,
  closedItself,
  fresh,
  helped,
  input,
  li,
  liElsewhere,
  now,
  offered,
  offeredWorking,
  outcomeOf,
  parked,
  seat,
  working,
} from './handling.fixture.ts'
import { type Case, type Handling, handle } from './handling.ts'
import type { HandlingInput } from './handling-input.ts'

interface Row {
  readonly given: Handling
  readonly input: HandlingInput
  readonly class?: Case['class']
  readonly becomes?: Partial<Handling> & { readonly at: Handling['at'] }
  readonly doing?: readonly string[]
  readonly refused?: string
  readonly fence?: number
}

const zhou = seat('zhou')
/** Offered ten minutes ago, by somebody whose browser lives. */
const renewedUntilTen: Handling = { ...offered, lease: { token: 4, by: li, until: at(650) } }

const rows: readonly Row[] = [
  // The same thing again.
  { given: fresh, input: input.occurrence, becomes: fresh, doing: [] },
  { given: claimed, input: input.occurrence, becomes: claimed, doing: [] },
  { given: working, input: input.occurrence, becomes: working, doing: [] },
  { given: parked, input: input.occurrence, becomes: { at: 'new', abandonedBy: null }, doing: ['unparked'] },
  { given: closed, input: input.occurrence, refused: 'alarm-closed' },
  // The end of a condition ends no handling, except a technical one that nobody holds.
  { given: fresh, input: input.returned, becomes: fresh, doing: [] },
  { given: fresh, class: 'hazard', input: input.returned, becomes: fresh, doing: [] },
  {
    given: fresh,
    class: 'technical',
    input: input.returned,
    becomes: { at: 'closed', by: null },
    doing: ['closed', 'L6'],
  },
  { given: claimed, class: 'technical', input: input.returned, becomes: claimed, doing: [] },
  { given: working, class: 'technical', input: input.returned, becomes: working, doing: [] },
  { given: parked, input: input.returned, becomes: parked, doing: [] },
  { given: parked, class: 'hazard', input: input.returned, becomes: parked, doing: [] },
  {
    given: parked,
    class: 'technical',
    input: input.returned,
    becomes: { at: 'closed', by: null },
    doing: ['closed', 'L6'],
  },
  { given: closed, class: 'technical', input: input.returned, becomes: closed, doing: [] },
  // Taking it.
  {
    given: fresh,
    input: input.claim(li),
    becomes: { at: 'claimed', lease: { token: 5, by: li, until: at(61) } },
    doing: ['claimed', 'L4'],
    fence: 5,
  },
  {
    given: parked,
    input: input.claim(chen),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(61) } },
    doing: ['claimed', 'L4'],
    fence: 5,
  },
  { given: claimed, input: input.claim(chen), refused: 'claimed-by-other' },
  { given: working, input: input.claim(chen), refused: 'claimed-by-other' },
  { given: claimed, input: input.claim(liElsewhere), refused: 'claimed-by-other' },
  {
    given: claimed,
    input: input.claim(li),
    becomes: { at: 'claimed', lease: { token: 4, by: li, until: at(61) } },
    doing: [],
    fence: 4,
  },
  { given: closed, input: input.claim(li), refused: 'alarm-closed' },
  {
    given: claimed,
    input: input.claim(chen, at(60)),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(120) } },
    doing: ['abandoned', 'claimed', 'L4'],
    fence: 5,
  },
  // Keeping it.
  {
    given: claimed,
    input: input.renew(li, 4),
    becomes: { at: 'claimed', lease: { token: 4, by: li, until: at(61) } },
    doing: [],
  },
  { given: claimed, input: input.renew(li, 3), refused: 'lease-stale' },
  { given: claimed, input: input.renew(liElsewhere, 4), refused: 'lease-stale' },
  { given: claimed, input: input.renew(li, 4, at(60)), refused: 'lease-stale' },
  {
    given: working,
    input: input.renew(li, 4),
    becomes: { at: 'in-progress', lease: { token: 4, by: li, until: at(61) } },
    doing: [],
  },
  { given: fresh, input: input.clock(at(1e9)), becomes: fresh, doing: [] },
  { given: claimed, input: input.clock(at(59)), becomes: claimed, doing: [] },
  {
    given: claimed,
    input: input.clock(at(60)),
    becomes: { at: 'new', since: at(60), abandonedBy: li },
    doing: ['abandoned'],
  },
  { given: working, input: input.clock(at(60)), becomes: { at: 'new', abandonedBy: li }, doing: ['abandoned'] },
  { given: parked, input: input.clock(at(59)), becomes: parked, doing: [] },
  { given: parked, input: input.clock(at(60)), becomes: { at: 'new', abandonedBy: null }, doing: ['unparked'] },
  { given: closed, input: input.clock(at(1e9)), becomes: closed, doing: [] },
  // Working on it.
  { given: claimed, input: input.release, becomes: { at: 'new', since: now, abandonedBy: li }, doing: ['released'] },
  { given: claimed, input: input.start, becomes: working, doing: ['started'] },
  { given: working, input: input.start, becomes: working, doing: [] },
  { given: claimed, input: input.reveal, becomes: claimed, doing: ['access-shown'] },
  { given: claimed, input: input.note, becomes: claimed, doing: ['noted'] },
  { given: claimed, input: input.park, becomes: { at: 'parked', until: at(301), by: li }, doing: ['parked'] },
  { given: claimed, input: input.contact(false), becomes: working, doing: ['contacted'] },
  { given: claimed, input: input.contact(true), becomes: working, doing: ['contacted', 'L5'] },
  { given: claimed, input: input.dispatch, becomes: working, doing: ['dispatched', 'L5'] },
  { given: working, input: input.release, becomes: { at: 'new', since: now, abandonedBy: li }, doing: ['released'] },
  { given: working, input: input.reveal, becomes: working, doing: ['access-shown'] },
  { given: working, input: input.note, becomes: working, doing: ['noted'] },
  { given: working, input: input.park, becomes: { at: 'parked', until: at(301), by: li }, doing: ['parked'] },
  { given: working, input: input.contact(true), becomes: working, doing: ['contacted', 'L5'] },
  { given: working, input: input.dispatch, becomes: working, doing: ['dispatched', 'L5'] },
  // What nobody holds nobody works on.
  ...[fresh, parked, closed].flatMap((given) =>
    [
      input.renew(li, 4),
      input.release,
      input.start,
      input.reveal,
      input.note,
      input.park,
      input.contact(true),
      input.dispatch,
      input.close(li, 4),
    ].map((said): Row => ({ given, input: said, refused: 'lease-stale' })),
  ),
  // From hand to hand: its holder's until the colleague has it, and then theirs under a fence of their own.
  {
    given: claimed,
    input: input.offer(chen),
    becomes: {
      at: 'claimed',
      lease: { token: 4, by: li, until: at(60) },
      offer: { to: { person: chen.person, name: 'chen' }, at: now, until: at(601), note: 'the son comes' },
    },
    doing: ['offered'],
    fence: 4,
  },
  { given: working, input: input.offer(chen), becomes: { at: 'in-progress' }, doing: ['offered'], fence: 4 },
  { given: offered, input: input.offer(chen), becomes: { at: 'claimed' }, doing: ['offered'] },
  {
    given: offered,
    input: input.offer(zhou),
    becomes: {
      at: 'claimed',
      offer: { to: { person: zhou.person, name: 'zhou' }, at: now, until: at(601), note: 'the son comes' },
    },
    doing: ['offer-withdrawn', 'offered'],
  },
  {
    given: offered,
    input: input.claim(chen),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(61) }, offer: null },
    doing: ['offer-accepted'],
    fence: 5,
  },
  {
    given: offeredWorking,
    input: input.claim(chen),
    becomes: { at: 'in-progress', lease: { token: 5, by: chen, until: at(61) }, offer: null },
    doing: ['offer-accepted'],
    fence: 5,
  },
  { given: offered, input: input.claim(zhou), refused: 'claimed-by-other' },
  { given: offered, input: input.claim(liElsewhere), refused: 'claimed-by-other' },
  {
    given: offered,
    input: input.claim(li),
    becomes: { at: 'claimed', lease: { token: 4, by: li, until: at(61) }, offer: offered.offer },
    doing: [],
  },
  // What is done meanwhile takes nothing back; whatever ends the holding does.
  { given: offered, input: input.renew(li, 4), becomes: { at: 'claimed', offer: offered.offer }, doing: [] },
  { given: offered, input: input.contact(true), becomes: offeredWorking, doing: ['contacted', 'L5'] },
  { given: offered, input: input.occurrence, becomes: offered, doing: [] },
  { given: offered, input: input.release, becomes: { at: 'new', abandonedBy: li }, doing: ['released'] },
  { given: offered, input: input.park, becomes: { at: 'parked' }, doing: ['parked'] },
  { given: offered, input: input.close(li, 4), becomes: { at: 'closed' }, doing: ['closed', 'L6'] },
  {
    given: offered,
    input: input.takeover(zhou),
    becomes: { at: 'claimed', lease: { token: 5, by: zhou, until: at(61) }, offer: null },
    doing: ['taken-over', 'L4'],
  },
  { given: offered, input: input.clock(at(60)), becomes: { at: 'new', abandonedBy: li }, doing: ['abandoned'] },
  {
    given: offered,
    input: input.claim(chen, at(60)),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(120) }, offer: null },
    doing: ['abandoned', 'claimed', 'L4'],
  },
  { given: offered, input: input.withdraw, becomes: claimed, doing: ['offer-withdrawn'] },
  { given: claimed, input: input.withdraw, becomes: claimed, doing: [] },
  { given: working, input: input.withdraw, becomes: working, doing: [] },
  { given: offered, input: input.decline(chen), becomes: claimed, doing: ['offer-declined'], fence: 4 },
  { given: offeredWorking, input: input.decline(chen), becomes: working, doing: ['offer-declined'] },
  ...[fresh, claimed, working, parked, closed].map(
    (given): Row => ({ given, input: input.decline(chen), refused: 'transition-refused' }),
  ),
  ...[li, zhou].map((by): Row => ({ given: offered, input: input.decline(by), refused: 'transition-refused' })),
  ...[fresh, parked, closed].flatMap((given): Row[] =>
    [input.offer(chen), input.withdraw].map((said) => ({ given, input: said, refused: 'lease-stale' })),
  ),
  // An offer holds before its end, not at it; its holder has the alarm all the same.
  { given: renewedUntilTen, input: input.claim(chen, at(599)), becomes: { at: 'claimed' }, doing: ['offer-accepted'] },
  { given: renewedUntilTen, input: input.claim(chen, at(600)), refused: 'claimed-by-other' },
  {
    given: renewedUntilTen,
    input: input.renew(li, 4, at(600)),
    becomes: { at: 'claimed', offer: null },
    doing: ['offer-over'],
  },
  {
    given: renewedUntilTen,
    input: input.clock(at(600)),
    becomes: { at: 'claimed', offer: null },
    doing: ['offer-over'],
  },
  // Ending it.
  {
    given: claimed,
    input: input.close(li, 4),
    becomes: { at: 'closed', disposition: helped, by: li, closedAt: now },
    doing: ['closed', 'L6'],
  },
  { given: working, input: input.close(li, 3), refused: 'lease-stale' },
  { given: working, input: input.close(chen, 4), refused: 'lease-stale' },
  { given: working, input: input.close(li, 4, at(60)), refused: 'lease-stale' },
  {
    given: closed,
    input: input.undo(li),
    becomes: { at: 'in-progress', lease: { token: 5, by: li, until: at(61) } },
    doing: ['undone', 'withdraw L6'],
    fence: 5,
  },
  {
    given: closed,
    input: input.undo(liElsewhere, at(59)),
    becomes: { at: 'in-progress', lease: { token: 5, by: liElsewhere, until: at(119) } },
    doing: ['undone', 'withdraw L6'],
  },
  { given: closed, input: input.undo(li, at(60)), refused: 'undo-expired' },
  { given: closed, input: input.undo(chen), refused: 'forbidden' },
  { given: closedItself, input: input.undo(li), refused: 'forbidden' },
  ...[fresh, claimed, working, parked].map(
    (given): Row => ({ given, input: input.undo(li), refused: 'alarm-not-closed' }),
  ),
  // Its plan, and outside agencies: told is not come, and nobody else gets the alarm by it.
  { given: claimed, input: input.step(li), becomes: working, doing: ['step-done'] },
  { given: working, input: input.step(li), becomes: working, doing: ['step-done'] },
  { given: claimed, input: input.step(chen), refused: 'lease-stale' },
  { given: claimed, input: input.manual, becomes: working, doing: ['plan-left'] },
  { given: working, input: input.manual, becomes: working, doing: ['plan-left'] },
  { given: claimed, input: input.handOver(false), becomes: working, doing: ['handed-over'] },
  { given: claimed, input: input.handOver(true), becomes: working, doing: ['handed-over', 'L5'] },
  { given: working, input: input.handOver(false), becomes: working, doing: ['handed-over'] },
  { given: claimed, input: input.onWay(4), becomes: working, doing: ['agency-answered', 'L5'] },
  { given: working, input: input.onWay(4), becomes: working, doing: ['agency-answered', 'L5'] },
  { given: working, input: input.onWay(3), refused: 'lease-stale' },
  ...[fresh, parked, closed].flatMap((given): Row[] =>
    [input.step(li), input.manual, input.handOver(true), input.onWay(4)].map((one) => ({
      given,
      input: one,
      refused: 'lease-stale',
    })),
  ),
  // Their case number comes when it comes, to whoever takes the call.
  ...[fresh, claimed, working, parked, closed].map(
    (given): Row => ({ given, input: input.answer(chen), becomes: given, doing: ['agency-answered'] }),
  ),
  // A supervisor.
  {
    given: claimed,
    input: input.takeover(chen),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(61) } },
    doing: ['taken-over', 'L4'],
  },
  {
    given: working,
    input: input.takeover(chen),
    becomes: { at: 'in-progress', lease: { token: 5, by: chen, until: at(61) } },
    doing: ['taken-over', 'L4'],
  },
  {
    given: fresh,
    input: input.takeover(chen),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(61) } },
    doing: ['taken-over', 'L4'],
  },
  {
    given: parked,
    input: input.takeover(chen),
    becomes: { at: 'claimed', lease: { token: 5, by: chen, until: at(61) } },
    doing: ['taken-over', 'L4'],
  },
  { given: closed, input: input.takeover(chen), refused: 'alarm-closed' },
]

test.for(rows)('$given.at, on $input.type', ({ given, input: said, class: eventClass = 'life', ...expected }) => {
  expect(outcomeOf(handle({ class: eventClass, handling: given, fence: 4 }, said))).toMatchObject(expected)
})

const told = (given: Handling, said: HandlingInput) => {
  const decision = handle({ class: 'life', handling: given, fence: 4 }, said)
  return 'refused' in decision ? decision : decision.effects
}

test('who offered it to whom, and from whom somebody took it on, stands in the log by name, with the note', () => {
  expect(told(claimed, input.offer(chen))).toMatchObject([
    { kind: 'offered', by: li, text: 'the son comes', detail: { to: { personId: 'chen', name: 'chen' } } },
  ])
  expect(told(offered, input.claim(chen))).toMatchObject([
    { kind: 'offer-accepted', by: chen, detail: { from: { personId: 'li', name: 'li' } } },
  ])
  expect(told(offered, input.decline(chen))).toMatchObject([
    { kind: 'offer-declined', by: chen, detail: { from: { personId: 'li', name: 'li' } } },
  ])
  expect(told(renewedUntilTen, input.clock(at(600)))).toMatchObject([
    { kind: 'offer-over', by: null, detail: { to: { personId: 'chen', name: 'chen' } } },
  ])
})

test('the loser of a claim is told who has it', () => {
  expect(handle({ class: 'life', handling: claimed, fence: 4 }, input.claim(chen))).toEqual({
    refused: 'claimed-by-other',
    owner: li,
  })
})

/** Every input there is: a new one does not compile until it stands here, and then asks for its rows. */
const INPUTS: Readonly<Record<HandlingInput['type'], true>> = {
  occurrence: true,
  returned: true,
  clock: true,
  claim: true,
  'undo-close': true,
  takeover: true,
  offer: true,
  'withdraw-offer': true,
  'decline-offer': true,
  renew: true,
  release: true,
  start: true,
  reveal: true,
  note: true,
  park: true,
  contact: true,
  dispatch: true,
  close: true,
  step: true,
  manual: true,
  'hand-over': true,
  'agency-on-way': true,
  'agency-answer': true,
}

test('every state has a row for every input', () => {
  const said = new Set(rows.map(({ given, input: { type } }) => `${given.at}, on ${type}`))
  const all = HANDLINGS.flatMap((state) => Object.keys(INPUTS).map((type) => `${state}, on ${type}`))
  expect(all).toHaveLength(HANDLINGS.length * Object.keys(INPUTS).length)
  expect(all.filter((pair) => !said.has(pair))).toEqual([])
})
