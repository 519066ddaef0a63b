import type { Shift } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { wallTime } from './wall-time.ts'
import { closing, groupsOf, holesIn, inForceOn, weekOf } from './week.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const shown = (shift: Pick<Shift, 'days' | 'from' | 'to'>) =>
  weekOf(shift).map((pieces) => pieces.map(({ from, to, carried }) => `${carried ? '…' : ''}${from}-${to}`).join(' '))
const goesOn = (to: string) => weekOf({ days: [3], from: '18:00', to })[2]?.map((piece) => piece.goesOn)
const shift = (id: string, kind: Shift['kind'], seat: string | null, from: string) =>
  ({ id, kind, seat, from, who: { kind: 'person', id, name: id } }) as Shift

describe('a week at a glance', () => {
  test('a day shift stands on the days on which it begins', () => {
    expect(shown({ days: [1, 5], from: '08:00', to: '20:00' })).toEqual([
      '08:00-20:00',
      '',
      '',
      '',
      '08:00-20:00',
      '',
      '',
    ])
  })

  test('a night stands on both of its days, and the one from Sunday on the Monday', () => {
    expect(shown({ days: [2, 7], from: '22:00', to: '06:00' })).toEqual([
      '…00:00-06:00',
      '22:00-24:00',
      '…00:00-06:00',
      '',
      '',
      '',
      '22:00-24:00',
    ])
  })

  test('only what lasts past midnight goes on', () => {
    expect([goesOn('23:00'), goesOn('00:00'), goesOn('01:00')]).toEqual([[false], [false], [true]])
  })

  test('the same time is 24 hours; what ends at midnight does not touch the next day', () => {
    expect(shown({ days: [3], from: '08:00', to: '08:00' }).slice(2, 4)).toEqual(['08:00-24:00', '…00:00-08:00'])
    expect(shown({ days: [3], from: '18:00', to: '00:00' }).slice(2, 4)).toEqual(['18:00-24:00', ''])
  })
})

describe('the hours in which nobody is planned', () => {
  test('day and night together leave none', () => {
    expect(
      holesIn([
        { days: everyDay, from: '08:00', to: '20:00' },
        { days: everyDay, from: '20:00', to: '08:00' },
      ]),
    ).toEqual([])
    expect(holesIn([{ days: everyDay, from: '00:00', to: '00:00' }])).toEqual([])
  })

  test('Tuesday from 03:00 to 05:00 is seen, and closed by a shift that covers it', () => {
    const but = [
      { days: everyDay, from: '05:00', to: '00:00' },
      { days: [1, 3, 4, 5, 6, 7], from: '00:00', to: '05:00' },
      { days: [2], from: '00:00', to: '03:00' },
    ]
    expect(holesIn(but)).toEqual([{ day: 2, from: '03:00', toDay: 2, to: '05:00' }])
    expect(holesIn([...but, { days: [2], from: '02:30', to: '05:00' }])).toEqual([])
  })

  test('a week that is worked from Monday to Friday has its weekend as one hole', () => {
    const week = [1, 2, 3, 4, 5].map((day) => ({ days: [day], from: '00:00', to: '00:00' }))
    expect(holesIn(week)).toEqual([{ day: 6, from: '00:00', toDay: 1, to: '00:00' }])
  })

  test('what would close it is the shift one begins with', () => {
    const but = [
      { days: [2], from: '05:00', to: '03:00' },
      { days: [1, 3, 4, 5, 6, 7], from: '03:00', to: '03:00' },
    ]
    expect(closing(holesIn(but))).toEqual({ days: [2], from: '03:00', to: '05:00' })
  })

  test('every night is closed by one shift, and a free weekend by two whole days', () => {
    expect(closing(holesIn([{ days: everyDay, from: '06:00', to: '22:00' }]))).toEqual({
      days: everyDay,
      from: '22:00',
      to: '06:00',
    })
    expect(closing(holesIn([{ days: [1, 2, 3, 4, 5], from: '00:00', to: '00:00' }]))).toEqual({
      days: [6, 7],
      from: '00:00',
      to: '00:00',
    })
  })

  test('what no single shift closes is left to who plans it', () => {
    const monday = { days: [1], from: '08:00', to: '20:00' }
    expect(closing(holesIn([monday]))).toBeNull()
    // Of two holes with the same times, one lasts a night and the other nearly a week.
    expect(closing(holesIn([monday, { ...monday, days: [2] }]))).toEqual({ days: [1], from: '20:00', to: '08:00' })
    expect(closing([])).toBeNull()
  })

  test('where nothing is planned there is no plan to have a hole', () => {
    expect(holesIn([])).toEqual([])
  })
})

test.for([
  { typed: '3:00', is: '03:00' },
  { typed: ' 0300 ', is: '03:00' },
  { typed: '22：30', is: '22:30' },
  { typed: '24:00', is: '00:00' },
  { typed: '24:01', is: undefined },
  { typed: '25:00', is: undefined },
  { typed: '12:60', is: undefined },
  { typed: 'noon', is: undefined },
  { typed: '', is: undefined },
])('"$typed" is the time $is', ({ typed, is }) => {
  expect(wallTime(typed)).toBe(is)
})

test('a plan that has run out and one that has not begun are told apart from the one in force', () => {
  const plan = { validFrom: '2026-03-01', validTo: '2026-03-31' }
  expect(['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'].map((day) => inForceOn(plan, day))).toEqual([
    'to-come',
    'now',
    'now',
    'over',
  ])
  expect(inForceOn({ ...plan, validTo: null }, '2046-01-01')).toBe('now')
})

test('each seat has its own rows, also the one nobody is planned for; who is on call and who supervises follow', () => {
  const groups = groupsOf(
    [
      shift('late', 'seat', 's1', '20:00'),
      shift('early', 'seat', 's1', '08:00'),
      shift('home', 'on-call', null, '00:00'),
    ],
    [
      { id: 's1', version: 1, name: 'One' },
      { id: 's2', version: 1, name: 'Two' },
    ],
  )
  expect(groups.map(({ key, shifts }) => [key, ...shifts.map(({ id }) => id)])).toEqual([
    ['seat/s1', 'early', 'late'],
    ['seat/s2'],
    ['supervisor'],
    ['on-call', 'home'],
  ])
})
