import type { AlarmId } from '@anju/contract'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE } from '../../../tests/harness/alarms.ts'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { aCentreOn, type Disk, diskOf } from '../../../tests/harness/slow-disk.ts'
import { createAlarmNews } from '../alarms/answered.ts'
import { createEscalations } from '../escalation/runs.ts'
import { createMover } from '../notifications/mover.ts'
import type { Actor } from '../ports.ts'
import { fingerprint } from './idempotency.ts'

const SENDER: Actor = { kind: 'system', part: 'notifications' }

// Whoever answers a second time for what another process wrote a moment ago: not before the disk has that, and in nobody's way.
let cluster: Cluster
let disk: Disk
let one: AlarmCentre
let other: AlarmCentre
beforeAll(async () => {
  cluster = await aCluster()
  disk = diskOf(cluster)
  one = await aCentreOn(cluster)
  other = await anAlarmCentre({ store: one.store })
})
beforeEach(() => one.store.sql('truncate alarm, event, timeline, live_block, idempotency, notification cascade'))
afterEach(() => disk.isSlow(false))
afterAll(async () => {
  await other.close()
  await one.close()
  cluster.destroy()
})

const theAlarm = async (): Promise<AlarmId> => {
  const [row] = await one.store.sql<{ id: AlarmId }>(`select id from alarm where home = 'home-1'`)
  return row?.id as AlarmId
}

/** Asks them one behind the other: each waits for the disk, and nobody for another. Then the disk has it all. */
async function wait<T>(asks: readonly (() => Promise<T>)[]): Promise<T[]> {
  let answered = 0
  const answers: Promise<T>[] = []
  await disk.isSlow(true)
  for (const ask of asks) {
    answers.push(ask().finally(() => answered++))
    await disk.waitedForBy(answers.length)
  }
  expect(answered).toBe(0)
  await disk.isSlow(false)
  return Promise.all(answers)
}

test('an event that is known already is receipted when the disk has it, though its alarm was closed meanwhile', async () => {
  const li = one.person('li')
  const disposition = { code: 'genuine', cause: 'fall', outcome: 'helped-at-home' } as const
  // Repetitions come in swarms: after one, it is looked for others before they break a key.
  const before = other.press({ home: 2 })
  for (const outcome of ['committed', 'duplicate'])
    expect(await other.intake.commit([before])).toMatchObject([{ outcome }])
  const press = one.press()
  const lease = 1
  const receipts = await wait<unknown>([
    () => one.intake.commit([press]),
    async () => one.alarms.command(li, await theAlarm(), { type: 'claim' }),
    async () => one.alarms.command(li, await theAlarm(), { type: 'close', lease, disposition, note: 'done' }),
    // From here on there is no open alarm that it would have to lock.
    () => other.intake.commit([press]),
  ])
  const event = press.message.id
  expect([receipts[0], receipts[3]]).toEqual([[{ event, outcome: 'committed' }], [{ event, outcome: 'duplicate' }]])
})

test('a command that is asked once more is answered when the disk has what was done', async () => {
  await one.intake.commit([one.press()])
  const alarm = await theAlarm()
  const li = one.person('li')
  const key = { centre: CENTRE, person: li.person, key: 'k-1', fingerprint: fingerprint(['claim', alarm]) }
  const claims = (centre: AlarmCentre) => () => centre.alarms.command(li, alarm, { type: 'claim' }, key)
  const [first, ...more] = await wait([claims(one), claims(other), claims(other)])
  expect(first?.lease?.token).toBe('1')
  for (const answer of more) expect(answer).toEqual(first)
})

test('a console that finds an alarm shown already is done when the disk has that', async () => {
  await one.intake.commit([one.press()])
  const alarm = await theAlarm()
  const shows = (centre: AlarmCentre, who: string) => () => centre.alarms.shown(centre.person(who), alarm, who)
  await wait([shows(one, 'li'), shows(other, 'chen'), shows(other, 'wang')])
  expect(await one.store.sql(`select 1 as n from timeline where kind = 'shown'`)).toHaveLength(1)
})

test('a provider that says the same once more is answered when the disk has it', async () => {
  await one.intake.commit([one.press()])
  const alarm = await theAlarm()
  await one.store.sql(
    `insert into notification (id, centre, home, alarm, purpose, recipient_kind, recipient, recipient_name, channel, address, language,
       content, urgent, state, queued_at, sent_at, due_at)
     values ('n-1', 'east', 'home-1', $1, 'alarm', 'contact', 'c1', 'Son', 'sms', '1', 'en', '{}', true, 'sent', now(), now(), null)`,
    [alarm],
  )
  const declines =
    ({ database, liveLog }: AlarmCentre) =>
    () =>
      database.transaction(SENDER, async (tx) => {
        const mover = createMover({ signal: createEscalations(() => undefined), news: createAlarmNews(liveLog) })
        const moved = await mover.move(tx, { id: 'n-1', alarm }, { type: 'declined', by: 'provider' })
        return moved?.attempt.state
      })
  expect(await wait([declines(one), declines(other), declines(other)])).toEqual(['declined', 'declined', 'declined'])
})
