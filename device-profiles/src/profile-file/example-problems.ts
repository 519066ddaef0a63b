import { isDeepStrictEqual } from 'node:util'
import { DomainError, type Reading } from '@anju/contract'
import type { Decoded, DeviceOptions, Example } from '../profile.ts'
import type { FileProfile } from './file-profile.ts'
import type { LineOf, Problem } from './problem.ts'

type AnyDecode = (message: unknown, options: DeviceOptions) => Decoded | Promise<Decoded>
type Reads = Readonly<Record<string, Reading | undefined>>
type Outcome =
  | { readonly fails: string; readonly because?: string }
  | { readonly reads: Reads; readonly events: readonly string[] }

/** Where a profile does not say what its own examples say that it does. */
export async function exampleProblems(profile: FileProfile, at: LineOf): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const [i, example] of (profile.examples as readonly Example<'mqtt', string>[]).entries()) {
    const wanted: Outcome =
      'fails' in example ? { fails: example.fails } : { reads: example.reads, events: example.events ?? [] }
    const told = await outcome(profile.decode as AnyDecode, example)
    const wrong = differences(wanted, told)
    if (wrong.length > 0)
      problems.push({ line: at(['examples', i]), why: `example "${example.when}": ${wrong.join('; ')}` })
  }
  return problems
}

async function outcome(decode: AnyDecode, { input }: Example<'mqtt', string>): Promise<Outcome> {
  try {
    const { readings, events } = await decode(input, {})
    return { reads: readings, events }
  } catch (error) {
    if (error instanceof DomainError) return { fails: error.code, because: error.message }
    throw error
  }
}

/** Only what differs: a meter has thirty points, and one exponent is wrong. */
function differences(wanted: Outcome, told: Outcome): string[] {
  if ('fails' in wanted || 'fails' in told) {
    const same = 'fails' in wanted && 'fails' in told && wanted.fails === told.fails
    return same ? [] : [`expected ${summaryOf(wanted)}, the profile says ${summaryOf(told)}`]
  }
  const points = [...new Set([...Object.keys(wanted.reads), ...Object.keys(told.reads)])]
  const wrong = points
    .filter((point) => !isDeepStrictEqual(wanted.reads[point], told.reads[point]))
    .map((point) => `expected ${point} ${wordOf(wanted.reads[point])}, the profile says ${wordOf(told.reads[point])}`)
  if (!isDeepStrictEqual(wanted.events, told.events))
    wrong.push(`expected events ${listOf(wanted.events)}, the profile says ${listOf(told.events)}`)
  return wrong
}

const wordOf = (reading: Reading | undefined): string =>
  reading === undefined ? 'unsaid' : reading.is === 'value' ? String(reading.value) : `absent(${reading.why})`
const listOf = (events: readonly string[]): string => events.join(', ') || 'none'
const summaryOf = (outcome: Outcome): string =>
  'fails' in outcome
    ? `${outcome.fails}${outcome.because === undefined ? '' : ` (${outcome.because})`}`
    : Object.entries(outcome.reads)
        .map(([point, reading]) => `${point} ${wordOf(reading)}`)
        .join(', ') || 'nothing'
