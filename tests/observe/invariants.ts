import { startTestServer } from '../harness/postgres.ts'
import { anySeed, type Extent, histories, tooLittle } from '../histories/histories.ts'
import type { Observation, Scale } from './observation.ts'

const extents = {
  short: { histories: 4, steps: 40, withinS: 30, historiesMin: 4 },
  full: { histories: 400, steps: 70, withinS: 14 * 60, historiesMin: 20 },
} as const satisfies Record<Scale, Extent>

export const invariants: Observation = {
  id: 'I-invariants',
  what: 'random histories of whole alarms, with crashes, outages and several servers at once: I1–I3, I6–I8, I10, I12, C-23',
  async run(scale, say) {
    const server = await startTestServer()
    try {
      const found = await histories(anySeed(), extents[scale], say, server.urls)
      return { figures: found.figures, wrong: [...found.wrong, ...tooLittle(found, { ofMany: scale === 'full' })] }
    } finally {
      await server.stop()
    }
  },
}
