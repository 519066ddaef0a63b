import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { createAlarmNews } from '../alarms/answered.ts'
import { createAlarmDesk } from '../alarms/desk.ts'
import { startOutages } from '../alarms/outages.ts'
import { openDatabase } from '../database/database.ts'
import { createLedger } from '../notifications/ledger.ts'
import { createMover } from '../notifications/mover.ts'
import { startSender } from '../notifications/sender.ts'
import { hashSecret, newSecret } from '../people/secrets.ts'
import { createRoster } from '../roster/roster.ts'
import { startAuditor } from './auditor.ts'
import { startEscalator } from './escalator.ts'
import { createEscalations } from './runs.ts'

const unhurried = { ...systemClock, every: () => ({ cancel: () => undefined }) }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
})
afterAll(() => centre.close())

const filled = 20_000
/** So many rows like the first one of a table, each with its own of what is unique. */
const many = (table: string, changed: string) =>
  `insert into ${table} select made.* from (select * from ${table} limit 1) as one, generate_series(1, ${filled}) as n,
     lateral jsonb_populate_record(null::${table}, to_jsonb(one) || jsonb_build_object(${changed})) as made;`

/** As after a bad day, and as no planner has been told: rows like those that are there, of alarms that are over. */
async function aBadDay(): Promise<void> {
  await centre.store.sql(`set session_replication_role = replica;
    ${many('alarm', `'id', 'over-' || n, 'handling', 'closed'`)}
    ${many('escalation', `'alarm', 'over-' || n, 'state', 'ended', 'due_at', null`)}
    ${many('notification', `'id', 'over-' || n, 'alarm', 'over-' || n`)}
    reset session_replication_role`)
}

/** Rows that were looked at: of a connection's statements this is told when it ends, at the latest. */
async function rowsLookedAt(): Promise<number> {
  const [row] = await centre.store.sql<{ n: number }>(
    `select sum(idx_tup_fetch + seq_tup_read)::integer as n from pg_stat_user_tables
     where relname in ('alarm', 'escalation', 'notification')`,
  )
  return row?.n ?? 0
}

test('what was planned while the tables were empty finds a batch by its keys on a bad day', async () => {
  const database = openDatabase({ url: centre.store.url, clock: systemClock, random: systemRandom, log: quiet })
  const escalator = startEscalator({
    database,
    desk: createAlarmDesk(centre.liveLog),
    ledger: createLedger({ clock: systemClock, random: systemRandom, sends: () => true, onQueued: () => undefined }),
    roster: createRoster(),
    clock: unhurried,
    log: quiet,
  })
  const escalations = createEscalations(() => undefined)
  const sender = startSender({
    database,
    mover: createMover({ signal: escalations, news: createAlarmNews(centre.liveLog) }),
    adapters: [
      { channel: 'sms', provider: 'any', idempotent: false, send: async () => ({ outcome: 'sent', providerId: null }) },
    ],
    publicUrl: 'https://anju.example',
    newSecret,
    hashSecret,
    clock: unhurried,
    random: systemRandom,
    log: quiet,
  })
  const auditor = startAuditor({ database, escalations, raise: async () => undefined, clock: unhurried, log: quiet })
  const outages = startOutages({
    database,
    live: centre.liveLog,
    escalations,
    clock: unhurried,
    random: systemRandom,
    log: quiet,
  })
  /** Somebody was told to go for it, and need not. */
  const isOver = async () => {
    await centre.intake.commit([centre.press({ placement: 'over', home: 2 })])
    await escalator.runOnce()
    await sender.fill()
    await sender.idle()
    const [{ id } = { id: '' }] = await centre.store.sql<{ id: string }>(
      `select id from alarm where home = 'home-2' and placement = 'over' and type = 'sos-pressed' and handling <> 'closed'`,
    )
    await centre.store.sql(
      `update alarm set handling = 'closed', closed_at = app_now() - interval '1 h', disposition = '{"code":"accidental"}' where id = $1`,
      [id],
    )
    await centre.store.sql('update escalation set due_at = app_now() where alarm = $1', [id])
  }
  const goesOn = async () => {
    await isOver()
    let looks = 0
    for (let found = 1; found > 0 && looks < 20; looks++) {
      found = await escalator.runOnce()
      await sender.fill()
      await sender.idle()
    }
    await auditor.look('never')
    await outages.runOnce()
    await centre.store.passes(130_000)
  }
  await centre.store.sql(`insert into way (id, centre, home, owner_kind, owner, channel, address, position)
    values ('sms', 'east', 'home-1', 'contact', 'c1', 'sms', '+8613900001111', 1),
      ('sms-2', 'east', 'home-2', 'contact', 'son', 'sms', '+8613900002222', 1)`)
  await centre.store.sql(`insert into contact (id, centre, home, name, relation, phone, position)
    values ('son', 'east', 'home-2', 'Son', 'son', '+8613900002222', 1)`)
  await centre.intake.commit([centre.press(), centre.press({ placement: 'bed-sos', type: 'fall-detected' })])
  for (let n = 0; n < 3; n++) await goesOn()
  await aBadDay()
  const before = await rowsLookedAt()
  await goesOn()
  await escalator.stop()
  await sender.stop()
  await auditor.stop()
  await outages.stop()
  const sent = await centre.store.sql<{ purpose: string }>(
    `select distinct purpose from notification where state = 'sent' and channel = 'sms' and alarm not like 'over-%' order by 1`,
  )
  expect(sent.map(({ purpose }) => purpose)).toEqual(['alarm', 'stand-down'])
  await database.close()
  const looked = (await rowsLookedAt()) - before
  expect(looked).toBeGreaterThan(0)
  expect(looked).toBeLessThan(filled / 10)
})
