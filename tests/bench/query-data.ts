import { stepsOf } from '../../server/src/telemetry/steps.ts'
import type { MeasurementQuery, MeasurementResult } from '../../server/src/telemetry/store.ts'

export const homes = 60_000
/** So many of them have a year of samples, one a minute. */
export const dense = 2
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const yearMs = 365 * 24 * hourMs
const zone = 'Asia/Shanghai'

export interface Question {
  readonly name: 'hour' | 'year'
  readonly query: MeasurementQuery
}
/** A store that is full, and the bare client beside it. */
export interface AskedStore {
  readonly name: string
  ask(query: MeasurementQuery): Promise<MeasurementResult>
  /** The same question as its own language says it at its simplest, without scope, port or steps of ours. */
  askBare(question: Question): Promise<void>
  close(): Promise<void>
}

const ofHome = (home: number) => ({ home: `home-${home}`, placement: 'meter', point: 'active-power' })

/** The last hour of any home, a minute a step; a year of one that has it, a day a step. */
export function aQuestion(name: Question['name'], now: number, chance: () => number): Question {
  if (name === 'hour') {
    const [from, to] = [now - hourMs, now]
    const steps = stepsOf(from, to, { everyS: 60, days: 0 }, zone)
    return { name, query: { ...ofHome(1 + Math.floor(chance() * homes)), from, to, steps } }
  }
  const [from, to] = [now - yearMs, now]
  const steps = stepsOf(from, to, { everyS: 86_400, days: 1 }, zone)
  return { name, query: { ...ofHome(1 + Math.floor(chance() * dense)), from, to, steps } }
}
