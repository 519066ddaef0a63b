import type { AlarmId, PersonId } from '@anju/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, HOME, identityOf } from '../../../tests/harness/alarms.ts'
import { handOnRaces } from '../../../tests/harness/claim-race.ts'

let centre: AlarmCentre
beforeAll(async () => {
  centre = await anAlarmCentre()
  await centre.store.sql(
    `insert into person (id, centre, username, name, role, password) select name, 'east', name, name, role, 'x'
     from (values ('li', 'operator'), ('chen', 'operator'), ('zhou', 'supervisor')) as given (name, role)`,
  )
})
afterAll(() => centre.close())

test('taken on and taken over in the same moment: one owner each time, and nobody else works on it', async () => {
  const { rounds, oneOwner, loserTold } = await handOnRaces(centre, 60)
  expect({ oneOwner, loserTold }).toEqual({ oneOwner: rounds, loserTold: rounds })
})

test('an offer that is sent twice is made once; a relative sees nothing of what colleagues tell each other', async () => {
  await centre.store.sql('truncate alarm, timeline cascade')
  await centre.intake.commit([centre.press()])
  const [alarm] = await centre.store.sql<{ id: AlarmId }>('select id from alarm')
  const id = alarm?.id as AlarmId
  const li = centre.person('li')
  const { lease } = await centre.alarms.command(li, id, { type: 'claim' })
  const offer = { type: 'offer', lease: Number(lease?.token), to: 'chen' as PersonId, note: 'the son drinks' } as const
  const key = { centre: 'east', person: 'li', key: 'one', fingerprint: 'offer' }
  const first = await centre.alarms.command(li, id, offer, key)
  expect(await centre.alarms.command(li, id, offer, key)).toEqual(first)
  expect(first).toMatchObject({ alarm: { offer: { note: 'the son drinks' } }, lease: { token: lease?.token } })

  const told = await centre.store.sql(`select kind from timeline where kind = 'offered'`)
  expect(told).toHaveLength(1)
  const { detail } = await centre.queries.detail(identityOf(centre.person('mei', 'family'), HOME), id)
  expect(detail.offer).toBeNull()
  expect(JSON.stringify(detail)).not.toContain('drinks')
  // Who offers it may take their time over the answer; who holds it asks once more with another key and says so twice.
  const list = await centre.queries.list(identityOf(li), {})
  expect(list.items[0]?.offer).toMatchObject({ to: { personId: 'chen' }, by: { personId: 'li' } })
})
