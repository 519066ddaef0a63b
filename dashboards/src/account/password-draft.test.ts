import { expect, test } from 'vitest'
import { passwordProblem } from './password-draft.ts'

const good = 'six sleepy herons'
test.for([
  { password: 'short', again: 'short', is: { at: 'new-password', says: 'account.too-short' } },
  { password: 'x'.repeat(257), again: '', is: { at: 'new-password', says: 'account.too-long' } },
  {
    password: 'LI.NA and her dog',
    again: 'LI.NA and her dog',
    is: { at: 'new-password', says: 'account.holds-username' },
  },
  { password: 'the one there is', again: 'the one there is', is: { at: 'new-password', says: 'account.same' } },
  { password: good, again: `${good}!`, is: { at: 'again', says: 'account.unlike' } },
  { password: good, again: good, is: undefined },
] as const)('of "$password" and "$again": $is', ({ is, ...draft }) => {
  expect(passwordProblem('li.na', draft, 'the one there is')).toEqual(is)
})
