import type { AlarmId } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { systemRandom } from '@anju/contract/system-random'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { identityOf } from '../../../tests/harness/alarms.ts'
import { until } from '../../../tests/harness/wait.ts'
import { type Reaching, startReaching } from '../app/reaching.ts'
import { createMetrics } from '../metrics.ts'
import type { Sent } from './channel.ts'
import { aLedger, aProvider, type HandProvider, type TestLedger } from './ledger.fixture.ts'

// C-19, and a bug of another platform: a request was marked SENT although every send had failed. Here the wave is over at once,
// the alarm's log says whom it did not reach and why, and no attempt says more than is true.

/** Longer than a test is patient: what goes on sooner did not wait for it. */
const waveS = 600
const contacts = ['c1', 'c2', 'c3'] as const
const track = (steps: object[]) => ({ startAfterS: 0, repeatAfterS: 600, quietWhileHeld: true, steps })
const policy = {
  centre: track([{ targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: waveS }] }]),
  family: track(
    contacts.map((_, index) => ({
      targets: [{ to: 'contact', position: index + 1 }],
      waves: [{ channels: ['sms', 'push'], timeoutS: waveS }],
    })),
  ),
}

let the: TestLedger
let reaching: Reaching
let sms: HandProvider
let push: HandProvider
beforeAll(async () => {
  the = await aLedger()
  await the.store.sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values
       ('c2', 'east', 'home-1', 'Daughter', 'daughter', '', 2), ('c3', 'east', 'home-1', 'Neighbour', 'neighbour', '', 3)`,
  )
  await the.store.sql(
    `insert into escalation_policy (id, centre, tracks, changed_at) values ('p', 'east', $1, now())`,
    [JSON.stringify(policy)],
  )
})
beforeEach(async () => {
  await the.store.sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position)
     select id || channel, 'east', 'home-1', 'contact', id, channel, channel || id, 1
     from contact, unnest(array['sms', 'push']) as channel where home = 'home-1'`,
  )
  sms = aProvider('sms')
  push = aProvider('push')
  reaching = startReaching({
    database: the.database,
    live: the.centre.liveLog,
    adapters: [sms, push],
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
})
afterAll(() => the.close())

const detailOf = async (alarm: AlarmId) =>
  (await the.centre.queries.detail(identityOf(the.centre.person('li')), alarm)).detail
const undeliverable = async (alarm: AlarmId) =>
  (await detailOf(alarm)).timeline.filter(({ kind }) => kind === 'undeliverable').map(({ detail }) => detail)
const family = async (alarm: AlarmId) =>
  (await detailOf(alarm)).notifications.filter(({ track: of }) => of === 'family')
const patience = { withinMs: 20_000 }

const DOWN: readonly { readonly how: string; readonly sent: Sent; readonly state: string; readonly why: string }[] = [
  {
    how: 'refuse every message',
    sent: { outcome: 'failed', why: 'isv.OUT_OF_SERVICE', addressDead: false },
    state: 'failed',
    why: 'isv.OUT_OF_SERVICE',
  },
  {
    how: 'cannot be reached',
    sent: { outcome: 'retry', why: 'ECONNREFUSED', afterMs: null },
    state: 'queued',
    why: 'ECONNREFUSED',
  },
  {
    how: 'throttle for minutes',
    sent: { outcome: 'retry', why: 'http 429', afterMs: 120_000 },
    state: 'queued',
    why: 'http 429',
  },
]
test.for(DOWN)(
  'all providers $how: one contact after the other is gone through, and the log names each',
  async (down) => {
    sms.answers(() => down.sent)
    push.answers(() => down.sent)
    const { alarm } = await the.anAlarm()
    const told = await until(
      'all three are said to be unreachable',
      async () => {
        const entries = await undeliverable(alarm)
        return entries.length === contacts.length ? entries : undefined
      },
      patience,
    )
    expect(told.map(({ step }) => step)).toEqual([0, 1, 2])
    expect(told[0]).toMatchObject({
      track: 'family',
      round: 0,
      wave: 0,
      recipients: [
        { kind: 'contact', id: 'c1', name: 'Son', channel: 'push', why: down.why },
        { kind: 'contact', id: 'c1', name: 'Son', channel: 'sms', why: down.why },
      ],
    })
    const attempts = await family(alarm)
    expect(attempts).toHaveLength(6)
    for (const { state, why, at } of attempts) {
      expect({ state, why }).toEqual({ state: down.state, why: down.why })
      expect([at.sent, at.delivered]).toEqual([null, null])
    }
    // The consoles hear of it as it happens.
    expect(the.centre.frames.some(({ bytes }) => bytes.toString().includes('"cause":"undeliverable"'))).toBe(true)
  },
)

test('a channel that still works is waited for: nothing is undeliverable then', async () => {
  sms.answers(() => ({ outcome: 'failed', why: 'isv.OUT_OF_SERVICE', addressDead: false }))
  const { alarm } = await the.anAlarm()
  await until(
    'both are tried',
    async () => {
      const attempts = await family(alarm)
      return attempts.length === 2 && attempts.every(({ state }) => state !== 'queued')
    },
    patience,
  )
  expect((await family(alarm)).map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual([
    'push sent',
    'sms failed',
  ])
  expect(await undeliverable(alarm)).toEqual([])
})

test('providers that are back within the first tries lose nobody', async () => {
  let tries = 0
  const flaky = (): Sent =>
    ++tries <= 2 ? { outcome: 'retry', why: 'ECONNREFUSED', afterMs: null } : { outcome: 'sent', providerId: null }
  sms.answers(flaky)
  push.answers(() => ({ outcome: 'failed', why: 'http 410', addressDead: true }))
  const { alarm } = await the.anAlarm()
  await until('it is sent', async () => (await family(alarm)).some(({ state }) => state === 'sent'), patience)
  expect(await undeliverable(alarm)).toEqual([])
})
