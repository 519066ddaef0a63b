import { type ChannelHealth, ChannelHealth as HealthSchema } from '@anju/contract/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answersAs, listOf, type TwoCentres, twoCentres } from './two-centres.fixture.ts'

let given: TwoCentres
beforeAll(async () => {
  given = await twoCentres()
})
afterAll(() => given.end())

const attempts = (centre: string, provider: string | null, state: string, count: number, age = '1 hour') =>
  given.sql(
    `insert into notification (id, centre, purpose, recipient_kind, recipient, recipient_name, channel, address, language, content,
       urgent, state, provider, queued_at, sent_at, failed_at)
     select '01ZZZZZZZZ' || md5(random()::text), $1, 'notice', 'person', 'p', 'P', 'sms', '1', 'en', '{}', false, $3::text, $2,
       now() - $5::interval, case when $3 = 'sent' then now() - $5::interval end,
       case when $3 = 'failed' then now() - $5::interval end
     from generate_series(1, $4)`,
    [centre, provider, state, count, age],
  )

test('what is configured, and what came of the last day, of this centre alone', async () => {
  await attempts('demo-centre', 'twilio-sms', 'sent', 3)
  await attempts('demo-centre', 'twilio-sms', 'failed', 2)
  await attempts('demo-centre', 'twilio-sms', 'sent', 7, '25 hours')
  await attempts('demo-centre', 'aliyun-sms', 'failed', 1)
  await attempts('west', 'twilio-sms', 'sent', 11)
  const items = await listOf<ChannelHealth>(given.zhou, '/escalation/channels')
  expect(items.flatMap((item) => answersAs(HealthSchema, item))).toEqual([])
  expect(items.filter(({ configured }) => configured).map(({ channel, provider }) => `${channel} ${provider}`)).toEqual(
    ['push web-push', 'sms twilio-sms', 'voice twilio-voice', 'wecom wecom-robot'],
  )
  expect(items.filter(({ channel }) => channel === 'sms')).toMatchObject([
    { provider: 'twilio-sms', configured: true, succeeded: 3, failed: 2, unknown: 0, waiting: 0 },
    { provider: 'aliyun-sms', configured: false, succeeded: 0, failed: 1, lastSuccessAt: null },
  ])
  expect(items.find(({ channel }) => channel === 'wecom')?.names).toEqual(['night-shift'])
  expect(items.find(({ channel }) => channel === 'email')).toMatchObject({ provider: null, configured: false })
  expect((await given.installer.call('GET', '/escalation/channels')).status).toBe(403)
})
