import { days, formatInstant, parseInstant, plus } from '@anju/contract'
import { CHANNELS, type Channel, type Target, type TrackPolicy } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { weeklyOf } from './hours.ts'
import { type Duty, readinessOf, type Staffing } from './readiness.ts'
import type { Shift } from './shift.ts'
import type { Way } from './ways.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const from = parseInstant('2026-05-04T00:00:00+08:00')
const fortnight = { from, to: plus(from, days(14)) }
const way = (channel: Channel, dead = false): Way => ({ channel, address: '1', dead })
const duty = (
  kind: Shift['kind'],
  start: string,
  end: string,
  more: Partial<Shift> & { ways?: readonly Way[] } = {},
): Duty => {
  const { ways = [], ...shift } = more
  return {
    ways,
    isSupervisor: kind === 'supervisor',
    shift: {
      kind,
      seat: null,
      ...weeklyOf({ days: everyDay, from: start, to: end }),
      timeZone: 'Asia/Shanghai',
      validFrom: '2026-01-01',
      validTo: null,
      ...shift,
    },
  }
}
const nobody: Staffing = { shifts: [], supervisors: [], everywhere: [], ways: [], nextCentre: null }
const round = [duty('seat', '08:00', '20:00'), duty('seat', '20:00', '08:00')]
const policy = (channels: Channel[], ...targets: Target[]): TrackPolicy => ({
  startAfterS: 0,
  repeatAfterS: 30,
  quietWhileHeld: true,
  steps: [{ targets, waves: [{ channels, timeoutS: 30 }] }],
})
const everything: ReadonlySet<Channel> = new Set(CHANNELS)
const gaps = (
  given: TrackPolicy,
  east: Partial<Staffing>,
  west: Partial<Staffing> = {},
  window = fortnight,
  channels = everything,
) =>
  readinessOf(
    new Map([
      ['east', { ...nobody, ...east }],
      ['west', { ...nobody, ...west }],
    ]),
    window,
    { channels },
  )(given, 'east').map((gap) => `${formatInstant(gap.from)} ${formatInstant(gap.to)} ${gap.why}`)

const whole = (why: string) => [`${formatInstant(fortnight.from)} ${formatInstant(fortnight.to)} ${why}`]

const onQueue = policy(['console'], { to: 'queue' })
const supervisors = policy(['console', 'sms'], { to: 'supervisors' })
const onCall = policy(['voice'], { to: 'shift', shift: 'on-call' })

test.for([
  { what: 'a queue with people round the clock', policy: onQueue, east: { shifts: round }, is: [] },
  { what: 'a queue that nobody is planned to look at', policy: onQueue, east: {}, is: whole('nobody-on-duty') },
  {
    what: 'people at consoles, and a policy that does not use them',
    policy: policy(['voice'], { to: 'queue' }),
    east: { shifts: round },
    is: whole('no-living-way'),
  },
  {
    what: 'a person on call without a telephone',
    policy: onCall,
    east: { shifts: [duty('on-call', '08:00', '08:00')] },
    is: whole('no-living-way'),
  },
  {
    what: 'a person on call whose number is dead',
    policy: onCall,
    east: { shifts: [duty('on-call', '08:00', '08:00', { ways: [way('voice', true)] })] },
    is: whole('no-living-way'),
  },
  {
    what: 'a person on call with a telephone',
    policy: onCall,
    east: { shifts: [duty('on-call', '08:00', '08:00', { ways: [way('voice')] })] },
    is: [],
  },
  {
    what: 'supervisors without a plan, one with a telephone',
    policy: supervisors,
    east: { supervisors: [{ ways: [] }, { ways: [way('sms')] }] },
    is: [],
  },
  {
    what: 'supervisors without a plan and without telephones: who knows whether they sit at a console',
    policy: supervisors,
    east: { supervisors: [{ ways: [] }] },
    is: whole('no-living-way'),
  },
  {
    what: 'responders who go everywhere',
    policy: policy(['voice'], { to: 'responders', kind: 'staff' }),
    east: { everywhere: [{ kind: 'staff' as const, ways: [way('voice')] }] },
    is: [],
  },
  {
    what: 'responders of another kind',
    policy: policy(['voice'], { to: 'responders', kind: 'volunteer' }),
    east: { everywhere: [{ kind: 'staff' as const, ways: [way('voice')] }] },
    is: whole('nobody-on-duty'),
  },
  {
    what: 'contacts alone',
    policy: policy(['voice'], { to: 'contact', position: 1 }),
    east: { shifts: round },
    is: whole('nobody-on-duty'),
  },
  {
    what: 'a next centre that is none',
    policy: policy(['console'], { to: 'next-centre' }),
    east: {},
    is: whole('nobody-on-duty'),
  },
  {
    what: 'a next centre with people',
    policy: policy(['console'], { to: 'next-centre' }),
    east: { nextCentre: 'west' },
    west: { shifts: round },
    is: [],
  },
  {
    what: 'another centre with nobody but a robot',
    policy: policy(['console', 'wecom'], { to: 'centre', centre: 'west' }),
    east: {},
    west: { ways: [way('wecom')] },
    is: whole('nobody-on-duty'),
  },
  {
    what: 'another centre with a telephone on call',
    policy: policy(['voice'], { to: 'centre', centre: 'west' }),
    east: {},
    west: { ways: [way('voice')] },
    is: [],
  },
  {
    what: 'a seat where somebody else sits',
    policy: policy(['console'], { to: 'seat', seat: 'seat-1' }),
    east: { shifts: [duty('seat', '00:00', '00:00', { seat: 'seat-2' })] },
    is: whole('nobody-on-duty'),
  },
])('$what', (row) => {
  expect(gaps(row.policy, row.east, row.west)).toEqual(row.is)
})

test('a minute that no shift covers is found, every day of the fortnight', () => {
  const shifts = [duty('seat', '08:00', '20:00'), duty('seat', '20:01', '08:00')]
  const found = gaps(onQueue, { shifts })
  expect(found).toHaveLength(14)
  expect(found[0]).toBe('2026-05-04T12:00:00.000Z 2026-05-04T12:01:00.000Z nobody-on-duty')
})

test('a plan that runs out leaves a gap from the minute its last shift ends', () => {
  const shifts = round.map((one) => ({ ...one, shift: { ...one.shift, validTo: '2026-05-10' } }))
  expect(gaps(onQueue, { shifts })).toEqual(['2026-05-11T00:00:00.000Z 2026-05-17T16:00:00.000Z nobody-on-duty'])
})

test('a second step that reaches somebody closes the gap of the first; a gap says what would mend which part of it', () => {
  const shifts = [duty('seat', '08:00', '20:00'), duty('on-call', '20:00', '06:00')]
  const both: TrackPolicy = { ...onQueue, steps: [...onQueue.steps, ...onCall.steps] }
  const day = { from, to: plus(from, days(1)) }
  expect(gaps(both, { shifts }, {}, day)).toEqual([
    '2026-05-03T16:00:00.000Z 2026-05-03T22:00:00.000Z no-living-way',
    '2026-05-03T22:00:00.000Z 2026-05-04T00:00:00.000Z nobody-on-duty',
    '2026-05-04T12:00:00.000Z 2026-05-04T16:00:00.000Z no-living-way',
  ])
})

test('supervisors are all of them again when their plan has run out', () => {
  const planned = duty('supervisor', '08:00', '20:00', { validTo: '2026-05-04' })
  const found = gaps(supervisors, { shifts: [planned], supervisors: [{ ways: [way('sms')] }] })
  // The evening of the last day of the plan, and before it the early morning.
  expect(found).toEqual([
    '2026-05-03T16:00:00.000Z 2026-05-04T00:00:00.000Z nobody-on-duty',
    '2026-05-04T12:00:00.000Z 2026-05-04T16:00:00.000Z nobody-on-duty',
  ])
})

test.for([
  ['America/New_York', '2026-03-02T12:00:00Z'],
  ['America/New_York', '2026-10-26T12:00:00Z'],
  ['Europe/London', '2026-03-23T12:00:00Z'],
  ['Europe/London', '2026-10-19T12:00:00Z'],
] as const)('in %s from %s a rota round the clock stays one when the clocks change', ([timeZone, start]) => {
  const window = { from: parseInstant(start), to: plus(parseInstant(start), days(14)) }
  const shifts = [
    duty('seat', '06:00', '14:00', { timeZone }),
    duty('seat', '14:00', '22:00', { timeZone }),
    duty('seat', '22:00', '06:00', { timeZone }),
  ]
  expect(gaps(onQueue, { shifts }, {}, window)).toEqual([])
})

test('a telephone that no provider could ring is none; a console needs no provider', () => {
  const atHome = { shifts: [duty('on-call', '08:00', '08:00', { ways: [way('voice')] })] }
  expect(gaps(onCall, atHome, {}, fortnight, new Set(['sms', 'push']))).toEqual(whole('no-living-way'))
  expect(gaps(onCall, atHome, {}, fortnight, new Set(['voice']))).toEqual([])
  expect(gaps(onQueue, { shifts: round }, {}, fortnight, new Set())).toEqual([])
})
