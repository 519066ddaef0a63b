import type { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { GroupCommit } from './group-commit.ts'

const failing = (errcode: number) => () => {
  throw Object.assign(new Error('the disk says no'), { errcode })
}
function aGroup() {
  const told: string[] = []
  const hooks = {
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    afterRollback: () => undefined,
    makeRoom: () => false,
    onDamaged: (why: string) => void told.push(why),
  }
  const db = { isTransaction: false, exec: () => undefined } as unknown as DatabaseSync
  return { group: new GroupCommit(db, hooks), told }
}

test.for([
  { what: 'damaged', errcode: 11, told: ['the disk says no'] },
  { what: 'no database any more', errcode: 26, told: ['the disk says no'] },
  { what: 'damaged, said in an extended code', errcode: 11 | (1 << 8), told: ['the disk says no'] },
  { what: 'full', errcode: 13, told: [] },
])('a file that is $what is told once, and the write is refused', async ({ errcode, told }) => {
  const { group, told: heard } = aGroup()
  const outcomes = await Promise.allSettled([1, 2].map(() => group.run(0, failing(errcode))))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(heard).toEqual(told)
})

test('the neighbour of a write that cannot be stored is stored', async () => {
  const { group } = aGroup()
  const outcomes = await Promise.allSettled([group.run(2, failing(19)), group.run(0, () => 'a press')])
  expect(outcomes).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: 'a press' }])
})
