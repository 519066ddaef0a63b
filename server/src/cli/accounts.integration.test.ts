import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCommand, startCommand } from '../../../tests/harness/command.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'
import { passwordMatches } from '../people/secrets.ts'

let store: TestDatabase
let folder: string
beforeAll(async () => {
  store = await freshDatabase()
  folder = temporaryFolder('anju-cli')
})
afterAll(async () => {
  await store.drop()
  rmSync(folder, { recursive: true, force: true })
})

const secret = 'six sleepy herons'

/**
 * The command with this standard input; with a terminal instead where `typed` is given, which answers each question in turn. That of
 * util-linux: socat loses the last words of who ends.
 */
function run(args: readonly string[], { input = '', typed }: { input?: string; typed?: readonly string[] } = {}) {
  const node = serverCommand(args)
  const { child, done } = startCommand(
    typed ? ['script', '--quiet', '--return', '--command', node.join(' '), '/dev/null'] : node,
    { ANJU_DATA_DIR: join(folder, 'data'), DATABASE_URL: store.url },
  )
  const answers = [...(typed ?? [])]
  let shown = ''
  if (typed)
    child.stdout.on('data', (text: string) => {
      shown += text
      if (shown.endsWith(': ')) child.stdin.write(`${answers.shift() ?? ''}\r`)
    })
  else child.stdin.end(input)
  return done
}
const words = (line: string) => line.split(' ')
const done = async (line: string) => {
  const { code, out, err } = await run(words(line))
  expect([code, err]).toEqual([0, ''])
  return out
}
const passwordOf = async (username: string) =>
  (await store.sql<{ password: string }>('select password from person where username = $1', [username]))[0]?.password ??
  ''

test('a first centre and its first accounts are set up, said once more unchanged, and listed', async () => {
  expect(await done('centre set west --name West')).toBe('centre west: added\n')
  const east = 'centre set east --name East --next-centre west --callback 0571-88001234'
  expect(await done(east)).toBe('centre east: added\n')
  expect(await done(east)).toBe('centre east: unchanged\n')
  expect(await done('centre set west --next-centre none --callback 110110')).toBe('centre west: changed callback\n')
  expect(await done('centre list')).toBe(
    'id    name  next centre  callback\neast  East  west         0571-88001234\nwest  West  –            110110\n',
  )
  expect(await done('account set li --centre east --name 李娜 --role operator')).toBe(
    'account li: added\nit has no password yet: npm run server -- account password li\n',
  )
  expect(await done('account set li --role supervisor')).toBe('account li: changed role\n')
  expect(await done('account set shan --centre east --name Shan --role admin')).toMatch(/^account shan: added/)
  expect(await done('account list')).toBe(
    [
      'centre  username  name  role        home  entry',
      'east    li        李娜  supervisor  –     no password yet',
      'east    shan      Shan  admin       –     no password yet',
      '',
    ].join('\n'),
  )
})

test('what is wrong is said with the name of the field, and the exit code tells it from a command that is not understood', async () => {
  const wrong = await run(words('centre set east --next-centre north'))
  expect([wrong.code, wrong.out, wrong.err]).toEqual([1, '', 'server: next centre: there is no centre north\n'])
  const nobody = await run(words('account password nobody'), { input: secret })
  expect([nobody.code, nobody.out, nobody.err]).toEqual([1, '', 'server: username: there is no account nobody\n'])
  const misspelt = await run(words('account set li --role chef'))
  expect([misspelt.code, misspelt.out]).toEqual([2, ''])
  expect(misspelt.err).toMatch(/--role: "chef" is none of .*\nusage: npm run server/)
})

test('a password comes by the standard input, and neither it nor its hash is in what is said or written down', async () => {
  const { code, out, err } = await run(words('account password li'), { input: `${secret}\r\nmore` })
  expect([code, out, err]).toEqual([0, 'account li: the password is set; sessions it had are over\n', ''])
  expect(await passwordMatches(secret, await passwordOf('li'))).toBe(true)
  const told = JSON.stringify(await store.sql('select * from audit')) + (await done('account list --json'))
  expect(told).not.toContain(secret)
  expect(told).not.toContain('argon2id')
  expect((await run(words('account password li'), { input: '\n' })).err).toMatch(/password: has fewer than 10/)
})

test('at a terminal it is asked for twice and never shown', async () => {
  const other = 'nine calm otters'
  const twice = await run(words('account password shan'), { typed: [other, other] })
  expect(twice.out).toMatch(/^New password of shan: \s+Once more: \s+account shan: the password is set/)
  expect(twice.out).not.toContain(other)
  expect(await passwordMatches(other, await passwordOf('shan'))).toBe(true)
  const unlike = await run(words('account password shan'), { typed: [secret, other] })
  expect(unlike.out).toMatch(/password: the two are not the same/)
  const given = await run(words('account password shan'), { typed: ['\u0003'] })
  expect(given.out).toMatch(/password: nothing was entered/)
  expect(await passwordMatches(other, await passwordOf('shan'))).toBe(true)
})

test('a second factor is reset, an account locked and unlocked', async () => {
  expect(await done('account reset-second-factor li')).toBe('account li: unchanged\n')
  expect(await done('account lock li')).toBe('account li: changed locked\n')
  expect(await done('account list --centre east')).toMatch(/li +李娜 +supervisor +– +locked\n/)
  expect(await done('account unlock li')).toBe('account li: changed locked\n')
})

test('the audit says who did it on this machine, by the names of the fields', async () => {
  const rows = await store.sql(
    `select person, name <> '' as named, role, action, changed, agent from audit where centre = 'east' order by id limit 3`,
  )
  const by = { person: 'command-line', named: true, role: 'system', agent: 'command line' }
  expect(rows).toEqual([
    { ...by, action: 'centre.added', changed: ['name', 'nextCentre', 'callback'] },
    { ...by, action: 'account.added', changed: ['centre', 'name', 'role'] },
    { ...by, action: 'account.changed', changed: ['role'] },
  ])
})
