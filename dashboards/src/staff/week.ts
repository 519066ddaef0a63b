import type { Seat, Shift } from '@anju/contract/api'
import { endsNextDay, minuteOf, WEEKDAYS } from './wall-time.ts'

type Times = Pick<Shift, 'days' | 'from' | 'to'>

/** What of a shift lies on one day of the week. */
export interface Piece {
  readonly from: string
  /** `24:00` at the end of the day. */
  readonly to: string
  /** It began the evening before. */
  readonly carried: boolean
  /** It does not end with the day. */
  readonly goesOn: boolean
}

/** A week from Monday to Sunday: a night that begins on Sunday ends on the Monday of the same picture. */
export function weekOf({ days, from, to }: Times): readonly (readonly Piece[])[] {
  const night = endsNextDay(from, to)
  const goesOn = night && to !== '00:00'
  return WEEKDAYS.map((day) => {
    const pieces: Piece[] = []
    const dayBefore = day === 1 ? 7 : day - 1
    if (goesOn && days.includes(dayBefore)) pieces.push({ from: '00:00', to, carried: true, goesOn: false })
    if (days.includes(day)) pieces.push({ from, to: night ? '24:00' : to, carried: false, goesOn })
    return pieces
  })
}

export interface Hole {
  /** 1 is Monday. */
  readonly day: number
  readonly from: string
  readonly toDay: number
  readonly to: string
}

const dayMin = 1_440
const weekMin = 7 * dayMin

/** When none of these shifts is on, week after week. Nothing at all is no hole: there is no plan to have one. */
export function holesIn(shifts: readonly Times[]): Hole[] {
  const covered = shifts
    .flatMap((shift) =>
      weekOf(shift).flatMap((pieces, index) =>
        pieces.map(({ from, to }) => [index * dayMin + minuteOf(from), index * dayMin + minuteOf(to)] as const),
      ),
    )
    .sort(([a], [b]) => a - b)
  const [first] = covered
  if (!first) return []
  const holes: Hole[] = []
  let until = first[1]
  for (const [from, to] of covered) {
    if (from > until) holes.push(hole(until, from))
    until = Math.max(until, to)
  }
  // Round the corner from Sunday to the Monday the picture begins with.
  if (until < first[0] + weekMin) holes.push(hole(until, first[0] + weekMin))
  return holes
}

function hole(from: number, to: number): Hole {
  const [begin, end] = [onTheWall(from), onTheWall(to)]
  return { day: begin.day, from: begin.time, toDay: end.day, to: end.time }
}
const two = (n: number): string => String(n).padStart(2, '0')
function onTheWall(minute: number) {
  const ofDay = minute % dayMin
  return {
    day: Math.floor((minute % weekMin) / dayMin) + 1,
    time: `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`,
  }
}

/** The shift that would close the first hole, on every day that has the same one. Null: there is none, or none that one shift closes. */
export function closing(holes: readonly Hole[]): Times | null {
  const [first] = holes
  if (!first) return null
  const { from, to } = first
  const alike = holes.filter((one) => one.from === from && one.to === to)
  // Whole days are closed day by day; any other hole only where it is shorter than a day.
  if (from === to) return { days: alike.flatMap(daysOf).toSorted((a, b) => a - b), from, to }
  const later = endsNextDay(from, to) ? 1 : 0
  const isShort = ({ day, toDay }: Hole) => (toDay - day + 7) % 7 === later
  return isShort(first) ? { days: alike.filter(isShort).map(({ day }) => day), from, to } : null
}
const daysOf = ({ day, toDay }: Hole): number[] =>
  Array.from({ length: (toDay - day + 7) % 7 || 7 }, (_, index) => ((day - 1 + index) % 7) + 1)

export type InForce = 'now' | 'to-come' | 'over'
/** `today` is the day where the shift is. */
export const inForceOn = ({ validFrom, validTo }: Pick<Shift, 'validFrom' | 'validTo'>, today: string): InForce =>
  today < validFrom ? 'to-come' : validTo !== null && validTo < today ? 'over' : 'now'

/** The shifts of one seat, or of one kind that has none. */
export interface Group {
  readonly key: string
  readonly kind: Shift['kind']
  readonly seat: Seat | null
  readonly shifts: readonly Shift[]
}

const KINDS = ['seat', 'supervisor', 'on-call'] as const

/** Seats first, also those nobody is planned for; within a group in the order of the day. */
export function groupsOf(shifts: readonly Shift[], seats: readonly Seat[]): Group[] {
  return KINDS.flatMap((kind): Group[] => {
    const of = shifts.filter((shift) => shift.kind === kind).toSorted(byTime)
    const atSeat = (seat: Seat) => of.filter((shift) => shift.seat === seat.id)
    if (kind === 'seat') return seats.map((seat) => ({ key: `seat/${seat.id}`, kind, seat, shifts: atSeat(seat) }))
    return [{ key: kind, kind, seat: null, shifts: of }]
  })
}
const byTime = (a: Shift, b: Shift): number =>
  a.from.localeCompare(b.from) || a.who.name.localeCompare(b.who.name) || a.id.localeCompare(b.id)
