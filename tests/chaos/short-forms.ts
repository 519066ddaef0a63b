import { expect, test } from 'vitest'
import type { Observation } from '../observe/observation.ts'

/** The short form of each observation; `npm run observe -- ID` runs the full one with the same code. */
export const inShort = (observations: readonly Observation[]): void =>
  test.for(observations)('$id $what', { timeout: 300_000 }, async (observation) => {
    const said: string[] = []
    const { figures, wrong } = await observation.run('short', (line) => said.push(line))
    console.log(observation.id, JSON.stringify(figures))
    if (wrong.length > 0) console.log(said.join('\n'))
    expect(wrong).toEqual([])
  })
