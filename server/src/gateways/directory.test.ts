import { type CentreId, DomainError, type GatewayId, gatewayId, type HomeId, instant, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { beforeEach, expect, test } from 'vitest'
import type { Database } from '../ports.ts'
import { hashCredential, MemoryDirectory } from './directory.ts'

interface Row {
  id: GatewayId
  home: HomeId
  centre: CentreId
  credential_hash: Buffer
  changed_at: number
}
const row = (id: string, password: string, changed_at: number, home = 'home-1'): Row => ({
  id: gatewayId(id),
  home: home as HomeId,
  centre: 'c' as CentreId,
  credential_hash: hashCredential(password),
  changed_at,
})

let rows: Row[]
/** The database's time. */
let now: number
let read: number
function answers(since: number) {
  const changed = rows.filter(({ changed_at }) => changed_at >= since)
  read += changed.length
  return changed.length > 0 ? changed.map((one) => ({ ...one, now })) : [{ now, id: null }]
}
let readings: number
let away: boolean
let clock: VirtualClock
let directory: MemoryDirectory

beforeEach(() => {
  rows = [row('gw-one', 'right', 1_000_000)]
  now = 1_000_000
  readings = read = 0
  away = false
  clock = new VirtualClock(instant(0))
  const database: Database = {
    async transaction(_actor, work) {
      if (away) throw new DomainError('store-unavailable', 'away')
      readings++
      return work({
        query: async <R>(_text: string, [asked]: readonly unknown[] = []) =>
          (typeof asked === 'string' ? rows.filter(({ id }) => id === asked) : answers(asked as number)) as R[],
        beforeCommit: () => undefined,
        afterCommit: () => undefined,
        unlocksEarly: () => undefined,
      })
    },
    inLine: () => Promise.reject(new Error('the directory only reads')),
    healthy: true,
    onHealth: () => undefined,
    close: async () => undefined,
  }
  directory = new MemoryDirectory(database, clock)
})

test('lets in who is known, by the right password only', async () => {
  expect(await directory.authenticate('gw-one', 'right')).toBe('gw-one')
  expect(await directory.authenticate('gw-one', 'wrong')).toBeUndefined()
  expect(await directory.authenticate('gw-two', 'right')).toBeUndefined()
  expect(await directory.homeOf(gatewayId('gw-one'))).toMatchObject({ home: 'home-1', centre: 'c' })
})

test('goes on from memory while the database is away; whom it never met it cannot judge', async () => {
  await directory.refresh()
  away = true
  expect(await directory.authenticate('gw-one', 'right')).toBe('gw-one')
  await expect(directory.authenticate('gw-two', 'right')).rejects.toMatchObject({ code: 'store-unavailable' })
})

test('guessing names costs the database one question a name', async () => {
  for (let guess = 0; guess < 5; guess++) await directory.authenticate('gw-guess', 'x')
  expect(readings).toBe(1)
})

test('new credentials and homes are good after a refresh, the old ones no more', async () => {
  await directory.refresh()
  rows = [row('gw-one', 'fresh', 2_000_000, 'home-2'), row('gw-two', 'other', 2_000_000)]
  await directory.refresh()
  expect(await directory.authenticate('gw-one', 'right')).toBeUndefined()
  expect(await directory.authenticate('gw-one', 'fresh')).toBe('gw-one')
  expect(directory.known(gatewayId('gw-one'))?.home).toBe('home-2')
  expect(await directory.authenticate('gw-two', 'other')).toBe('gw-two')
})

test('what another server registered is known within seconds, also when it was refused before', async () => {
  expect(await directory.authenticate('gw-two', 'other')).toBeUndefined()
  rows = [...rows, row('gw-two', 'other', 2_000_000)]
  await clock.pass(seconds(5))
  expect(await directory.authenticate('gw-two', 'other')).toBe('gw-two')
  directory.close()
})

test('what is long known is not read again, and what an open transaction wrote meanwhile is', async () => {
  await directory.refresh()
  now += 61_000
  await directory.refresh()
  expect(read).toBe(2)
  now += 5_000
  await directory.refresh()
  expect(read).toBe(2)
  rows.push(row('gw-two', 'other', now - 10_000))
  await directory.refresh()
  expect(directory.known(gatewayId('gw-two'))).toBeDefined()
  expect(read).toBe(3)
})

test('what a restored backup brings into a running server is known, however old', async () => {
  rows = []
  await directory.refresh()
  rows = [row('gw-old', 'right', 1)]
  expect(await directory.authenticate('gw-old', 'right')).toBe('gw-old')
})
