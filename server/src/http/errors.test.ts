import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { problemOf } from './errors.ts'

test('a refusal says its code, its sentence and its owner, and nothing else of its detail', () => {
  const owner = { personId: 'li', name: '李娜', session: 's' }
  const problem = problemOf(
    new DomainError('claimed-by-other', 'somebody else has taken it', { owner, sql: 'select 1' }),
  )
  expect(problem).toEqual({
    type: 'urn:anju:problem:claimed-by-other',
    title: 'Conflict',
    status: 409,
    code: 'claimed-by-other',
    detail: 'somebody else has taken it',
    owner,
  })
})

test('what we did wrong is for the log, not for a screen', () => {
  const problem = problemOf(new TypeError('password of postgres is hunter2'))
  expect(problem).toMatchObject({ status: 500, code: 'internal' })
  expect(JSON.stringify(problem)).not.toContain('hunter2')
})

test('a malformed body names the field', () => {
  const error = Object.assign(new Error('x'), {
    statusCode: 400,
    validationContext: 'body',
    validation: [{ instancePath: '/minutes', message: 'must be <= 60' }],
  })
  expect(problemOf(error)).toMatchObject({
    status: 400,
    code: 'request-malformed',
    detail: 'body/minutes: must be <= 60',
  })
})
