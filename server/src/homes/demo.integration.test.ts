import { expect, test } from 'vitest'
import { anAlarmCentre } from '../../../tests/harness/alarms.ts'
import { addressOn } from '../domain/roster/address.ts'
import { seedDemo } from './demo.ts'

test('nobody of the demo has a number that a network could connect, and each is one that may be entered', async () => {
  const centre = await anAlarmCentre()
  const { database, store } = centre
  await store.sql(
    'delete from contact; delete from resident; delete from placement; delete from home; delete from responder',
  )
  await seedDemo(database, { password: 'only-for-tests', secondFactorExempt: true })
  const ways = await store.sql<{ channel: 'sms' | 'voice'; address: string }>('select channel, address from way')
  const phones = await store.sql<{ phone: string }>('select phone from contact union all select phone from responder')
  expect(ways.length).toBeGreaterThan(10)
  for (const { channel, address } of ways)
    expect(addressOn(channel, address, { names: new Map() })).toEqual({ ok: true, address })
  // +999 is assigned to no country.
  expect(
    [...ways.map(({ address }) => address), ...phones.map(({ phone }) => phone)].filter(
      (one) => !one.startsWith('+999'),
    ),
  ).toEqual([])
  await centre.close()
})
