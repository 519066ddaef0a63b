import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serverCommand, startCommand } from '../../../tests/harness/command.ts'
import type { InfluxAddress } from '../../../tests/harness/influx.ts'
import { freshDatabase, type TestDatabase } from '../../../tests/harness/postgres.ts'
import { temporaryFolder } from '../../../tests/harness/server.ts'
import { until } from '../../../tests/harness/wait.ts'

const homes = 12
const samplesEach = 2_500
/** Each starts several processes, one after the other. */
const timeout = 180_000

/** The command as a process of its own; `killed` ends it as a power cut would. */
export function migrate(args: readonly string[], env: Readonly<Record<string, string>>) {
  const folder = temporaryFolder('anju-migrate')
  const { child, done } = startCommand(serverCommand(['telemetry', 'migrate', ...args]), {
    ANJU_DATA_DIR: join(folder, 'data'),
    ...env,
  })
  return {
    done: done.finally(() => rmSync(folder, { recursive: true, force: true })),
    signal: (signal: NodeJS.Signals) => child.kill(signal),
  }
}

export const influxEnv = ({ url, token, org, bucket }: InfluxAddress) => ({
  INFLUX_URL: url,
  INFLUX_TOKEN: token,
  INFLUX_ORG: org,
  INFLUX_BUCKET: bucket,
})

/** Twelve homes with two series each, values with all their digits and reasons among them. */
export async function fill(store: TestDatabase): Promise<number> {
  await store.sql(`insert into centre values ('east', 'East')`)
  await store.sql(
    `insert into series (centre, home, placement, point, unit)
     select 'east', 'home-' || h, 'meter', point, unit
     from generate_series(1, ${homes}) as h, (values ('power', 'W'), ('voltage', 'V')) as p (point, unit)`,
  )
  await store.sql(
    `insert into measurement
     select id, 1772352000000 + n * 60000 + id, case when n % 17 = 0 then null else sin(n * id) * 300 end,
            case when n % 17 = 0 then 1 + n % 10 end
     from series, generate_series(1, ${samplesEach}) as n`,
  )
  return homes * 2 * samplesEach
}
/** One text for everything that is there, to the last bit. */
export async function fingerprint(store: TestDatabase): Promise<unknown> {
  return store.sql(
    `select count(*)::integer as rows, md5(string_agg(concat_ws(' ', home, placement, point, unit, at, encode(float8send(value), 'hex'), absent),
       ',' order by home, placement, point, unit, at)) as all
     from measurement join series on series.id = measurement.series`,
  )
}
const of = (home: string) => `series = (select id from series where home = '${home}' and point = 'power')`
export const moveRow = (store: TestDatabase) =>
  store.sql<{ phase: string; samples: number; run: number }>(
    'select phase, samples::integer, run from telemetry_move order by saved_at desc limit 1',
  )

/** What whoever moves a city's measurements relies on, with a real InfluxDB as with its double. */
export function migrateTests(aBucket: (keptS?: number) => Promise<InfluxAddress>): void {
  let here: TestDatabase
  let there: TestDatabase
  let samples: number
  let address: InfluxAddress
  beforeAll(async () => {
    here = await freshDatabase()
    there = await freshDatabase()
    samples = await fill(here)
    address = await aBucket()
  })
  afterAll(async () => {
    await here.drop()
    await there.drop()
  })
  const from = (store: TestDatabase, ...more: readonly string[]) =>
    migrate(['--from', 'postgres', '--to', 'influx', ...more], { DATABASE_URL: store.url, ...influxEnv(address) })
  const back = (store: TestDatabase, ...more: readonly string[]) =>
    migrate(['--from', 'influx', '--to', 'postgres', ...more], { DATABASE_URL: store.url, ...influxEnv(address) })

  /** Ends the process when about so many samples are known to have come. */
  async function endedAt(run: ReturnType<typeof migrate>, store: TestDatabase, count: number, signal: NodeJS.Signals) {
    let over = false
    void run.done.then(() => (over = true))
    await until('part of it', async () => over || ((await moveRow(store))[0]?.samples ?? 0) >= count, {
      withinMs: 60_000,
      everyMs: 5,
    })
    run.signal(signal)
    const done = await run.done
    const [row] = await moveRow(store)
    expect({ ...done, phase: row?.phase }).toMatchObject({ phase: 'copy' })
    expect(row?.samples).toBeLessThan(samples)
    return { ...done, copied: row?.samples ?? 0 }
  }

  test('looks first, is killed in the middle, ended by hand, and goes on; compared it is equal', {
    timeout,
  }, async () => {
    const before = await fingerprint(here)
    const looked = await from(here, '--dry-run').done
    expect(looked).toMatchObject({ code: 0, err: '' })
    expect(looked.out).toContain(`24 series, ${samples.toLocaleString('en')} samples`)
    expect(looked.out).toContain('Dry run: nothing was written.')
    expect(await moveRow(here)).toEqual([])

    const killed = await endedAt(from(here), here, 10_000, 'SIGKILL')
    expect(killed.code).toBeNull()
    const ended = await endedAt(from(here), here, killed.copied + 10_000, 'SIGINT')
    expect(ended.code).toBe(130)
    expect(ended.out).toContain('goes on where it was: copying')
    expect(ended.out).toContain('Ended before it was done: the same command goes on where it was.')

    const whole = await from(here).done
    expect(whole).toMatchObject({ code: 0 })
    expect(whole.out).toMatch(new RegExp(`copied: 24 series, ${samples.toLocaleString('en')} samples\n`))
    expect(whole.out).toMatch(/compared: 24 series, 24 equal by count and SHA-256\n$/)
    expect(await moveRow(here)).toMatchObject([{ phase: 'done', samples, run: 3 }])
    expect(await fingerprint(here)).toEqual(before)
  })

  test('and back into another database, killed once as well: the same to the last bit', { timeout }, async () => {
    await endedAt(back(there), there, 10_000, 'SIGKILL')
    const whole = await back(there).done
    expect(whole).toMatchObject({ code: 0 })
    expect(await fingerprint(there)).toEqual(await fingerprint(here))
    expect(await moveRow(there)).toMatchObject([{ phase: 'done', samples, run: 2 }])
  })

  test('only comparing, it finds what somebody changed, names the series, and says so to programs', {
    timeout,
  }, async () => {
    expect(await back(there, '--verify-only').done).toMatchObject({ code: 0 })
    await there.sql(
      `delete from measurement where ctid in (select ctid from measurement where ${of('home-2')} limit 3)`,
    )
    await there.sql(
      `update measurement set value = value + 1e-10 where ctid in
       (select ctid from measurement where ${of('home-3')} and value is not null limit 2)`,
    )
    const found = await back(there, '--verify-only').done
    expect(found.code).toBe(1)
    expect(found.out).toMatch(/DIFFERENT: home-2 meter\/power \(W\): 3 missing at the target \(the first at 2026-/)
    expect(found.out).toMatch(/DIFFERENT: home-3 meter\/power \(W\): 2 with another value/)
    expect(found.out).toMatch(/DIFFERENT: 2 series\n$/)
    const json = await back(there, '--verify-only', '--json').done
    const said = json.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { is: string; compared?: object })
    expect(said.filter(({ is }) => is === 'compared')).toHaveLength(24 + 1)
    expect(said.at(-1)).toMatchObject({ is: 'compared', found: { series: 24, different: 2 } })
    expect(await back(there).done).toMatchObject({ code: 0, out: expect.stringContaining('24 equal') as unknown })
    expect(await fingerprint(there)).toEqual(await fingerprint(here))
  })

  test('a bucket that keeps less than there is costs nothing silently', { timeout }, async () => {
    const short = await aBucket(86_400)
    const env = { DATABASE_URL: here.url, ...influxEnv(short) }
    const direction = ['--from', 'postgres', '--to', 'influx']
    const looked = await migrate([...direction, '--dry-run'], env).done
    expect(looked.code).toBe(1)
    expect(looked.out).toContain(`NOT MOVED: ${samples.toLocaleString('en')} samples of 24 series are from before`)
    const refused = await migrate(direction, env).done
    expect(refused.code).toBe(1)
    expect(refused.out).toMatch(/Nothing was moved: 24 series have samples from before 20/)
    const left = await migrate([...direction, '--leave-old'], env).done
    expect(left.code).toBe(0)
    expect(left.out).toContain(`left where they are: ${samples.toLocaleString('en')} samples`)
  })
}
