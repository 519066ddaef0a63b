import { seconds } from '@anju/contract'
import type { ServerUrls } from '../harness/postgres.ts'
import { atRest, onTelephones } from './at-rest.ts'
import { ownership } from './ownership.ts'
import { Play } from './play.ts'
import type { Recorded } from './recorded.ts'
import { Replay } from './replay.ts'
import { World } from './world.ts'

export interface Lived {
  readonly wrong: readonly string[]
  readonly figures: Readonly<Record<string, number>>
  /** What happened, step by step. */
  readonly said: readonly string[]
  readonly rows: readonly Recorded[]
}

/** One history of whole alarms from its seed: it happens, the faults stop, everything is closed; then what was written is judged. */
export async function history(seed: number, steps: number, urls?: ServerUrls): Promise<Lived> {
  const world = await World.open(seed, urls)
  const play = new Play(world, seed)
  const wrong: string[] = []
  try {
    for (let step = 0; step < steps; step++) await play.step()
    await play.calms()
    await world.passes(seconds(60))
    wrong.push(...(await atRest(world)), ...(await world.consoles.wrong(world.data)))
    // The first ones to be told to stay are so in vain; some of them on one way after the other.
    world.weather.refusals = 3 + (seed % 6)
    await play.people.closeAll()
    // Whom one alarm of the home wanted when another was over is told at a later look.
    await world.passes(seconds(72))
    wrong.push(...(await atRest(world)))
    const rows = await world.recorder.rows()
    const replay = new Replay(world.facts)
    replay.play(rows)
    wrong.push(...replay.wrong, ...ownership(rows, play), ...onTelephones(world, play.telephones, replay))
    return {
      wrong,
      rows,
      said: play.said,
      figures: { ...figures(world, play), ...replay.counts, ...handedOn(rows), rows: rows.length },
    }
  } catch (error) {
    return {
      wrong: [...wrong, `stopped: ${error instanceof Error ? error.stack : String(error)}`],
      rows: [],
      said: play.said,
      figures: figures(world, play),
    }
  } finally {
    await world.close()
  }
}

const handedOn = (rows: readonly Recorded[]) => {
  const times = (kind: string) => rows.filter(({ what, said }) => what === 'timeline' && said['kind'] === kind).length
  return { offered: times('offered'), takenOn: times('offer-accepted') }
}

const figures = (world: World, { people, telephones, presses, counts }: Play) => ({
  presses: presses.size,
  commands: people.done.length,
  refused: Object.values(people.refused).reduce((sum, n) => sum + n, 0),
  arrived: world.arrivals.length,
  answers: telephones.answers,
  callbacks: telephones.callbacks,
  ...world.consoles.counts,
  batches: counts['at'] ?? 0,
  simulatedS: Math.round((world.now - Date.parse('2026-02-28T18:10:00Z')) / 1_000),
})
