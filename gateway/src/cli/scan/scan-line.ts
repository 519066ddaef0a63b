import { millis } from '@anju/contract'
import { diagnosisOf, type Findings, foundOf, warningsIn } from './findings.ts'
import { inWords, type Trial } from './plan.ts'
import { searchLine, type Tools } from './search-line.ts'

export interface Output {
  /** Go on where something answered. */
  readonly all: boolean
  /** What was found. */
  readonly print: (line: object) => void
  /** What is being done, for the person who waits. */
  readonly say: (text: string) => void
}

/** As a shell calls what Ctrl-C ended. */
const interrupted = 130

/** Tries one after the other, and returns the exit code: 0 when something was found. */
export async function scanLine(trials: readonly Trial[], { all, print, say }: Output, tools: Tools): Promise<number> {
  const takes = trials.reduce((sum, trial) => sum + trial.takes, 0)
  say(
    `${trials.length} ${trials.length === 1 ? 'setting' : 'settings'}, at most ${inWords(millis(takes))}; Ctrl-C ends it`,
  )
  const tried: Findings[] = []
  let found = 0
  for (const trial of trials) {
    say(`${tried.length + 1} of ${trials.length}: ${introduce(trial)}`)
    const findings = await searchLine(trial, tools, (device) => {
      found++
      print(foundOf(trial, device))
    })
    tried.push(findings)
    if (tools.signal.aborted) {
      say(`stopped at ${tried.length} of ${trials.length}`)
      return interrupted
    }
    const isThere = findings.devices.length > 0 || findings.collided.length > 0
    // Most ports know all speeds; one that cannot be opened at the first cannot be opened at all.
    if ((isThere && !all) || (findings.refused !== undefined && tried.length === 1)) break
  }
  if (found === 0) say(diagnosisOf(tried))
  else for (const warning of tried.flatMap(warningsIn)) say(warning)
  return found > 0 ? 0 : 1
}

function introduce({ line, asking, receives, takes }: Trial): string {
  const asks = asking.map(({ name, questions }) => `${name} (${questions.length})`).join(', ')
  const does = asks === '' ? 'listening' : `listening, then asking ${asks}`
  return `${line}: ${does}; at most ${inWords(takes)}${receives ? '; press the buttons and open the doors now' : ''}`
}
