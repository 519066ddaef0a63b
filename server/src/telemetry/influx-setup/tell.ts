import { assertNever } from '@anju/contract'
import type { Done, Outcome } from './carry-out.ts'
import type { Difference } from './differences.ts'
import type { Plan, Step } from './plan.ts'
import type { Found, Json, Thing } from './thing.ts'

const valueLengthMax = 60
const differencesShownMax = 6

const named = ({ kind, name }: Thing | Found) => `${kind} ${name}`

/** What will be done, a line each and one more for whatever differs. */
export function linesOfPlan({ steps, left }: Plan, fresh: boolean): string[] {
  const lines = steps.flatMap((step) => linesOfStep(step, fresh))
  const kept = steps.filter(({ is }) => is === 'keep').length
  const rest = kept === steps.length ? 'all' : `${kept}`
  return [...lines, `  = ${rest} of ${steps.length} are as they should be`, ...left.map(lineOfLeft)]
}

function linesOfStep(step: Step, fresh: boolean): string[] {
  switch (step.is) {
    case 'keep':
      return []
    case 'create':
      return [`  + ${named(step.thing)}${aboutNew(step.thing, fresh)}`]
    case 'change':
      return [`  ~ ${named(step.thing)}${aboutChange(step.thing)}`, ...linesOfDifferences(step.differences)]
    case 'withhold':
      return [
        `  ! ${named(step.thing)}: left as it is, because what is older would be deleted; say --shorten to have it so`,
        ...linesOfDifferences(step.differences),
      ]
    default:
      return assertNever(step)
  }
}

function aboutNew({ kind, body }: Thing, fresh: boolean): string {
  if (kind === 'organisation' && fresh)
    return ', and with it the first user; INFLUX_TOKEN becomes the token that may do everything'
  if (kind === 'bucket') return `, ${kept(body['everySeconds'])}`
  if (kind === 'token') return ` (${(body['permissions'] as readonly string[]).join(', ')})`
  return ''
}
const aboutChange = ({ kind }: Thing) =>
  kind === 'token' ? ': a new one; the old one goes on as "superseded" until somebody revokes it' : ''

function linesOfDifferences(all: readonly Difference[]): string[] {
  const lines = all.slice(0, differencesShownMax).map(({ at, found, wanted }) => {
    if (at === 'everySeconds') return `      ${kept(found)} → ${kept(wanted)}`
    if (at === 'shardGroupDurationSeconds')
      return `      new shards of ${daysOf(found)} → of ${daysOf(wanted)} (what is there stays as it lies)`
    return `      ${at}: ${short(found)} → ${short(wanted)}`
  })
  const more = all.length - differencesShownMax
  return more > 0 ? [...lines, `      … and ${more} more`] : lines
}

const kept = (seconds: Json | undefined) =>
  seconds === 0 ? 'kept for ever' : seconds === undefined ? 'nothing' : `kept for ${daysOf(seconds)}`
const daysOf = (seconds: Json | undefined) => `${Number(seconds ?? 0) / 86_400} days`

/** Scripts are many lines: the first words are enough to see which one is meant. */
function short(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}… (${text.length} characters)` : text
}

const lineOfLeft = (found: Found) =>
  found.kind === 'token'
    ? `  ? ${named(found)} (id ${found.id}): revoke it once nobody uses it`
    : `  ? ${named(found)} (id ${found.id}): there is another of this name; this one is left alone`

/** What became of one step; nothing for what was right already. */
export function linesOfDone({ step, outcome }: Done): string[] {
  const line = wordsOf(outcome, step)
  return line === undefined ? [] : [`  ${line}`]
}

function wordsOf(outcome: Outcome, step: Step): string | undefined {
  const what = named(step.thing)
  switch (outcome.is) {
    case 'kept':
      return undefined
    case 'withheld':
      return `left alone: ${what} (--shorten)`
    case 'done':
      return `${step.is === 'create' ? 'made' : 'mended'}: ${what}`
    case 'not-allowed':
      return `NOT ALLOWED: ${what} – this token lacks the right to ${outcome.right} (InfluxDB said: ${outcome.said})`
    case 'without':
      return `LEFT OUT: ${what} – ${outcome.missing} is not there`
    case 'failed':
      return `FAILED: ${what} – ${outcome.why}`
    default:
      return assertNever(outcome)
  }
}

/** The last line. */
export function summary(all: readonly Done[]): string {
  const many = (is: Outcome['is']) => all.filter(({ outcome }) => outcome.is === is).length
  const parts = [
    `${many('done')} done`,
    `${many('kept')} as they should be`,
    `${many('not-allowed')} not allowed`,
    `${many('failed') + many('without')} not done`,
    `${many('withheld')} left alone`,
  ]
  return parts.filter((part, index) => index < 2 || !part.startsWith('0 ')).join(', ')
}

export const isWhole = (all: readonly Done[]): boolean =>
  all.every(({ outcome }) => outcome.is === 'done' || outcome.is === 'kept')
