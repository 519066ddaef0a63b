import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { HOME } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import { type Reaching, startReaching } from '../app/reaching.ts'
import type { Author } from '../audit/audit.ts'
import { contactsOf } from '../homes/repository.ts'
import { createMetrics } from '../metrics.ts'
import { createConsents } from '../roster/consents.ts'
import { createContacts } from '../roster/contacts.ts'
import { aLedger, aProvider, type HandProvider, type TestLedger } from './ledger.fixture.ts'
import { meansOf } from './means.ts'

// Escalation, roster, ledger and sender as `app/` wires them; the providers are in the test's hands.

const contacts = [
  { id: 'c1', phone: '13800000001' },
  { id: 'c2', phone: '13800000002' },
]
/** Longer than a test is patient: what comes sooner was not waited for. */
const policy = {
  centre: {
    startAfterS: 0,
    repeatAfterS: 600,
    quietWhileHeld: true,
    steps: [{ targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 600 }] }],
  },
  family: {
    startAfterS: 0,
    repeatAfterS: 600,
    quietWhileHeld: true,
    steps: contacts.map((_, index) => ({
      targets: [{ to: 'contact', position: index + 1 }],
      waves: [{ channels: ['sms'], timeoutS: 600 }],
    })),
  },
}

let the: TestLedger
let reaching: Reaching
let sms: HandProvider
let author: Author
beforeAll(async () => {
  the = await aLedger()
  author = { actor: the.centre.person('zhou', 'supervisor'), key: undefined, note: () => Promise.resolve() }
  await the.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position)
     values ('c2', 'east', 'home-1', 'Daughter', 'daughter', '2', 2)`,
  )
  await the.store.sql(
    `insert into escalation_policy (id, centre, tracks, changed_at) values ('p', 'east', $1, now())`,
    [JSON.stringify(policy)],
  )
})
beforeEach(async () => {
  for (const { id, phone } of contacts) {
    await the.store.sql(
      `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
       values ('way-' || $1, 'east', 'home-1', 'contact', $1, 'sms', $2, 1)`,
      [id, phone],
    )
    await the.store.sql(
      `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence)
       values ('consent-' || $1, 'east', 'home-1', 'r1', 'alarm', 'contact', $1, now(), 'paper')`,
      [id],
    )
  }
  sms = aProvider('sms')
  reaching = startReaching({
    database: the.database,
    live: the.centre.liveLog,
    adapters: [sms],
    readers: [],
    publicUrl: 'https://anju.test',
    metrics: createMetrics(),
    clock: systemClock,
    random: systemRandom,
    log: { error: (detail, message) => void the.complaints.push(`${message} ${JSON.stringify(detail)}`) },
  })
})
afterEach(async () => {
  await reaching.stop()
  if (the.complaints.length > 0) throw new Error(the.complaints.join('\n'))
  await the.clean()
  await the.store.sql(`delete from consent; update contact set removed_at = null`)
})
afterAll(() => the.close())

const parts = () => ({
  database: the.database,
  clock: systemClock,
  random: systemRandom,
  withdrawals: reaching.withdrawals,
  means: meansOf([sms]),
})
const withdraw = (contact: string) => createConsents(parts()).withdraw(author, HOME, `consent-${contact}`)
const askedOf = (contact: string) => the.rows(`recipient = '${contact}' and purpose = 'alarm'`)
const told = () => sms.sent.map(({ address }) => address)
const patience = { withinMs: 10_000 }

/** An alarm whose first contact is being asked: their row has come as far as `ready` says. */
async function firstAsked(ready: (row: { state: string; tries: number; sending: boolean }) => boolean) {
  const alarm = await the.anAlarm()
  await until('the first contact is asked', async () => (await askedOf('c1')).some(ready), patience)
  return alarm
}
const nextIsAsked = () => until('the next one is asked', () => told().includes('13800000002'), patience)

test('a consent withdrawn in the middle of a wave: nobody waits for them, the next one is asked at once', async () => {
  await firstAsked(({ state }) => state === 'sent')
  await withdraw('c1')
  await nextIsAsked()
  expect(told()).toEqual(['13800000001', '13800000002'])
})

test('what waits for another try does not leave', async () => {
  sms.answers(({ address }) =>
    address === '13800000001'
      ? { outcome: 'retry', why: 'throttled', afterMs: 3_000 }
      : { outcome: 'sent', providerId: null },
  )
  await firstAsked(({ tries, sending }) => tries === 1 && !sending)
  await withdraw('c1')
  await nextIsAsked()
  expect(await askedOf('c1')).toMatchObject([{ state: 'cancelled', tries: 1, due_at: null }])
  expect(told().filter((address) => address === '13800000001')).toHaveLength(1)
})

test.for([
  {
    what: 'consent was withdrawn',
    sql: `update consent set withdrawn_at = app_now() where recipient = 'c1'`,
    ends: { state: 'cancelled' },
  },
  {
    what: 'contact was removed',
    sql: `update contact set removed_at = app_now() where id = 'c1'`,
    ends: { state: 'cancelled' },
  },
  {
    what: 'address died',
    sql: `update way set dead_since = app_now() where owner = 'c1'`,
    ends: { state: 'failed', why: 'address-dead' },
  },
])('whose $what without a word to the ledger: the sender looks once more before it sends', async ({ sql, ends }) => {
  let tries = 0
  sms.answers(({ address }) =>
    address === '13800000001' && ++tries === 1
      ? { outcome: 'retry', why: 'throttled', afterMs: 9_000 }
      : { outcome: 'sent', providerId: null },
  )
  await firstAsked((row) => row.tries === 1 && !row.sending)
  await the.store.sql(sql)
  await the.store.passes(10_000)
  await nextIsAsked()
  expect(await askedOf('c1')).toMatchObject([{ ...ends, tries: 1 }])
  expect(tries).toBe(1)
})

test('a contact who is removed, and a number that is taken from one, are asked no more', async () => {
  sms.answers(({ address }) =>
    address === '13800000001'
      ? { outcome: 'retry', why: 'throttled', afterMs: 9_000 }
      : { outcome: 'sent', providerId: null },
  )
  const list = createContacts(parts(), contactsOf)
  await firstAsked(({ tries, sending }) => tries === 1 && !sending)
  await list.change(author, HOME, 'c1', { ways: [{ channel: 'sms', address: '13800000009' }] })
  await until('it is cancelled', async () => (await askedOf('c1'))[0]?.state === 'cancelled', patience)
  await nextIsAsked()
  await list.remove(author, HOME, 'c2')
  await until(
    'nobody waits for the second one',
    async () =>
      (await the.store.sql(`select 1 from notification where recipient = 'c2' and cancelled_at is not null`)).length >
      0,
    patience,
  )
  expect(told()).toEqual(['13800000001', '13800000002'])
})

test('a number that dies with one alarm is not tried for the other', async () => {
  sms.answers(() => ({ outcome: 'retry', why: 'throttled', afterMs: 300_000 }))
  await firstAsked(({ tries, sending }) => tries === 1 && !sending)
  sms.answers(({ address }) =>
    address === '13800000001'
      ? { outcome: 'failed', why: 'UNKNOWN_SUBSCRIBER', addressDead: true }
      : { outcome: 'sent', providerId: null },
  )
  await the.anAlarm('fall-detected')
  await until(
    'both have failed',
    async () => {
      const rows = await askedOf('c1')
      return rows.length === 2 && rows.every(({ state }) => state === 'failed')
    },
    patience,
  )
  expect(new Set((await askedOf('c1')).map(({ why }) => why))).toEqual(new Set(['UNKNOWN_SUBSCRIBER', 'address-dead']))
})

test('who was told to go still hears that they need not', async () => {
  const alarm = await firstAsked(({ state }) => state === 'sent')
  await withdraw('c1')
  await nextIsAsked()
  await the.standDown(alarm, 'closed')
  await until('both are stood down', () => told().length === 4, patience)
  expect(told().slice(2).sort()).toEqual(['13800000001', '13800000002'])
})
