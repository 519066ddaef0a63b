import type { MeasurementAnswer, Placement } from '@anju/contract/api'
import type { Absence } from '@anju/contract/reading'

/** Why a stretch of the trail is empty; `nothing-received` where not even a reason came. */
export type GapReason = Absence | 'nothing-received'
export interface Gap {
  readonly fromS: number
  readonly toS: number
  readonly why: GapReason
}
export interface Line {
  readonly unit: string
  /** One value for each of `Trail.atS`; null where there is none: never 0, never the last one. */
  readonly values: readonly (number | null)[]
  readonly gaps: readonly Gap[]
  readonly latest: number | null
}
export interface Span {
  readonly fromS: number
  readonly toS: number
}
export interface Trail {
  /** Epoch seconds of each step. */
  readonly atS: readonly number[]
  readonly power: Line | null
  readonly voltage: Line | null
  /** Somebody was seen. */
  readonly presence: readonly Span[]
  readonly falls: readonly Span[]
  /** There is a sensor of that kind in the home, whether or not it saw anything. */
  readonly watchesPresence: boolean
}

/** A point of this home that the trail wants to draw. */
export interface TrailPoint {
  readonly role: 'power' | 'voltage' | 'presence' | 'fall'
  readonly placement: string
  readonly point: string
}

const roleOf: Readonly<Record<string, TrailPoint['role']>> = {
  'active-power': 'power',
  'electric-potential': 'voltage',
  presence: 'presence',
  motion: 'presence',
  fall: 'fall',
}
const pointsMax = 8

/** The first meter's power and voltage, and every sensor that says whether somebody is there or has fallen. */
export function trailPointsOf(placements: readonly Placement[]): readonly TrailPoint[] {
  const wanted: TrailPoint[] = []
  for (const { id, points } of placements) {
    for (const { point, quantity } of points) {
      const role = roleOf[quantity]
      if (!role) continue
      const single = role === 'power' || role === 'voltage'
      if (single && wanted.some((other) => other.role === role)) continue
      wanted.push({ role, placement: id, point })
    }
  }
  return wanted.slice(0, pointsMax)
}

export interface Series {
  readonly point: TrailPoint
  readonly answer: MeasurementAnswer
}

/** Lays what was measured on one row of steps from `fromS` to `toS` (epoch s, `everyS` apart). */
export function trailOf(series: readonly Series[], fromS: number, toS: number, everyS: number): Trail {
  const startS = Math.floor(fromS / everyS) * everyS
  const steps = Math.max(0, Math.floor((toS - startS) / everyS))
  const atS = Array.from({ length: steps }, (_, index) => startS + index * everyS)
  const of = (role: TrailPoint['role']) => series.filter(({ point }) => point.role === role)
  const line = (role: TrailPoint['role']) => {
    const [first] = of(role)
    return first ? lineOf(first.answer, atS, everyS) : null
  }
  return {
    atS,
    power: line('power'),
    voltage: line('voltage'),
    presence: seen(of('presence'), everyS),
    falls: seen(of('fall'), everyS),
    watchesPresence: of('presence').length > 0,
  }
}

function lineOf({ items, unit }: MeasurementAnswer, atS: readonly number[], everyS: number): Line {
  const byStep = new Map(items.map((item) => [Math.floor(Date.parse(item.t) / 1_000 / everyS) * everyS, item]))
  const values: (number | null)[] = []
  const gaps: Gap[] = []
  for (const at of atS) {
    const bucket = byStep.get(at)
    const value = bucket?.mean ?? null
    values.push(value)
    if (value === null) extend(gaps, at, everyS, bucket?.absent ?? 'nothing-received')
  }
  // The newest step is still being filled: that nothing came yet says nothing. A reason that came is shown.
  const last = gaps.at(-1)
  const endS = (atS.at(-1) ?? 0) + everyS
  const early = last?.why === 'nothing-received' || last?.why === 'not-reported'
  if (last && early && last.toS === endS && last.toS - last.fromS <= everyS) gaps.pop()
  return { unit: unit ?? '', values, gaps, latest: values.findLast((value) => value !== null) ?? null }
}

function extend(gaps: Gap[], at: number, everyS: number, why: GapReason): void {
  const last = gaps.at(-1)
  if (last && last.toS === at && last.why === why) gaps[gaps.length - 1] = { ...last, toS: at + everyS }
  else gaps.push({ fromS: at, toS: at + everyS, why })
}

/** Stretches in which a switch was 1 at some moment of each step. */
function seen(series: readonly Series[], everyS: number): readonly Span[] {
  const steps = new Set<number>()
  for (const { answer } of series)
    for (const { t, max } of answer.items)
      if (max !== null && max >= 1) steps.add(Math.floor(Date.parse(t) / 1_000 / everyS) * everyS)
  const spans: Span[] = []
  for (const at of [...steps].sort((a, b) => a - b)) {
    const last = spans.at(-1)
    if (last && last.toS === at) spans[spans.length - 1] = { ...last, toS: at + everyS }
    else spans.push({ fromS: at, toS: at + everyS })
  }
  return spans
}
