import type { Colleague, Responder, Shift } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../api/request.ts'
import { changesOf, waysIn } from './fault.ts'
import { aLine } from './hours-draft.ts'
import { emptyResponder, responderBody, responderDraftOf, responderFaults, wayFaultFrom } from './responder-draft.ts'
import {
  emptyShift,
  ofKind,
  type ShiftDraft,
  shiftBody,
  shiftDraftOf,
  shiftFaultFrom,
  shiftFaults,
  usualZone,
} from './shift-draft.ts'

const nurse: Responder = {
  id: 'r1',
  version: 1,
  name: 'Nurse',
  phone: '13800000001',
  kind: 'social-worker',
  zone: '110105',
  language: 'zh-CN',
  hours: [{ days: [1, 2], from: '22:00', to: '06:00' }],
  organisation: 'Street office',
  ways: [{ id: 'w1', channel: 'voice', address: '13800000001', lastProvenOn: null, dead: null }],
}

describe('a responder in the form', () => {
  test('comes back as they were when nothing was changed', () => {
    const before = responderBody(responderDraftOf(nurse))
    expect(before).toMatchObject({ hours: nurse.hours, zone: '110105', ways: [{ id: 'w1' }] })
    expect(changesOf(before, responderBody(responderDraftOf(nurse)))).toEqual({})
  })

  test('sends only what was changed: a colleague may have changed the rest meanwhile', () => {
    const before = responderDraftOf(nurse)
    const now = { ...before, name: ' Nurse Li ', hours: null }
    expect(changesOf(responderBody(before), responderBody(now))).toEqual({ name: 'Nurse Li', hours: null })
  })

  test('names what is missing from the top to the end, each at its field', () => {
    const line = { ...aLine([]), days: [], from: '25:00' }
    const draft = { ...emptyResponder, zone: '11x', hours: [line], ways: [{ is: 'new', key: 'new-1' } as const] }
    const ways = draft.ways.map((one) => ({ ...one, channel: 'voice' as const, address: '' }))
    const faults = responderFaults({ ...draft, ways })
    expect(faults).toEqual([
      { at: 'name', says: 'staff.name-missing' },
      { at: 'zone', says: 'staff.zone-wrong' },
      { at: 'hours/0/days', says: 'duty.days-missing' },
      { at: 'hours/0/from', says: 'duty.time-wrong' },
      { at: 'ways/new-1', says: 'way.missing' },
    ])
    expect(waysIn(faults)).toEqual([{ key: 'new-1', says: 'way.missing' }])
  })

  test('without an hour at all is refused; at any hour is not the same as never', () => {
    expect(responderFaults({ ...emptyResponder, name: 'N', hours: [] })).toEqual([
      { at: 'hours', says: 'staff.hours-missing' },
    ])
    expect(responderFaults({ ...emptyResponder, name: 'N', hours: null })).toEqual([])
  })

  test('a number the server does not take is shown at its own line', () => {
    const { ways } = responderDraftOf(nurse)
    const refusal = new Refusal('request-malformed', 400, 'body/ways/0/address: must be a number')
    expect(wayFaultFrom(refusal, ways)).toEqual({ at: 'ways/w1', says: 'way.wrong-voice' })
  })
})

const people = {
  colleagues: [
    { id: 'boss', version: 1, name: 'B', role: 'supervisor', ways: [] } as Colleague,
    { id: 'li', version: 1, name: 'L', role: 'operator', ways: [] },
  ],
  responders: [nurse],
}
const seats = [{ id: 's1', version: 1, name: 'Seat 1' }]
const whole: ShiftDraft = {
  ...emptyShift('seat', 's1', 'Asia/Shanghai', '2026-03-01'),
  who: 'person:li',
  from: '2200',
  to: '6:00',
}

describe('a shift in the form', () => {
  test('is sent with its times as the server writes them, and without an end until further notice', () => {
    expect(shiftFaults(whole)).toEqual([])
    expect(shiftBody({ ...whole, days: [7, 1] })).toEqual({
      kind: 'seat',
      who: { kind: 'person', id: 'li' },
      seat: 's1',
      days: [1, 7],
      from: '22:00',
      to: '06:00',
      timeZone: 'Asia/Shanghai',
      validFrom: '2026-03-01',
      validTo: null,
    })
  })

  test('comes back as it was', () => {
    const stored = {
      ...shiftBody(whole),
      id: 'x',
      onDuty: false,
      who: { kind: 'person', id: 'li', name: 'L' },
    } as Shift
    expect(changesOf(shiftBody(shiftDraftOf(stored)), shiftBody(shiftDraftOf(stored)))).toEqual({})
    expect(shiftBody(shiftDraftOf(stored))).toEqual(shiftBody(whole))
  })

  test('names everything that is missing', () => {
    const nothing = { ...emptyShift('seat', '', 'Mars/Olympus', ''), days: [], validTo: '' }
    expect(shiftFaults(nothing).map(({ at }) => at)).toEqual([
      'seat',
      'who',
      'days',
      'from',
      'to',
      'timeZone',
      'validFrom',
    ])
    expect(shiftFaults({ ...whole, validTo: '2026-02-01' })).toEqual([{ at: 'validTo', says: 'duty.valid-to-before' }])
  })

  test('of another kind keeps only what that kind can have', () => {
    expect(ofKind(whole, 'on-call', people, seats)).toMatchObject({ seat: '', who: 'person:li' })
    expect(ofKind(whole, 'supervisor', people, seats)).toMatchObject({ seat: 's1', who: '' })
    const called = { ...ofKind(whole, 'on-call', people, seats), who: 'responder:r1' }
    expect(ofKind(called, 'seat', people, seats)).toMatchObject({ seat: 's1', who: '' })
    expect(shiftBody(called)).toMatchObject({ seat: null, who: { kind: 'responder', id: 'r1' } })
  })

  test('begins in the time zone most others are in', () => {
    const zones = ['Asia/Urumqi', 'Asia/Shanghai', 'Asia/Shanghai'].map((timeZone) => ({ timeZone }) as Shift)
    expect(usualZone(zones)).toBe('Asia/Shanghai')
    expect(usualZone([])).toBe('Asia/Shanghai')
  })

  test.for([
    { detail: 'body/who: there is no such responder', at: 'who' },
    { detail: 'body/seat: there is no such seat', at: 'seat' },
  ])('whom or what somebody removed meanwhile is told at its field: $detail', ({ detail, at }) => {
    expect(shiftFaultFrom(new Refusal('request-malformed', 400, detail))?.at).toBe(at)
  })
  test('what is about no field of the form is told as a whole', () => {
    expect(shiftFaultFrom(new Refusal('request-malformed', 400, 'body/kind: x'))).toBeUndefined()
    expect(shiftFaultFrom(new Refusal('shift-unknown', 404, 'body/who: x'))).toBeUndefined()
  })
})
