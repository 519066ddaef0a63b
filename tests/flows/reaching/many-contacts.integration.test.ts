import { minutes, seconds } from '@anju/contract'
import type { EscalationPolicy } from '@anju/contract/api'
import { afterEach, expect, test } from 'vitest'
import { meansOf } from '../../../server/src/notifications/means.ts'
import { createReadiness } from '../../../server/src/roster/readiness.ts'
import { actorOf } from '../../harness/story/people.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const AT = '2026-03-01T02:10:00+08:00'
const NINE = Array.from({ length: 9 }, (_, n) => ({ name: `contact-${n + 1}`, ways: ['sms'] as const }))
const whom = () => [...new Set(story.takeAll().map((one) => one.replace('sms for ', '')))]

const step = (position: number) => ({
  targets: [{ to: 'contact' as const, position }],
  waves: [{ channels: ['sms' as const], timeoutS: 45 }],
})

test('nine contacts: after the fifth the others are asked too, three at a time, and the fourth of them in the next round', async () => {
  story = await aStory({ at: AT, contacts: NINE })
  await story.press()
  await story.passes(seconds(4 * 45))
  expect(whom()).toEqual(['contact-1', 'contact-2', 'contact-3', 'contact-4', 'contact-5'])
  await story.passes(seconds(45))
  expect(whom()).toEqual(['contact-6', 'contact-7', 'contact-8'])
  // The round's pause, five steps of one, and then the next three.
  await story.passes(seconds(45 + 120 + 5 * 45))
  expect(whom()).toEqual([1, 2, 3, 4, 5, 9, 6, 7].map((n) => `contact-${n}`))
})

test('who was removed or has withdrawn before it began takes nobody’s place; who does so meanwhile keeps it', async () => {
  story = await aStory({ at: AT, contacts: NINE.slice(0, 6) })
  const withdraws = (name: string) =>
    story.data.sql(
      `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence, withdrawn_at)
       values ($1, 'east', 'home-1', 'r1', 'alarm', 'contact', $1, '2026-01-01', 'paper', app_now())`,
      [name],
    )
  await withdraws('contact-1')
  await story.passes(minutes(1))
  await story.press()
  expect(whom()).toEqual(['contact-2'])
  await withdraws('contact-3')
  await story.passes(seconds(45))
  expect(whom()).toEqual(['contact-4'])
  await story.passes(seconds(90))
  expect(whom()).toEqual(['contact-5', 'contact-6'])
})

test('whom a centre’s own policy never asks is named by its readiness; the standard one leaves out nobody', async () => {
  story = await aStory({ at: AT, contacts: NINE })
  const parts = { database: story.server.database, means: meansOf(story.phones.adapters) }
  const ours = async () =>
    (await createReadiness(parts).of(actorOf({ name: 'sun', role: 'supervisor' }), undefined)).homes.items
  expect((await ours())[0]?.notAsked).toBeUndefined()
  const track = { startAfterS: 0, repeatAfterS: 60, quietWhileHeld: true }
  const centre = {
    ...track,
    steps: [{ targets: [{ to: 'queue' as const }], waves: [{ channels: ['console' as const], timeoutS: 30 }] }],
  }
  const policy: EscalationPolicy = { centre, family: { ...track, steps: [1, 2, 3, 4, 5, 6, 7].map(step) } }
  await story.policy({}, policy)
  expect((await ours())[0]).toMatchObject({ notAsked: ['contact-8', 'contact-9'] })
  expect((await ours())[0]?.lacks).toContain('contact-not-asked')
})
