import { encodeTime } from 'ulid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aLedger, type TestLedger } from './ledger.fixture.ts'
import { ASKED_AT } from './replies.ts'
import { UNDER_WAY } from './reports.ts'

let the: TestLedger
beforeAll(async () => {
  the = await aLedger()
})
afterAll(() => the.close())

test('what a provider says is found without a walk through the years of the ledger', async () => {
  const alarm = await the.anAlarm()
  await the.store.sql(
    `insert into notification (id, centre, alarm, purpose, recipient_kind, recipient, recipient_name, channel, address, language, content,
       urgent, state, queued_at, provider, provider_id, round)
     select '01A' || lpad(n::text, 23, '0'), 'east', $1, 'alarm', 'contact', 'son', 'Son', 'sms', '1', 'en', '{}', true, 'sent',
       app_now() - interval '1 year', 'hand-sms', 'old-' || n, n from generate_series(1, 30000) as n`,
    [alarm.alarm],
  )
  await the.store.sql('analyze notification')
  const plan = async (text: string, values: readonly unknown[]) =>
    JSON.stringify(await the.store.sql(`explain ${text}`, values))
  for (const looked of [
    await plan(ASKED_AT, ['hand-sms', '13800000001', encodeTime(Date.now() - 13 * 3_600_000, 10)]),
    await plan(UNDER_WAY, ['hand-sms']),
  ])
    expect(looked).not.toContain('Seq Scan on notification')
})
