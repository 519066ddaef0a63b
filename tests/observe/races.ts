import { startTestServer } from '../harness/postgres.ts'
import { race } from '../model/races.ts'
import { Expectations, type Observation, type Scale } from './observation.ts'

const runs = { short: { rounds: 1, batches: 30 }, full: { rounds: 12, batches: 100 } } as const satisfies Record<
  Scale,
  object
>

export const races: Observation = {
  id: 'C-24-races',
  what: 'two servers on one database, people, gateways, crashes and time at once: as if one after the other, by the rules',
  async run(scale, say) {
    const expect = new Expectations()
    const seed = Number(process.env['ANJU_SEED'] ?? Date.now() % 2 ** 31)
    const sums: Record<string, number> = {}
    const add = (what: string, count: number) => {
      sums[what] = (sums[what] ?? 0) + count
    }
    const { rounds, batches } = runs[scale]
    const server = await startTestServer()
    try {
      for (let round = 0; round < rounds; round++) {
        const { wrong, refused, ...counts } = await race(batches, seed + round, server.urls)
        for (const [what, count] of Object.entries(counts)) add(what, count)
        for (const [code, count] of Object.entries(refused)) add(`refused: ${code}`, count)
        for (const one of wrong) expect.that(false, `seed ${seed + round}: ${one}`)
        say(
          `round ${round + 1} of ${rounds}: ${counts.versions} versions, ${counts.crashed} crashes, ${wrong.length} wrong`,
        )
      }
    } finally {
      await server.stop()
    }
    expect.that((sums['crashed'] ?? 0) > rounds, 'hardly a connection died in the middle of its transaction')
    expect.that((sums['answered'] ?? 0) > rounds * 10, 'hardly anything was done')
    return { figures: { seed, batches: rounds * batches, ...sums }, wrong: expect.wrong }
  },
}
