import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { GatewayId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { until, within } from '../../../tests/harness/wait.ts'
import { startAuditor } from '../escalation/auditor.ts'
import { createEscalations } from '../escalation/runs.ts'
import { restartDevices } from '../gateways/device-time.ts'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'

/** The last migration of the release before people, plans and escalation. */
const before = '0016'
const folder = new URL('./migrations/', import.meta.url)
const name = `upgrade_${process.pid}`
const { superUrl, ownerUrl, appUrl } = inject('postgres')
const on = (url: string, database = name): string => url.replace(/\/[^/?]*(\?.*)?$/, `/${database}$1`)
const userOf = (url: string): string => new URL(url).username

async function as<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** As a release left it: its migrations by the owner, one at a time. */
async function leftBy(last: string, database: string): Promise<void> {
  await as(superUrl, (admin) => admin.query(`create database ${database} owner ${userOf(ownerUrl)}`))
  await as(on(ownerUrl, database), async (owner) => {
    await owner.query(
      'create table migration (id text primary key, digest text not null, at timestamptz not null default now())',
    )
    for (const file of (await readdir(folder)).sort().filter((one) => one.slice(0, 4) <= last)) {
      const sql = await readFile(new URL(file, folder), 'utf8')
      await owner.query('begin')
      await owner.query(sql)
      const digest = createHash('sha256').update(sql).digest('hex')
      await owner.query('insert into migration (id, digest) values ($1, $2)', [file.replace(/\.sql$/, ''), digest])
      await owner.query('commit')
    }
  })
}

/** What people had entered by then. */
beforeAll(async () => {
  await leftBy(before, name)
  await as(on(superUrl), (admin) =>
    admin.query(`
      insert into centre (id, name) values ('east', 'East');
      insert into home (id, centre, name, address) values ('home-1', 'east', 'Home 1', 'Street 3-2-501');
      insert into resident (id, centre, home, name) values ('r1', 'east', 'home-1', '王秀梅');
      insert into contact (id, centre, home, name, relation, phone, position) values ('c1', 'east', 'home-1', 'Son', 'son', '13800000001', 1),
        ('c2', 'east', 'home-1', 'Neighbour', 'neighbour', '0571-8888 0000', 2), ('c3', 'east', 'home-1', 'Ms Guo', 'friend', '86 13800000003', 3),
        ('c4', 'east', 'home-1', 'Mr Qian', 'friend', 'unknown', 4);
      insert into responder (id, centre, name, phone) values ('n1', 'east', 'Nurse', '13800000011');
      insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at) values ('gw-1', 'east', 'home-1', 's', '', now(), now());
      insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since, occurrences,
        recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, gateway)
        values ('01JQ8ZK3W4M5N6P7R8S9T0V1X2', 'east', 'home-1', 'sos', 'sos-pressed', 'life', 'active', 'new', 1, 0, false, now(), 1, '[]',
          false, now(), now(), now(), 5, false, 'gw-1')`),
  )
})
const [waiting, unheard, rolling, dumped, halfway] = ['waiting', 'unheard', 'rolling', 'dumped', 'halfway'].map(
  (one) => `${name}_${one}`,
) as [string, string, string, string, string]
afterAll(async () => {
  for (const database of [name, waiting, unheard, rolling, dumped, halfway])
    await as(superUrl, (admin) => admin.query(`drop database if exists ${database} with (force)`))
})

test('a database of the release before is brought along: everybody keeps the telephone they had, and an open alarm goes on', async () => {
  const applied = await migrate(on(ownerUrl), userOf(appUrl))
  expect(applied.length).toBeGreaterThan(5)
  expect(applied.every((id) => id.slice(0, 4) > before)).toBe(true)
  const { rows } = await as(on(superUrl), (admin) =>
    admin.query<{ owner: string; channel: string; address: string }>(
      'select owner, channel, address from way order by owner, position',
    ),
  )
  expect(rows).toEqual([
    { owner: 'c1', channel: 'sms', address: '13800000001' },
    { owner: 'c1', channel: 'voice', address: '13800000001' },
    // As they are dialled, and no message to a landline; what nobody could dial is left for people to mend.
    { owner: 'c2', channel: 'voice', address: '+8657188880000' },
    { owner: 'c3', channel: 'sms', address: '13800000003' },
    { owner: 'c3', channel: 'voice', address: '13800000003' },
    { owner: 'c4', channel: 'sms', address: 'unknown' },
    { owner: 'c4', channel: 'voice', address: 'unknown' },
    { owner: 'n1', channel: 'sms', address: '13800000011' },
    { owner: 'n1', channel: 'voice', address: '13800000011' },
  ])

  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const parts = { clock: systemClock, log: quiet }
  const database = openDatabase({ url: on(appUrl), random: systemRandom, ...parts })
  const escalations = createEscalations(() => undefined)
  const auditor = startAuditor({ database, escalations, raise: async () => undefined, ...parts })
  await auditor.look()
  await auditor.stop()
  await database.close()
  const runs = await as(on(superUrl), (admin) =>
    admin.query<{ track: string }>('select track from escalation order by 1'),
  )
  expect(runs.rows.map(({ track }) => track)).toEqual(['centre', 'family', 'long-lie'])
})

test('a call for a press that waits while a server is brought along passes in front from then on; no other does', async () => {
  await leftBy('0043', waiting)
  await as(on(superUrl, waiting), (admin) =>
    admin.query(`
      set session_replication_role = replica;
      insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since, occurrences,
        recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, gateway)
        select 'of-' || class, 'east', 'home-1', 'any', class, class, 'active', 'new', 1, 0, false, now(), 1, '[]', false, now(), now(),
          now(), 5, false, 'gw-1' from unnest(array['life', 'hazard']) as class;
      insert into notification (id, centre, home, alarm, purpose, recipient_kind, recipient, recipient_name, channel, address, language,
        content, urgent, state, queued_at, due_at)
        select class || ' ' || purpose, 'east', 'home-1', 'of-' || class, purpose, 'contact', 'c1', 'Son', 'voice', '1', 'en', '{}', true,
          'queued', now(), now() from unnest(array['life', 'hazard']) as class, unnest(array['alarm', 'stand-down']) as purpose`),
  )
  await migrate(on(ownerUrl, waiting), userOf(appUrl))
  const { rows } = await as(on(superUrl, waiting), (admin) => admin.query('select id from notification where life'))
  expect(rows).toEqual([{ id: 'life alarm' }])
})

test('a device that nobody can hear while a server is brought along has its full time once more; the time of every other runs on', async () => {
  await leftBy('0044', unheard)
  await as(on(superUrl, unheard), (admin) =>
    admin.query(`
      insert into centre (id, name) values ('east', 'East');
      insert into home (id, centre, name) values ('home-1', 'east', 'Home 1');
      insert into gateway (id, centre, home, serial, credential_hash, registered_at, changed_at) values ('gw-1', 'east', 'home-1', 's', '', now(), now());
      insert into device (home, placement, centre, gateway, device, life, lost_after_s, settled, commissioned_at, line_down, silent_due_at)
        values ('home-1', 'cut-off', 'east', 'gw-1', 'd-1', false, 600, false, now(), true, null),
               ('home-1', 'heard', 'east', 'gw-1', 'd-2', false, 600, false, now(), false, now() + interval '5 minutes')`),
  )
  await migrate(on(ownerUrl, unheard), userOf(appUrl))
  const database = openDatabase({
    url: on(appUrl, unheard),
    clock: systemClock,
    random: systemRandom,
    log: { info: () => undefined, warn: () => undefined },
  })
  await database.transaction({ kind: 'system', part: 'gateways' }, async (tx) => {
    await tx.query('update device set line_down = false')
    await restartDevices(tx, ['gw-1' as GatewayId])
  })
  await database.close()
  const { rows } = await as(on(superUrl, unheard), (admin) =>
    admin.query<{ placement: string; minutes: number }>(
      `select placement, round(extract(epoch from silent_due_at - now()) / 60)::integer as minutes from device order by placement`,
    ),
  )
  // Ten minutes, and the six that a note of what a gateway hears may take.
  expect(rows).toEqual([
    { placement: 'cut-off', minutes: 16 },
    { placement: 'heard', minutes: 5 },
  ])
})

test('a removed policy that a server of the release before writes anew is there again; one that is removed now stays so', async () => {
  await leftBy('0059', rolling)
  await as(on(superUrl, rolling), (admin) =>
    admin.query(`
      insert into centre (id, name) values ('east', 'East');
      insert into escalation_policy (id, centre, class, tracks, changed_at, removed_at)
        select class, 'east', class, '{}', now(), now() from unnest(array['life', 'hazard']) as class`),
  )
  await migrate(on(ownerUrl, rolling), userOf(appUrl))
  const { rows } = await as(on(superUrl, rolling), async (admin) => {
    // As it wrote them before removing was a column.
    await admin.query(
      `insert into escalation_policy (id, centre, home, type, class, tracks, changed_at)
       values ('another', 'east', null, null, 'life', '{"family": []}', now())
       on conflict on constraint escalation_policy_once do update
         set tracks = excluded.tracks, version = escalation_policy.version + 1, changed_at = excluded.changed_at`,
    )
    await admin.query(`update escalation_policy set version = version + 1, removed_at = now() where id = 'hazard'`)
    return admin.query('select id, version, removed_at is null as here from escalation_policy order by id')
  })
  expect(rows).toEqual([
    { id: 'hazard', version: 2, here: false },
    { id: 'life', version: 2, here: true },
  ])
})

test('behind a dump a migration lets presses pass, says so when that lasts, and is made when the dump is over', async () => {
  await leftBy('0058', dumped)
  await as(on(superUrl, dumped), async (dump) => {
    await dump.query('begin; lock table alarm in access share mode')
    const migrates = (tries?: number, answerMs?: number) =>
      migrate(on(ownerUrl, dumped), userOf(appUrl), tries, answerMs)
    // However soon other statements have to be answered, a migration is not broken off.
    for (const answerMs of [undefined, 1_800])
      await expect(migrates(1, answerMs)).rejects.toMatchObject({
        code: 'overloaded',
        message: expect.stringContaining('0059'),
      })
    await dump.query('select pg_advisory_lock(4711_2026)')
    await expect(migrates(1)).rejects.toMatchObject({
      code: 'overloaded',
      message: 'another server migrates this database',
    })
    await dump.query('select pg_advisory_unlock(4711_2026)')

    const migrated = migrates()
    await as(on(superUrl, dumped), async (press) => {
      await press.query('set session_replication_role = replica')
      await until(
        'the migration to wait for the dump',
        async () => {
          const { rows } = await press.query(
            `select 1 from pg_stat_activity where datname = $1 and application_name = 'anju-migrate' and wait_event_type = 'Lock'`,
            [dumped],
          )
          return rows.length === 1
        },
        { withinMs: 5_000 },
      )
      const pressed = press.query(`
        insert into alarm (id, centre, home, placement, type, class, condition, handling, version, fence, abandoned, since, occurrences,
          recent_at, stuck, first_at, last_at, received_at, late_by_ms, test, gateway)
          values ('a-1', 'east', 'home-1', 'any', 'life', 'life', 'active', 'new', 1, 0, false, now(), 1, '[]', false, now(), now(),
            now(), 5, false, 'gw-1')`)
      // Two seconds, and what a busy machine takes.
      await within('the press', 2_500, pressed)
    })
    await dump.query('commit')
    expect((await migrated).map((id) => id.slice(0, 4))).toEqual(expect.arrayContaining(['0059', '0060']))
  })
})

test('between two migrations, of which the second waits for hours, the server of the release before tells the time', async () => {
  await leftBy('0060', halfway)
  const app = userOf(appUrl)
  await as(on(superUrl, halfway), async (dump) => {
    await dump.query(`grant usage on schema public to ${app}; grant select on all tables in schema public to ${app}`)
    await dump.query('begin; lock table gateway in access share mode')
    await expect(migrate(on(ownerUrl, halfway), app, 1)).rejects.toMatchObject({ code: 'overloaded' })
    const { rows } = await as(on(appUrl, halfway), (older) => older.query('select app_now() is not null as tells'))
    expect(rows).toEqual([{ tells: true }])
  })
})
