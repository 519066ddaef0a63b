import type { Differences } from '../telemetry/move/differences.ts'
import { earliest } from '../telemetry/move/end.ts'
import type { Counts } from '../telemetry/move/ledger.ts'
import type { Moved } from '../telemetry/move/move.ts'
import type { MovePlan } from '../telemetry/move/plan.ts'
import type { Compared } from '../telemetry/move/said.ts'
import { inWords } from '../telemetry/move/series.ts'
import type { SummedUp } from '../telemetry/move/sum-up.ts'

export const whenOf = (at: number): string =>
  Math.abs(at) <= 8_640_000_000_000_000 ? new Date(at).toISOString() : `${at}`
export const many = (count: number, what: string): string => `${count.toLocaleString('en')} ${what}`

/** From when until when. */
export const rangeOf = ({ since, until }: { readonly since: number; readonly until: number }): string =>
  since <= earliest ? `everything before ${whenOf(until)}` : `from ${whenOf(since)} until before ${whenOf(until)}`

export function linesOfPlan(plan: MovePlan, leaveOld: boolean): string[] {
  const { tooOld, unfinished } = plan
  const lines = [`${rangeOf(plan)}: ${many(plan.series, 'series')}, ${many(plan.samples, 'samples')}`]
  if (plan.later > 0) lines.push(`and ${many(plan.later, 'samples')} from after that, copied besides and not compared`)
  if (tooOld.samples > 0)
    lines.push(
      `NOT MOVED: ${many(tooOld.samples, 'samples')} of ${many(tooOld.series, 'series')} are from before ${whenOf(tooOld.keptFrom ?? 0)}, which the target does not keep${leaveOld ? '' : '; --leave-old leaves them where they are, a longer retention takes them (influx setup --raw-days)'}`,
    )
  for (const [why, count] of plan.refused) lines.push(`NOT TAKEN: ${many(count, 'samples')}: ${why}`)
  if (unfinished)
    lines.push(
      `A move is under way (${unfinished.phase === 'copy' ? 'copying' : 'comparing'}, ${many(unfinished.counts.series, 'series')} copied): it is gone on with, up to ${whenOf(unfinished.until)}; --restart begins anew`,
    )
  return lines
}

export function linesOfCounts({ series, samples, later, tooOld, refused, erased }: Counts): string[] {
  const lines = [
    `copied: ${many(series, 'series')}, ${many(samples, 'samples')}${later > 0 ? `, of them ${later.toLocaleString('en')} from after the beginning, which the next move compares` : ''}`,
  ]
  if (tooOld > 0) lines.push(`left where they are: ${many(tooOld, 'samples')} from before what the target keeps`)
  if (erased > 0)
    lines.push(`NOT BROUGHT BACK: ${many(erased, 'samples')} of homes that were erased, and are still at the source`)
  if (refused > 0) lines.push(`NOT TAKEN by the target: ${many(refused, 'samples')}`)
  return lines
}

export function linesOfEnd(moved: Moved): string[] {
  if (moved.is === 'too-old')
    return [
      `Nothing was moved: ${many(moved.series, 'series')} have samples from before ${whenOf(moved.keptFrom)}, which the target does not keep.`,
      '--dry-run counts them; --leave-old leaves them where they are; a longer retention takes them (influx setup --raw-days).',
    ]
  const { series, copiedAgain, samplesCopied, more, different } = moved.found
  const equal = series - more - different
  const lines = [`compared: ${many(series, 'series')}, ${many(equal, 'equal')} by count and SHA-256`]
  if (copiedAgain > 0)
    lines.push(`copied while comparing: ${many(samplesCopied, 'samples')} of ${many(copiedAgain, 'series')}`)
  if (more > 0) lines.push(`the target has more of ${many(more, 'series')}, and lacks nothing of them`)
  if (different > 0) lines.push(`DIFFERENT: ${many(different, 'series')}`)
  return lines
}

const hashShown = 12
const end = ({ count, hash }: Compared['source']) => `${many(count, 'samples')} ${hash.slice(0, hashShown)}`

export function lineOfDifference({ series, source, target, outcome }: Compared): string | undefined {
  if (outcome.is === 'same') return undefined
  const { differences } = outcome
  const word = outcome.is === 'more' ? 'more at the target' : 'DIFFERENT'
  const first = differences.first === undefined ? 'none twice' : `the first at ${whenOf(differences.first)}`
  return `${word}: ${inWords(series)}: ${kindsOf(differences)} (${first}); source ${end(source)}, target ${end(target)}`
}

const WORDS: Readonly<Record<Exclude<keyof Differences, 'first'>, string>> = {
  missing: 'missing at the target',
  beyond: 'beyond what a store takes',
  extra: 'only at the target',
  changed: 'with another value',
  reasons: 'with another reason',
  held: 'with a value where the source has a reason',
}
const kindsOf = (differences: Differences): string =>
  (Object.keys(WORDS) as (keyof typeof WORDS)[])
    .filter((kind) => differences[kind] > 0)
    .map((kind) => `${differences[kind].toLocaleString('en')} ${WORDS[kind]}`)
    .join(', ')

const sumsShownMax = 20
export function linesOfSums({ slices, different }: SummedUp): string[] {
  const lines = different
    .slice(0, sumsShownMax)
    .map(({ begin, end: until, what }) => `DIFFERENT sums from ${whenOf(begin)} until ${whenOf(until)}: ${what}`)
  return [...lines, `summed: ${many(slices, 'slices of time')}, ${many(slices - different.length, 'as their samples')}`]
}
