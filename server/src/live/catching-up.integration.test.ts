import type { CentreId } from '@anju/contract'
import { seededRandom } from '@anju/contract'
import { systemClock } from '@anju/contract/system-clock'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type AlarmCentre, anAlarmCentre, CENTRE } from '../../../tests/harness/alarms.ts'
import { aCluster, type Cluster } from '../../../tests/harness/cluster.ts'
import { aCentreOn, type Disk, diskOf } from '../../../tests/harness/slow-disk.ts'
import { openDatabase } from '../database/database.ts'
import type { Actor, Database } from '../ports.ts'
import { createLiveLog, createLiveStore } from './log.ts'

const PART: Actor = { kind: 'system', part: 'test' }
const GATEWAYS: Actor = { kind: 'system', part: 'gateways' }

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
afterEach(() => disk.isSlow(false))
afterAll(async () => {
  await other.close()
  await one.close()
  cluster.destroy()
})

const tells = (database: Database, live = one.liveLog) =>
  database.transaction(PART, async (tx) =>
    live.append(tx, CENTRE, [{ event: 'home', home: null, data: { homeId: 'home-1', mode: 'home' } }]),
  )

test('two hundred consoles of another process that read a press wait for the disk together, and heartbeats pass them', async () => {
  await disk.isSlow(true)
  const told = tells(one.database)
  await disk.waitedForBy(1)
  let shown = 0
  const reading = Array.from({ length: 200 }, async () => {
    const frames = await other.liveStore.after(CENTRE, 0)
    shown++
    return frames
  })
  await disk.waitedForBy(2)
  // What a heartbeat needs: a connection of the same two.
  for (let beats = 0; beats < 20; beats++) await other.database.transaction(GATEWAYS, (tx) => tx.query('select 1'))
  await disk.waitedForBy(2)
  expect(shown).toBe(0)
  await disk.isSlow(false)
  await told
  for (const frames of await Promise.all(reading)) expect(frames.map(({ id }) => id)).toEqual([1])
  // It is known now that the disk has it.
  await disk.isSlow(true)
  expect(await other.liveStore.after(CENTRE, 0)).toHaveLength(1)
  expect(await other.liveStore.extent(CENTRE)).toEqual({ last: 1, oldest: 1 })
})

test('a console that begins is told where the stream ends when the disk has it to there', async () => {
  await disk.isSlow(true)
  const told = tells(one.database)
  await disk.waitedForBy(1)
  let begun = false
  const begins = other.liveStore.extent(CENTRE).finally(() => {
    begun = true
  })
  await disk.waitedForBy(2)
  expect(begun).toBe(false)
  await disk.isSlow(false)
  await told
  expect(await begins).toEqual({ last: 2, oldest: 1 })
})

test('what a process has told itself, its own consoles read without waiting for the disk', async () => {
  const log = { info: () => undefined, warn: () => undefined }
  const database = openDatabase({ url: one.store.url, clock: systemClock, random: seededRandom(1), log })
  const store = createLiveStore(database)
  const live = createLiveLog((centre: CentreId, _frames, last) => store.reached(centre, last))
  await tells(database, live)
  await disk.isSlow(true)
  expect((await store.after(CENTRE, 0)).at(-1)?.id).toBe(3)
  expect((await store.extent(CENTRE)).last).toBe(3)
  await database.close()
})
