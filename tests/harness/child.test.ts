import { expect, test } from 'vitest'
import { nodePath, ready, startProgram } from './child.ts'
import { slowness } from './wait.ts'

/** Says fifty lines, and then does as it is told. */
const talker = (then: string) =>
  startProgram('talker', nodePath, ['-e', `for (let n = 1; n <= 50; n++) console.log('line ' + n); ${then}`])
const inVain = (part: ReturnType<typeof talker>, withinMs: number) =>
  ready(part, 'useful', () => Promise.reject(new Error('it said 503')), withinMs).then(
    () => undefined,
    (error: Error) => error.message.split('\n'),
  )
const lastForty = Array.from({ length: 40 }, (_, index) => `line ${index + 11}`)

test('who waits in vain for a part is told how it ended and what it said last', async () => {
  const said = await inVain(talker('process.exitCode = 3'), 30_000)
  expect(said).toEqual([
    'talker ended with exit code 3 instead of being useful',
    '--- talker ended with exit code 3; its last 40 lines ---',
    ...lastForty,
  ])
})

test('of one that lives and does not become it, the last answer as well', async () => {
  const part = talker('setInterval(() => {}, 1_000)')
  await ready(part, 'done talking', async () => part.log().includes('line 50'), 10_000)
  const said = await inVain(part, 100)
  await part.kill()
  expect(said).toEqual([
    `waited ${100 * slowness} ms for talker: useful; last: it said 503`,
    `--- talker lives (pid ${part.pid}); its last 40 lines ---`,
    ...lastForty,
  ])
})
