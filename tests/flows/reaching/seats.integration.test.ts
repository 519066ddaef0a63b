import { minutes, seconds } from '@anju/contract'
import type { EscalationPolicy, Step, Target } from '@anju/contract/api'
import { afterEach, expect, test } from 'vitest'
import type { Author } from '../../../server/src/audit/audit.ts'
import { noteChange } from '../../../server/src/audit/audit.ts'
import { createAtConsoles } from '../../../server/src/live/at-consoles.ts'
import { aStory, type Story } from '../../harness/story/story.ts'

let story: Story
afterEach(() => story.end())

const step = (timeoutS: number, ...targets: Target[]): Step => ({
  targets,
  waves: [{ channels: ['console', 'sms'], timeoutS }],
})
const track = (...steps: Step[]): EscalationPolicy['centre'] => ({
  startAfterS: 0,
  repeatAfterS: 600,
  quietWhileHeld: true,
  steps,
})
const seat = (id: string) => ({ to: 'seat', seat: id }) as const

/** Two desks, and nobody at them yet. */
async function atNight(...steps: Step[]) {
  story = await aStory({
    at: '2026-03-01T02:10:00+08:00',
    staff: [
      { name: 'li', role: 'operator' },
      { name: 'chen', role: 'operator' },
      { name: 'zhou', role: 'supervisor', ways: ['sms'] },
    ],
    policy: { centre: track(...steps) },
  })
  await story.data.sql(
    `insert into seat (id, centre, name) values ('desk-1', 'east', 'Desk 1'), ('desk-2', 'east', 'Desk 2')`,
  )
}
const consoles = () => createAtConsoles(story.server.database)
/** At a console that listens; `null`: without a word about which. */
async function sits(name: string, desk: string | null): Promise<void> {
  const { actor } = story.at(name)
  await story.data.sql(
    `insert into session (id, centre, person, secret_hash, created_at, expires_at)
     values ($1, 'east', $2, convert_to($1, 'UTF8'), app_now(), '9999-01-01') on conflict do nothing`,
    [actor.session, name],
  )
  await story.data.sql(`insert into console_person values ('consoles', $1, 'east', $2) on conflict do nothing`, [
    actor.session,
    name,
  ])
  const author: Author = {
    actor,
    key: undefined,
    note: (tx, change) => noteChange(tx, actor, change, { ip: '127.0.0.1', agent: 'a story' }),
  }
  await consoles().sit(author, desk)
}
const askedOf = async (name: string) => (await consoles().asked(story.at(name).actor)).map(({ alarm }) => alarm)

test('an alarm goes from desk to desk: whoever sits there is asked, and reads so also after a reload, until somebody takes it', async () => {
  await atNight(step(60, seat('desk-1')), step(60, seat('desk-2')), step(60, { to: 'supervisors' }))
  await sits('li', 'desk-1')
  await sits('chen', 'desk-2')
  const alarm = await story.press()
  expect([await askedOf('li'), await askedOf('chen')]).toEqual([[alarm], []])
  await story.passes(seconds(60))
  expect(story.told('east', alarm)).toEqual(['raised', 'escalated'])
  expect([await askedOf('li'), await askedOf('chen')]).toEqual([[alarm], [alarm]])
  // Chen goes over to the other desk: what that one is asked is hers.
  await sits('chen', null)
  expect(await askedOf('chen')).toEqual([])
  await sits('chen', 'desk-1')
  expect(await askedOf('chen')).toEqual([alarm])
  await story.at('li').claims(alarm)
  expect([await askedOf('li'), await askedOf('chen')]).toEqual([[], []])
  await story.passes(minutes(5))
  story.expectNothingElse()
})

test('nobody waits for an empty desk: who is asked next is asked at once', async () => {
  await atNight(step(60, seat('desk-1')), step(60, { to: 'supervisors' }))
  await sits('chen', 'desk-2')
  const alarm = await story.press()
  await story.expect('sms', 'zhou')
  expect(await askedOf('chen')).toEqual([])
  expect((await story.alarm(alarm)).handling).toBe('new')
})

test('a console that has said no seat may be the one that is meant: it is asked, and the next one after its time', async () => {
  await atNight(step(60, seat('desk-1')), step(60, { to: 'supervisors' }))
  await sits('chen', null)
  await story.press()
  await story.passes(seconds(59))
  expect(story.takeAll()).toEqual([])
  await story.passes(seconds(1))
  expect(story.takeAll()).toEqual(['sms for zhou'])
})
