import { type AlarmId, minutes, seconds } from '@anju/contract'
import { afterEach, expect, test } from 'vitest'
import { STANDARD_POLICY } from '../../../server/src/domain/escalation/standard.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'
const contacts = [{ name: 'daughter' }, { name: 'neighbour' }] as const

/** The ledger's rows outside of our own consoles, as who, channel, state and tries. */
const ledger = async (alarm: AlarmId) =>
  (
    await story.data.sql<{ row: string }>(
      `select recipient || ' ' || channel || ' ' || state || ' ' || tries as row from notification
       where alarm = $1 and channel <> 'console' order by queued_at, id`,
      [alarm],
    )
  ).map(({ row }) => row)

test('a provider that is throttled for five seconds is asked again after five and not before, in the same row', async () => {
  story = await aStory({ at: AT, contacts })
  story.phones.next({ status: 429, headers: { 'retry-after': '5' }, body: '{"code":20429}' })
  const alarm = await story.press()
  await story.passes(seconds(4))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter')
  expect(await ledger(alarm)).toEqual(['daughter sms sent 2'])
})

test('one that is throttled for 20 s is not waited for: she is called at once, and the message goes all the same when it may', async () => {
  story = await aStory({ at: AT, contacts })
  story.phones.next({ status: 429, headers: { 'retry-after': '20' }, body: '{"code":20429}' })
  const alarm = await story.press()
  await story.expect('voice', 'daughter')
  await story.passes(seconds(19))
  story.expectNothingElse()
  await story.passes(seconds(1))
  await story.expect('sms', 'daughter')
  expect(await ledger(alarm)).toEqual(['daughter sms sent 2', 'daughter voice sent 1'])
})

test('a provider of messages that is down: after three tries she is called; each attempt is one row, and its troubles are on the page', async () => {
  story = await aStory({ at: AT, contacts })
  story.phones.breaks('sms', 500)
  const alarm = await story.press()
  story.expectNothingElse()
  await story.passes(seconds(4))
  const [waiting] = (await story.alarm(alarm)).notifications.filter(({ channel }) => channel === 'sms')
  expect(waiting).toMatchObject({ state: 'queued', why: expect.stringMatching(/500/) })
  await story.presses(await story.expect('voice', 'daughter'), '1')
  const rows = await ledger(alarm)
  expect(rows).toHaveLength(2)
  expect(rows[0]).toMatch(/^daughter sms cancelled [3-5]$/)
  expect(rows[1]).toBe('daughter voice accepted 1')
})

test('a provider that is down for minutes: each round asks anew, and when it works again she gets one message, not one of each', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms'] }] })
  story.phones.breaks('sms', 503)
  const alarm = await story.press()
  await story.passes(minutes(9))
  story.expectNothingElse()
  const attempts = (await story.alarm(alarm)).notifications.filter(({ channel }) => channel === 'sms')
  expect(attempts.map(({ state }) => state)).toEqual([...attempts.slice(1).map(() => 'cancelled'), 'queued'])
  expect(attempts.length).toBeGreaterThan(3)
  expect(attempts.at(-1)?.why).toMatch(/503/)
  story.phones.breaks('sms', null)
  await story.passes(seconds(61))
  await story.expect('sms', 'daughter')
})

test('she writes back to what reached her, not to what was asked later and never left', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms'] }] })
  const alarm = await story.press()
  const asked = await story.expect('sms', 'daughter')
  story.phones.breaks('sms', 503)
  const unheard = await story.press({ placement: 'bed-sos' })
  await story.at('li').claims(unheard)
  await story.at('li').closes(unheard)
  expect(await ledger(unheard)).toEqual([expect.stringMatching(/^daughter sms cancelled [1-3]$/)])
  story.phones.breaks('sms', null)
  await story.writesBack(asked, '1')
  expect(await ledger(alarm)).toEqual(['daughter sms accepted 1'])
  expect(await ledger(unheard)).toEqual([expect.stringMatching(/^daughter sms cancelled/)])
})

test('a line that is cut while the provider has it: it may have left; for life it is sent once more', async () => {
  story = await aStory({ at: AT, contacts })
  story.phones.next('cut')
  const alarm = await story.press()
  expect(await ledger(alarm)).toEqual(['daughter sms unknown 1'])
  await story.passes(seconds(2))
  await story.expect('sms', 'daughter')
  expect(await ledger(alarm)).toEqual(['daughter sms sent 2'])
})

test('a server dies while the provider has a message for life: the next one sees that nothing is known of it, and sends it again', async () => {
  story = await aStory({ at: AT, contacts })
  await story.diesDuring(() => story.press({ id: '01JZZZZZZZZZZZZZZZZZZZZZZZ' }))
  const [row] = await story.data.sql<{ alarm: AlarmId }>('select alarm from event')
  const alarm = row?.alarm as AlarmId
  await story.passes(seconds(29))
  story.expectNothingElse()
  await story.passes(seconds(3))
  await story.expect('sms', 'daughter')
  expect(await ledger(alarm)).toEqual(['daughter sms sent 2'])
})

test('the same for a technical alarm: shown as unknown and not sent again; after 45 s she is called', async () => {
  story = await aStory({ at: AT, contacts })
  await story.policy({ class: 'technical' }, STANDARD_POLICY)
  await story.diesDuring(() => story.press({ type: 'tamper', class: 'technical' }))
  const [row] = await story.data.sql<{ alarm: AlarmId }>('select alarm from event')
  const alarm = row?.alarm as AlarmId
  await story.passes(seconds(31))
  expect(await ledger(alarm)).toEqual(['daughter sms unknown 1'])
  // It may have arrived: an answer to it is waited for as long as to any other.
  await story.passes(seconds(14))
  await story.expect('voice', 'daughter')
  expect(await ledger(alarm)).toEqual(['daughter sms unknown 1', 'daughter voice sent 1'])
  const [shown] = (await story.alarm(alarm)).notifications.filter(({ channel }) => channel === 'sms')
  expect(shown).toMatchObject({ state: 'unknown', why: 'interrupted' })
})

test('while a second try is under way nobody is passed over for it, whoever looks meanwhile', async () => {
  story = await aStory({ at: AT, contacts: [{ name: 'daughter', ways: ['sms', 'voice'] }] })
  story.phones.next({ status: 503, headers: {}, body: '{}' })
  await story.press()
  await story.diesDuring(() => story.passes(seconds(3)))
  await story.data.sql('update escalation set due_at = app_now()')
  await story.passes(seconds(5))
  const asked = await story.data.sql(`select channel, sending from notification where track = 'family'`)
  expect(asked).toEqual([{ channel: 'sms', sending: true }])
  await story.passes(seconds(30))
  await story.expect('sms', 'daughter')
})
