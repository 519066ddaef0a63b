import { errorMessage } from '@anju/contract'
import { HttpError } from '@influxdata/influxdb-client'
import type { Step } from './plan.ts'
import type { Shelf } from './shelf.ts'
import type { Kind } from './thing.ts'

export type Outcome =
  | { readonly is: 'done' }
  /** Nothing was to be done. */
  | { readonly is: 'kept' }
  | { readonly is: 'withheld' }
  | { readonly is: 'not-allowed'; readonly right: string; readonly said: string }
  | { readonly is: 'without'; readonly missing: string }
  | { readonly is: 'failed'; readonly why: string }
export interface Done {
  readonly step: Step
  readonly outcome: Outcome
}

/** The right that each kind is made with, as InfluxDB calls it. */
const RIGHTS: Readonly<Record<Kind, string>> = {
  organisation: 'write orgs',
  bucket: 'write buckets',
  task: 'write tasks',
  check: 'write checks',
  variable: 'write variables',
  dashboard: 'write dashboards',
  token: 'write authorizations',
}

/** Does one step after the other. What cannot be done is told, and the rest is done all the same. */
export async function* carryOut(steps: readonly Step[], shelves: Readonly<Record<Kind, Shelf>>): AsyncGenerator<Done> {
  const missing = new Set<string>()
  let organisation = true
  for (const step of steps) {
    const outcome = await outcomeOf(step)
    if (outcome.is !== 'done' && outcome.is !== 'kept' && outcome.is !== 'withheld') {
      if (step.is === 'create' && step.thing.kind === 'organisation') organisation = false
      if (step.is === 'create' && step.thing.kind === 'bucket') missing.add(step.thing.name)
    }
    yield { step, outcome }
  }

  async function outcomeOf(step: Step): Promise<Outcome> {
    if (step.is === 'keep') return { is: 'kept' }
    if (step.is === 'withhold') return { is: 'withheld' }
    if (!organisation) return { is: 'without', missing: 'the organisation' }
    const without = step.thing.needs.find((bucket) => missing.has(bucket))
    if (without !== undefined) return { is: 'without', missing: `the bucket ${without}` }
    const shelf = shelves[step.thing.kind]
    try {
      await (step.is === 'create' ? shelf.create(step.thing) : shelf.change(step.id, step.thing))
      return { is: 'done' }
    } catch (error) {
      const said = errorMessage(error).slice(0, 300)
      return isRefusal(error)
        ? { is: 'not-allowed', right: RIGHTS[step.thing.kind], said }
        : { is: 'failed', why: said }
    }
  }
}

/** InfluxDB says 500 when a token may not make a task, and what it means only in words. */
const isRefusal = (error: unknown): boolean =>
  error instanceof HttpError &&
  (error.statusCode === 401 || error.statusCode === 403 || /\bunauthorized\b/.test(error.message))
