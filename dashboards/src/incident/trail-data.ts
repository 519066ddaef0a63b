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

/** The steps that the lines of a trail share. */
interface Grid {
  readonly atS: readonly number[]
  /** Where the step at an index ends. */
  readonly endS: (index: number) => number
  readonly stepOf: (item: Item) => number
}
type Item = MeasurementAnswer['items'][number]
const secondsOf = ({ t }: Item): number => Date.parse(t) / 1_000

/** Lays what was measured on one row of steps from `fromS` to `toS` (epoch s). */
export function trailOf(series: readonly Series[], fromS: number, toS: number, every: number | 'day'): Trail {
  const grid = every === 'day' ? daysOf(series, toS) : equalSteps(fromS, toS, every)
  const of = (role: TrailPoint['role']) => series.filter(({ point }) => point.role === role)
  const line = (role: TrailPoint['role']) => {
    const [first] = of(role)
    return first ? lineOf(first.answer, grid) : null
  }
  return {
    atS: grid.atS,
    power: line('power'),
    voltage: line('voltage'),
    presence: seen(of('presence'), grid),
    falls: seen(of('fall'), grid),
    watchesPresence: of('presence').length > 0,
  }
}

function equalSteps(fromS: number, toS: number, everyS: number): Grid {
  const startS = Math.floor(fromS / everyS) * everyS
  const steps = Math.max(0, Math.floor((toS - startS) / everyS))
  const atS = Array.from({ length: steps }, (_, index) => startS + index * everyS)
  return {
    atS,
    endS: (index) => startS + (index + 1) * everyS,
    stepOf: (item) => Math.floor(secondsOf(item) / everyS) * everyS,
  }
}

/** The server's days are the home's, of 23 to 25 hours: they begin where it says. */
function daysOf(series: readonly Series[], toS: number): Grid {
  const atS = [...new Set(series.flatMap(({ answer }) => answer.items.map(secondsOf)))].sort((a, b) => a - b)
  return { atS, endS: (index) => atS[index + 1] ?? toS, stepOf: secondsOf }
}

function lineOf({ items, unit }: MeasurementAnswer, { atS, endS, stepOf }: Grid): Line {
  const byStep = new Map(items.map((item) => [stepOf(item), item]))
  const values: (number | null)[] = []
  const gaps: Gap[] = []
  for (const [index, at] of atS.entries()) {
    const bucket = byStep.get(at)
    const value = bucket?.mean ?? null
    values.push(value)
    if (value === null) extend(gaps, at, endS(index), bucket?.absent ?? 'nothing-received')
  }
  // The newest step is still being filled: that nothing came yet says nothing. A reason that came is shown.
  const last = gaps.at(-1)
  const early = last?.why === 'nothing-received' || last?.why === 'not-reported'
  if (last && early && last.fromS === atS.at(-1)) gaps.pop()
  return { unit: unit ?? '', values, gaps, latest: values.findLast((value) => value !== null) ?? null }
}

function extend(gaps: Gap[], fromS: number, toS: number, why: GapReason): void {
  const last = gaps.at(-1)
  if (last && last.toS === fromS && last.why === why) gaps[gaps.length - 1] = { ...last, toS }
  else gaps.push({ fromS, toS, why })
}

/** Stretches in which a switch was 1 at some moment of each step. */
function seen(series: readonly Series[], { atS, endS, stepOf }: Grid): readonly Span[] {
  const steps = new Set<number>()
  for (const { answer } of series)
    for (const item of answer.items) if (item.max !== null && item.max >= 1) steps.add(stepOf(item))
  const spans: Span[] = []
  for (const [index, fromS] of atS.entries()) {
    if (!steps.has(fromS)) continue
    const [last, toS] = [spans.at(-1), endS(index)]
    if (last && last.toS === fromS) spans[spans.length - 1] = { ...last, toS }
    else spans.push({ fromS, toS })
  }
  return spans
}
