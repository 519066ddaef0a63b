import { stepsOf } from '../../server/src/telemetry/steps.ts'
import type { MeasurementQuery, MeasurementResult } from '../../server/src/telemetry/store.ts'
import type { ServerOptions } from '../harness/server.ts'

export const homes = 60_000
export const centre = 'demo-centre'
export interface DenseSeries {
  readonly home: number
  readonly placement: string
  readonly point: string
  readonly unit: string
  readonly field: string
}
const meter = { placement: 'meter', point: 'active-power', unit: 'W', field: 'watts' } as const
const radar = { placement: 'living-radar', unit: '/', field: 'number' } as const
/** What has a year of samples, one a minute: all that the page of the demo's home draws, and the meter of another home. */
export const denseSeries: readonly DenseSeries[] = [
  { home: 1, ...meter },
  { home: 2, ...meter },
  { home: 1, placement: 'meter', point: 'voltage', unit: 'V', field: 'volts' },
  { home: 1, ...radar, point: 'presence' },
  { home: 1, ...radar, point: 'fall' },
]
/** So many homes have such series; the others have the last hour of their meter. */
export const dense = 2
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const yearMs = 365 * 24 * hourMs
export const zone = 'Asia/Shanghai'

export interface Question {
  readonly name: 'hour' | 'year'
  readonly query: MeasurementQuery
}
/** What the page of the demo's home asks, each as a question of its own. */
export const pageQuestions = (now: number): readonly Question[] =>
  denseSeries
    .filter(({ home }) => home === 1)
    .map(({ placement, point }) => aYear({ home: 'home-1', placement, point }, now))

/** A store that is full, and the bare client beside it. */
export interface AskedStore {
  readonly name: string
  /** What a server is started with to find its measurements there. */
  readonly server: ServerOptions
  ask(query: MeasurementQuery): Promise<MeasurementResult>
  /** The same question as its own language says it at its simplest, without scope, port or steps of ours. */
  askBare(question: Question): Promise<void>
  close(): Promise<void>
}

const ofHome = (home: number) => ({ home: `home-${home}`, placement: meter.placement, point: meter.point })

/** The last hour of any home, a minute a step; a year of one that has it, a day a step. */
export function aQuestion(name: Question['name'], now: number, chance: () => number): Question {
  if (name === 'hour') {
    const [from, to] = [now - hourMs, now]
    const steps = stepsOf(from, to, { everyS: 60, days: 0 }, zone)
    return { name, query: { ...ofHome(1 + Math.floor(chance() * homes)), from, to, steps } }
  }
  return aYear(ofHome(1 + Math.floor(chance() * dense)), now)
}

function aYear(
  named: { readonly home: string; readonly placement: string; readonly point: string },
  now: number,
): Question {
  const [from, to] = [now - yearMs, now]
  return { name: 'year', query: { ...named, from, to, steps: stepsOf(from, to, { everyS: 86_400, days: 1 }, zone) } }
}
