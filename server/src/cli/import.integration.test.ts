import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCommand, startCommand } from '../../../tests/harness/command.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { aServer, temporaryFolder } from '../../../tests/harness/server.ts'

let store: TestDatabase
let folder: string
beforeAll(async () => {
  store = await freshDatabase()
  folder = temporaryFolder('anju-cli')
  await store.sql(`insert into centre values ('east', 'East')`)
})
afterAll(async () => {
  await store.drop()
  rmSync(folder, { recursive: true, force: true })
})

const run = (args: readonly string[], env: Readonly<Record<string, string>> = { DATABASE_URL: store.url }) =>
  startCommand(serverCommand(args), { ANJU_DATA_DIR: join(folder, 'data'), ...env }).done
function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const list = () =>
  file('list.csv', 'external ref,address,resident,area code\nA-1,Street 1,Ms Zhen,330106001000\nA-2,,Ms Shan,\n')

test.for([
  [['explode'], /there is no command "explode"/],
  [['toString'], /there is no command "toString"/],
  [['import'], /"" is none of households, areas, area-changes/],
  [['import', 'people', 'x.csv'], /"people" is none of/],
  [['import', 'households'], /exactly one file/],
  [['import', 'households', 'a', 'b'], /exactly one file/],
  [['import', 'households', 'a', '--dryrun'], /--dryrun/],
] as const)('%j is not understood, and how it is meant is said', async ([args, why]) => {
  const { code, out, err } = await run(args)
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(why)
  expect(err).toMatch(/usage: npm run server\s[^]*\n\s+npm run server -- import households FILE/)
})

test('areas, then households: a dry run, the run, and once more', async () => {
  const areas = file('areas.csv', 'code,name\n330000000000,P\n330100000000,C\n330106000000,D\n330106001000,S\n')
  expect(await run(['import', 'areas', areas])).toMatchObject({ code: 0, out: expect.stringMatching(/^4 taken/) })
  expect(await run(['import', 'areas', areas])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^0 taken, 4 were/),
  })
  const dry = await run(['import', 'households', list(), '--dry-run'])
  expect(dry.code).toBe(1)
  expect(dry.out).toBe(
    [
      'line 3, address: must not be empty',
      '2 rows for east, utf-8 (dry run: nothing was written)',
      'would be created 1, would be changed 0, unchanged 0, left out 1\n',
    ].join('\n'),
  )
  expect(await store.sql('select 1 from home')).toEqual([])
  expect((await run(['import', 'households', list()])).out).toMatch(
    /\ncreated 1, changed 0, unchanged 0, left out 1\n$/,
  )
  const again = await run(['import', 'households', list(), '--json'])
  expect(JSON.parse(again.out)).toMatchObject({ created: 0, unchanged: 1, problems: [{ line: 3, code: 'missing' }] })

  const changes = file('changes.csv', 'on,code,became,name\n2026-01-01,330106001000,330106001000,New Street\n')
  expect(await run(['import', 'area-changes', changes])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 taken/),
  })
  const wrong = file('wrong.csv', 'on,code,became,name\n2026-01-01,330106007000,330106001000,\n')
  expect(await run(['import', 'area-changes', wrong])).toMatchObject({
    code: 1,
    out: 'line 2: was not there on that day\nnothing was taken: 1 of 1 lines are not right\n',
  })
})

test('what a list says cannot steer the terminal', async () => {
  const bad = file('bad.csv', 'external ref,address,resident,birth date\n1,x,y,"\u001b[2J"\n')
  const { out } = await run(['import', 'households', bad])
  expect(out).toMatch(/line 2, birth date: is no date/)
  expect(out).not.toContain('\u001b')
  const heading = file('heading.csv', 'external ref,address,resident,\u001b[2Jx\n')
  const { code, err } = await run(['import', 'households', heading])
  expect(code).toBe(1)
  expect(err).toMatch(/none that is known/)
  expect(err).not.toContain('\u001b')
})

test('a file that is not there, and whose list it is when there are two centres', async () => {
  expect(await run(['import', 'households', join(folder, 'none.csv')])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/none\.csv: cannot be read/),
  })
  await store.sql(`insert into centre values ('west', 'West')`)
  expect(await run(['import', 'households', list()])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--centre is needed, one of east, west/),
  })
  expect(await run(['import', 'households', list(), '--centre', 'nowhere'])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no centre "nowhere"/),
  })
})

test('beside a running server that embeds its database, which stays up, and after it has ended', {
  timeout: 120_000,
}, async () => {
  const server = await aServer({ embedded: true })
  try {
    const plain = file('plain.csv', 'external ref,address,resident\nE-1,Street 1,Ms Zhen\n')
    const env = { ANJU_DATA_DIR: server.dataDir }
    expect(await run(['import', 'households', plain], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/created 1/),
    })
    expect(await server.readiness()).toBe(200)
    const operator = await server.logIn('operator')
    const { body } = await operator.call<{ items: unknown[] }>('GET', '/homes?search=e-1')
    expect(body.items).toHaveLength(1)
    await server.stop()
    expect(await run(['import', 'households', plain], env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/unchanged 1/),
    })
    await server.start()
  } finally {
    await server.end()
  }
})
