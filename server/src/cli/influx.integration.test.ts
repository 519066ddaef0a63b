import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Part } from '../../../tests/harness/child.ts'
import { serverCommand, startCommand } from '../../../tests/harness/command.ts'
import { findInfluxd, startInfluxd } from '../../../tests/harness/influx.ts'
import { freePort } from '../../../tests/harness/ports.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'

let folder: string
beforeAll(() => {
  folder = temporaryFolder('anju-influx-cli')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const tokens = () => join(folder, 'data', 'influx-tokens.env')

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  startCommand(serverCommand(['influx', ...args]), { ANJU_DATA_DIR: join(folder, 'data'), ...env }).done

describe('what is not understood is said before anybody is asked', () => {
  const env = { INFLUX_URL: 'http://127.0.0.1:1', INFLUX_TOKEN: 't', INFLUX_ORG: 'anju', INFLUX_BUCKET: 'anju' }
  test.for([
    [[], env, 2, /"" is not setup/],
    [['setup', '--frobnicate'], env, 2, /--frobnicate/],
    [['setup', '--raw-days', 'many'], env, 2, /--raw-days: "many" is not a number of days/],
    [['setup', '--raw-days', '3'], env, 1, /--raw-days: 3 is neither 0/],
    [['setup', '--zone', 'Moon'], env, 1, /--zone: "Moon"/],
    [['setup'], {}, 1, /INFLUX_URL: which InfluxDB\?/],
    [['setup'], { ...env, INFLUX_BUCKET: 'a"b' }, 1, /INFLUX_BUCKET: "a"b"/],
    [['setup'], env, 1, /InfluxDB cannot be asked/],
  ] as const)('%j', async ([args, env, code, why]) => {
    const done = await run(args, env)
    expect(done).toMatchObject({ code, out: '' })
    expect(done.err).toMatch(why)
  })
})

const missing = findInfluxd() === undefined
if (missing)
  console.warn('NOT TESTED: influx setup on an InfluxDB fresh from its package, because no influxd is on the PATH')

describe.skipIf(missing)('an InfluxDB fresh from its package', () => {
  let influxd: Part
  let env: Readonly<Record<string, string>>
  beforeAll(async () => {
    const port = await freePort()
    mkdirSync(join(folder, 'influx'))
    influxd = await startInfluxd(join(folder, 'influx'), port)
    env = {
      INFLUX_URL: `http://127.0.0.1:${port}`,
      INFLUX_TOKEN: 'only-for-tests-71c3',
      INFLUX_ORG: 'city',
      INFLUX_BUCKET: 'homes',
    }
  })
  afterAll(() => influxd.stop())

  test('is looked at, set up, and found set up; secrets are in a file and nowhere else', async () => {
    const looked = await run(['setup', '--dry-run'], env)
    expect(looked).toMatchObject({ code: 0, err: '' })
    expect(looked.out).toContain('+ organisation city, and with it the first user; INFLUX_TOKEN becomes')
    expect(looked.out).toContain('Dry run: nothing was changed')
    expect(existsSync(tokens())).toBe(false)

    const first = await run(['setup', '--raw-days', '30'], env)
    expect(first).toMatchObject({ code: 0, err: '' })
    expect(first.out).toMatch(/^17 done, 0 as they should be$/m)
    expect(first.out).toContain('INFLUX_TOKEN_WRITER, INFLUX_TOKEN_READER, INFLUX_TOKEN_TASK in ')
    expect(statSync(tokens()).mode & 0o777).toBe(0o600)
    const secrets = [...readFileSync(tokens(), 'utf8').matchAll(/^INFLUX_TOKEN_[A-Z]+=(.+)$/gm)].map(
      ([, secret]) => secret,
    )
    expect(secrets).toHaveLength(3)
    for (const secret of secrets) expect(first.out).not.toContain(secret)

    const second = await run(['setup', '--raw-days', '30'], env)
    expect(second).toMatchObject({ code: 0, err: '' })
    expect(second.out).toMatch(/= all of 17 are as they should be\nNothing to do\.\n$/)

    // The settings are what the command says, so the default mends what 30 days were.
    const third = await run(['setup'], env)
    expect(third.out).toContain('~ bucket homes\n      kept for 30 days → kept for 90 days')
    expect(third.out).toMatch(/mended: bucket homes\n1 done, 16 as they should be/)

    const shorter = await run(['setup', '--raw-days', '30'], env)
    expect(shorter.code).toBe(1)
    expect(shorter.out).toContain('left alone: bucket homes (--shorten)')
    expect((await run(['setup', '--raw-days', '30', '--shorten', '--json'], env)).out).toMatch(
      /"outcome":\{"is":"done"\}/,
    )
  })

  test('a place where secrets cannot be written costs the tokens and nothing else', async () => {
    const open = join(folder, 'open')
    mkdirSync(open)
    const { code, out } = await run(['setup', '--tokens', open], { ...env, INFLUX_BUCKET: 'other' })
    expect(code).toBe(1)
    expect(out).toMatch(/FAILED: token anju writer \(other\) – --tokens: .* cannot be written/)
    expect(out).toContain('made: bucket other-1d')
  })
})
