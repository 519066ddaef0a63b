import { HttpError } from '@influxdata/influxdb-client'
import { expect, test } from 'vitest'
import { carryOut } from './carry-out.ts'
import { plan } from './plan.ts'
import type { Shelf } from './shelf.ts'
import { isWhole, linesOfDone, summary } from './tell.ts'
import { KINDS, type Kind, type Thing } from './thing.ts'
import { DEFAULTS, wanted } from './wanted.ts'

const things = wanted({ org: 'anju', bucket: 'anju', ...DEFAULTS }, [])
const said = (status: number, message: string) =>
  new HttpError(status, undefined, JSON.stringify({ message }), undefined, 'application/json')

/** Into an InfluxDB that has nothing; what `refuse` answers is thrown. */
async function doing(refuse: (thing: Thing) => Error | undefined) {
  const made: string[] = []
  const shelf: Shelf = {
    find: () => Promise.resolve([]),
    async create(thing) {
      const error = refuse(thing)
      if (error) throw error
      made.push(`${thing.kind} ${thing.name}`)
    },
    change: () => Promise.resolve(),
  }
  const shelves = Object.fromEntries(KINDS.map((kind) => [kind, shelf])) as Record<Kind, Shelf>
  const { steps } = plan(things, [], { shorten: false })
  const done = await Array.fromAsync(carryOut(steps, shelves))
  const text = done.flatMap(linesOfDone).join('\n')
  return { made, done, text, summary: summary(done), whole: isWhole(done) }
}

test('a token that may do everything leaves nothing out', async () => {
  const { made, whole, summary } = await doing(() => undefined)
  expect(made).toHaveLength(things.length)
  expect(whole).toBe(true)
  expect(summary).toBe(`${things.length} done, 0 as they should be`)
})

test('a token that may not make tasks is told which, by the right it lacks, and gets all the rest', async () => {
  // InfluxDB says 500 here, where it says 401 of everything else.
  const { made, text, whole } = await doing(({ kind }) =>
    kind === 'task' ? said(500, 'failed to create task: unauthorized') : undefined,
  )
  for (const name of ['anju 5 minutes', 'anju late', 'anju days'])
    expect(text).toContain(`NOT ALLOWED: task ${name} – this token lacks the right to write tasks`)
  expect(made).toHaveLength(things.length - 3)
  expect(whole).toBe(false)
})

test('what needs a bucket that could not be made is left out, and says for which; its neighbours are made', async () => {
  const { made, text } = await doing(({ kind, name }) =>
    kind === 'bucket' && name === 'anju-1d' ? said(401, 'write:orgs/x/buckets is unauthorized') : undefined,
  )
  expect(text).toContain('NOT ALLOWED: bucket anju-1d – this token lacks the right to write buckets')
  expect(text).toContain('LEFT OUT: task anju days – the bucket anju-1d is not there')
  expect(made).toContain('task anju 5 minutes')
  expect(made).not.toContain('task anju days')
})

test('without an organisation nothing else is tried', async () => {
  const { made, done } = await doing(({ kind }) =>
    kind === 'organisation' ? said(401, 'write:orgs is unauthorized') : undefined,
  )
  expect(made).toEqual([])
  expect(done.slice(1).every(({ outcome }) => outcome.is === 'without')).toBe(true)
})

test('what fails for another reason is no missing right, and says why', async () => {
  const { text, summary } = await doing(({ name }) =>
    name === 'telemetry-absent' ? said(422, 'expected a single field') : undefined,
  )
  expect(text).toContain('FAILED: check telemetry-absent – expected a single field')
  expect(summary).toBe(`${things.length - 1} done, 0 as they should be, 1 not done`)
})
