import { expect, test } from 'vitest'
import { run as account } from './accounts.ts'
import { run as centre } from './centre.ts'
import { UsageError } from './usage-error.ts'

const runs = { centre, account }

test.for([
  ['centre', 'make x', /"make" is none of set, list/],
  ['centre', 'set', /exactly one id/],
  ['centre', 'set east west', /exactly one id/],
  ['centre', 'set east --call 1', /--call/],
  ['account', 'delete li', /"delete" is none of set, password, .*list/],
  ['account', 'toString li', /"toString" is none of/],
  ['account', 'lock', /exactly one user name/],
  ['account', 'set li --role chef', /--role: "chef" is none of operator, supervisor/],
  ['account', 'set li --language fr', /--language: "fr" is none of zh-CN, en/],
  ['account', 'password li --password x', /--password/],
] as const)('"%s %s" is not understood, and nothing is opened for it', async ([name, line, why]) => {
  const refused = await runs[name](line.split(' ')).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(UsageError)
  expect(String(refused)).toMatch(why)
})
