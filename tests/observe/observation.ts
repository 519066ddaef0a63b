import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { repositoryRoot } from '../harness/root.ts'

export type Figures = Readonly<Record<string, number | string | boolean | readonly string[]>>
export interface Outcome {
  readonly figures: Figures
  /** What was not as it must be, in words; empty when it passed. */
  readonly wrong: readonly string[]
}
/** How much of it: `npm test` runs the short form, `npm run observe` the full one. The code is the same. */
export type Scale = 'short' | 'full'
export interface Observation {
  readonly id: string
  readonly what: string
  run(scale: Scale, say: (line: string) => void): Promise<Outcome>
}

/** What was expected, said once for the figure and once for the person who reads a failure. */
export class Expectations {
  readonly wrong: string[] = []
  that(holds: boolean, otherwise: string): void {
    if (!holds) this.wrong.push(otherwise)
  }
}

export interface Evidence extends Outcome {
  readonly id: string
  readonly what: string
  readonly passed: boolean
  readonly commit: string
  readonly machine: { readonly cpus: number; readonly memoryGiB: number; readonly node: string; readonly os: string }
  readonly at: string
  readonly tookS: number
}

/** Writes `docs/evidence/ID.json`, also of a failure: that is evidence too. */
export function writeEvidence(observation: Observation, outcome: Outcome, tookMs: number): Evidence {
  const evidence: Evidence = {
    id: observation.id,
    what: observation.what,
    passed: outcome.wrong.length === 0,
    ...outcome,
    commit: commit(),
    machine: {
      cpus: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      os: `${process.platform} ${process.arch}`,
    },
    at: new Date().toISOString(),
    tookS: Math.round(tookMs / 1_000),
  }
  const folder = join(repositoryRoot, 'docs/evidence')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${observation.id}.json`), `${JSON.stringify(evidence, undefined, 2)}\n`)
  return evidence
}

const git = (...args: string[]) => spawnSync('git', args, { cwd: repositoryRoot, encoding: 'utf8' }).stdout.trim()

/** The commit that was observed, marked when the work tree differs from it. */
function commit(): string {
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs/evidence')
  return `${git('rev-parse', 'HEAD')}${changed ? ' with uncommitted changes' : ''}`
}

export const rounded = (figure: number): number => Number(figure.toPrecision(4))
