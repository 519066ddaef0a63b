import { expect, test } from 'vitest'
import { anySeed, histories, tooLittle } from './histories.ts'

/** The short form; `npm run observe -- I-invariants` is the long one. */
const short = { histories: 14, steps: 40, withinS: 38, historiesMin: 5 }

test('whole alarms at random, with crashes and several servers: what must always be so is so', {
  timeout: 300_000,
}, async () => {
  const said: string[] = []
  const found = await histories(anySeed(), short, (line) => void said.push(line))
  console.log(JSON.stringify(found.figures))
  if (found.wrong.length > 0) console.log(said.join('\n'))
  expect(found.wrong).toEqual([])
  expect(tooLittle(found, { ofMany: false })).toEqual([])
})
