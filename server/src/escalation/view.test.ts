import { expect, test } from 'vitest'
import { STATES, untouched } from '../domain/escalation/run.fixture.ts'
import { IS_IT_REAL, UNTIL_CONTACT } from '../domain/escalation/standard.ts'
import { viewOf } from './view.ts'

const [run, policy] = [STATES.starting, UNTIL_CONTACT['long-lie']]

test('of a test a console counts in the steps of asking whether it is one, and counts down to the first of them', () => {
  const view = viewOf({ track: 'long-lie', policy, run }, { ...untouched(run), test: true })
  expect(view.steps).toBe(IS_IT_REAL.steps.length)
  expect(view.next?.targets).toEqual(IS_IT_REAL.steps[0]?.targets)
})

test('of anything else in those of its own policy', () => {
  expect(viewOf({ track: 'long-lie', policy, run }, untouched(run))).toMatchObject({ steps: policy.steps.length })
})
