import type { Colleague, Responder, Seat, Shift, ShiftAdd, ShiftKind } from '@anju/contract/api'
import { Refusal } from '../api/request.ts'
import type { Fault } from './fault.ts'
import { timeFaults } from './hours-draft.ts'
import { wallTime } from './wall-time.ts'

/** A shift as it stands in the form. */
export interface ShiftDraft {
  readonly kind: ShiftKind
  /** `person:<id>` or `responder:<id>`; empty until somebody is chosen. */
  readonly who: string
  /** Empty: none. */
  readonly seat: string
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
  readonly timeZone: string
  readonly validFrom: string
  /** Empty: until further notice. */
  readonly validTo: string
}

export const whoOf = ({ kind, id }: Pick<Shift['who'], 'kind' | 'id'>): string => `${kind}:${id}`

export const shiftDraftOf = ({ who, seat, validTo, ...shift }: Shift): ShiftDraft => ({
  kind: shift.kind,
  who: whoOf(who),
  seat: seat ?? '',
  days: shift.days,
  from: shift.from,
  to: shift.to,
  timeZone: shift.timeZone,
  validFrom: shift.validFrom,
  validTo: validTo ?? '',
})

/** A new one: every day until further notice, in the time zone the others are in. */
export const emptyShift = (kind: ShiftKind, seat: string, timeZone: string, today: string): ShiftDraft => ({
  kind,
  who: '',
  seat,
  days: [1, 2, 3, 4, 5, 6, 7],
  from: '',
  to: '',
  timeZone,
  validFrom: today,
  validTo: '',
})

/** The one most shifts are in. */
export function usualZone(shifts: readonly Shift[]): string {
  const counts = new Map<string, number>()
  for (const { timeZone } of shifts) counts.set(timeZone, (counts.get(timeZone) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most?.[0] ?? 'Asia/Shanghai'
}

/** A seat belongs to a shift at one, may belong to a supervisor's, and to nobody's who is on call. */
export const takesSeat = (kind: ShiftKind): boolean => kind !== 'on-call'

interface People {
  readonly colleagues: readonly Colleague[]
  readonly responders: readonly Responder[]
}
/** Who may be planned for it: responders are called and sit nowhere, and only a supervisor supervises. */
export function whoMay(kind: ShiftKind, { colleagues, responders }: People): People {
  return {
    colleagues: kind === 'supervisor' ? colleagues.filter(({ role }) => role === 'supervisor') : colleagues,
    responders: kind === 'on-call' ? responders : [],
  }
}

/** Another kind of shift keeps only what it can have. */
export function ofKind(draft: ShiftDraft, kind: ShiftKind, people: People, seats: readonly Seat[]): ShiftDraft {
  const may = whoMay(kind, people)
  const stays = [
    ...may.colleagues.map(({ id }) => whoOf({ kind: 'person', id })),
    ...may.responders.map(({ id }) => whoOf({ kind: 'responder', id })),
  ].includes(draft.who)
  const seat = takesSeat(kind) ? draft.seat || (kind === 'seat' ? (seats[0]?.id ?? '') : '') : ''
  return { ...draft, kind, seat, who: stays ? draft.who : '' }
}

export function shiftFaults(draft: ShiftDraft): Fault[] {
  const { kind, who, seat, timeZone, validFrom, validTo } = draft
  return [
    ...(kind === 'seat' && seat === '' ? [{ at: 'seat', says: 'duty.seat-missing' } as const] : []),
    ...(who === '' ? [{ at: 'who', says: 'duty.who-missing' } as const] : []),
    ...timeFaults('', draft),
    ...(isTimeZone(timeZone) ? [] : [{ at: 'timeZone', says: 'duty.zone-wrong' } as const]),
    ...(validFrom === '' ? [{ at: 'validFrom', says: 'duty.valid-from-missing' } as const] : []),
    ...(validTo !== '' && validTo < validFrom ? [{ at: 'validTo', says: 'duty.valid-to-before' } as const] : []),
  ]
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name.trim() }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export function shiftBody(draft: ShiftDraft): Required<ShiftAdd> {
  const [kind = '', id = ''] = draft.who.split(/:(.*)/s)
  return {
    kind: draft.kind,
    who: { kind: kind === 'responder' ? 'responder' : 'person', id },
    seat: takesSeat(draft.kind) && draft.seat !== '' ? draft.seat : null,
    days: [...draft.days].sort((a, b) => a - b),
    from: wallTime(draft.from) ?? draft.from,
    to: wallTime(draft.to) ?? draft.to,
    timeZone: draft.timeZone.trim(),
    validFrom: draft.validFrom,
    validTo: draft.validTo === '' ? null : draft.validTo,
  }
}

const GONE = { who: 'duty.who-gone', seat: 'duty.seat-gone', timeZone: 'duty.zone-wrong' } as const

/** Who or what was chosen has gone meanwhile: the server says at which field. */
export function shiftFaultFrom(error: unknown): Fault | undefined {
  if (!(error instanceof Refusal) || error.code !== 'request-malformed') return undefined
  const [, field] = /^body\/(who|seat|timeZone):/.exec(error.detail) ?? []
  return field === 'who' || field === 'seat' || field === 'timeZone' ? { at: field, says: GONE[field] } : undefined
}
