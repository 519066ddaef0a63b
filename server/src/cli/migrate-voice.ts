import { assertNever, type Clock } from '@anju/contract'
import type { Counts } from '../telemetry/move/ledger.ts'
import type { Moved, MoveWishes } from '../telemetry/move/move.ts'
import type { MovePlan } from '../telemetry/move/plan.ts'
import type { Said } from '../telemetry/move/said.ts'
import { inWords } from '../telemetry/move/series.ts'
import type { SummedUp } from '../telemetry/move/sum-up.ts'
import {
  lineOfDifference,
  linesOfCounts,
  linesOfEnd,
  linesOfPlan,
  linesOfSums,
  rangeOf,
  whenOf,
} from './migrate-words.ts'
import { ProgressLine } from './progress.ts'

/** More would scroll the figures away; `--json` has them all. */
const differencesShownMax = 100

/** Says what a move does: to people in lines with a bar below them, to programs as a JSON object a line. */
export class MigrateVoice {
  readonly #json: boolean
  readonly #progress: ProgressLine
  #seriesTotal = 0
  #counts: Counts | undefined
  #differences = 0

  constructor(json: boolean, clock: Clock) {
    this.#json = json
    this.#progress = new ProgressLine(process.stderr, clock)
  }

  hello(source: string, target: string): void {
    if (this.#json) this.#object({ is: 'move', source, target })
    else this.#say(`from ${source} to ${target}`)
  }

  tell(said: Said): void {
    switch (said.is) {
      case 'copying':
        this.#counts = said.counts
        return this.#show('copying', said.counts.series, said.counts.samples)
      case 'comparing':
        this.#counts = said.counts
        return this.#show('comparing', said.counts.compared, said.samples)
      case 'begun':
        this.#seriesTotal = said.seriesTotal
        this.#counts = said.state.counts
        break
      case 'waiting':
      case 'refused':
      case 'compared':
        break
      default:
        return assertNever(said)
    }
    if (this.#json) return this.#object(said)
    for (const line of this.#wordsOf(said)) this.#say(line)
  }

  plan(plan: MovePlan, { leaveOld }: MoveWishes): number {
    if (this.#json) this.#object({ is: 'plan', ...plan, refused: Object.fromEntries(plan.refused) })
    else {
      for (const line of linesOfPlan(plan, leaveOld)) this.#say(line)
      this.#say('Dry run: nothing was written.')
    }
    return (plan.tooOld.samples > 0 && !leaveOld) || plan.refused.size > 0 ? 1 : 0
  }

  end(moved: Moved, { compareOnly }: MoveWishes): number {
    if (this.#json) this.#object({ ...moved, counts: this.#counts })
    else {
      if (moved.is === 'compared' && !compareOnly && this.#counts && this.#counts.series > 0)
        for (const line of linesOfCounts(this.#counts)) this.#say(line)
      for (const line of linesOfEnd(moved)) this.#say(line)
    }
    return moved.is === 'compared' && moved.found.different === 0 ? 0 : 1
  }

  summing(done: number, total: number, rows: number): void {
    if (!this.#json) this.#progress.show({ what: 'summing', done, total, rows, unit: 'slices' })
  }
  summed({ slices, different }: SummedUp): number {
    if (this.#json) this.#object({ is: 'summed', slices, different })
    else for (const line of linesOfSums({ slices, different })) this.#say(line)
    return different.length === 0 ? 0 : 1
  }

  ending(): void {
    if (!this.#json) this.#say('ending behind the batch that is under way')
  }
  ended(): void {
    if (this.#json) this.#object({ is: 'interrupted', counts: this.#counts })
    else this.#say('Ended before it was done: the same command goes on where it was.')
  }

  #wordsOf(said: Exclude<Said, { is: 'copying' | 'comparing' }>): string[] {
    switch (said.is) {
      case 'begun': {
        const { counts, phase } = said.state
        const where = phase === 'copy' ? `copying, ${counts.series} of ${said.seriesTotal} series done` : 'comparing'
        return [`${rangeOf(said.state)}${said.resumed ? `; goes on where it was: ${where}` : ''}`]
      }
      case 'waiting':
        return [`waiting ${Math.ceil(said.wait / 1_000)} s: ${said.why}`]
      case 'refused':
        return [`NOT TAKEN: ${inWords(said.series)} at ${whenOf(said.at)}: ${said.why}`]
      case 'compared': {
        const line = lineOfDifference(said.compared)
        if (line === undefined || ++this.#differences > differencesShownMax) return []
        const last = this.#differences === differencesShownMax
        return last ? [line, '… what differs besides is only counted; --json tells all of it'] : [line]
      }
      default:
        return assertNever(said)
    }
  }

  #show(what: string, done: number, rows: number): void {
    if (!this.#json) this.#progress.show({ what, done, total: this.#seriesTotal, rows, unit: 'samples' })
  }

  /** Names and reasons come from a store: nothing of them may steer the terminal. */
  #say(line: string): void {
    this.#progress.clear()
    process.stdout.write(`${line.replaceAll(/\p{Cc}/gu, '�')}\n`)
  }
  #object(said: object): void {
    process.stdout.write(`${JSON.stringify(said)}\n`)
  }
}
