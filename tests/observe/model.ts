import * as fc from 'fast-check'
import { played } from '../model/history.ts'
import { history } from '../model/steps.ts'
import { Tally } from '../model/tally.ts'
import { Expectations, type Observation, rounded, type Scale } from './observation.ts'

const histories = { short: 1_000, full: 100_000 } as const satisfies Record<Scale, number>

export const model: Observation = {
  id: 'C-24',
  what: 'random histories of an alarm against a short model of the rules: after every step the machines say the same',
  async run(scale, say) {
    const expect = new Expectations()
    const runs = histories[scale]
    const tally = new Tally()
    const seed = Number(process.env['ANJU_SEED'] ?? Date.now() % 2 ** 31)
    let steps = 0
    const began = performance.now()
    const found = fc.check(
      fc.property(history, (one) => {
        steps += one.steps.length + 1
        const differs = played(one, tally)
        if (differs) throw new Error(differs)
      }),
      { numRuns: runs, seed },
    )
    if (found.failed) say(fc.defaultReportMessage(found) ?? '')
    expect.that(!found.failed, 'the machines and the rules differ')
    const rare = tally.rarerThan(runs / 1_000)
    expect.that(rare.length === 0, `too seldom to have been tried: ${rare.join(', ')}`)
    return {
      figures: {
        seed,
        histories: runs,
        steps,
        'steps a second': rounded((steps * 1_000) / (performance.now() - began)),
        ...Object.fromEntries([...tally.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      },
      wrong: expect.wrong,
    }
  },
}
