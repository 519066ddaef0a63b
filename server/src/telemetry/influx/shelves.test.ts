import { days, instant, minutes, parseInstant } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { bucketsOf } from '../influx-setup/bucket-names.ts'
import { ofAll } from './flux.ts'
import { keptFor } from './kept.ts'
import { Shelves } from './shelves.ts'
import type { KeptBucket } from './wire.ts'

const now = parseInstant('2026-06-01T00:00:00Z')
const dayS = 86_400
const names = bucketsOf('anju')

/** Samples begin ten days ago, whatever is kept. */
function aStore(raw: KeptBucket) {
  const store = { asked: 0, raw }
  const fine = { keptS: 730 * dayS, unchangedSince: now - days(900) }
  const kept = async (name: string) => (name === names.raw ? store.raw : name === names.fiveMinutes ? fine : undefined)
  const clock = new VirtualClock(instant(now))
  const shelves = new Shelves({ kept }, names, clock)
  const query = async (script: string) => {
    expect(script).toBe(ofAll.first)
    store.asked++
    return [{ result: 'samples', field: 'watts', at: now - days(10), value: '1' }]
  }
  const begins = async (daysAgo: number) => {
    const inquiry = { wire: { query }, scripts: ofAll, series: {}, shelves }
    const { samples } = await keptFor(inquiry, now - days(daysAgo), now)
    return (now - samples.from) / days(1)
  }
  return { store, clock, begins }
}

test('what has long been kept for as long as now is taken at its word, and a range of a day as well', async () => {
  const { store, begins } = aStore({ keptS: 90 * dayS, unchangedSince: now - days(400) })
  expect(await begins(365)).toBeCloseTo(90, 1)
  expect(await begins(30)).toBeCloseTo(90, 1)
  expect(store.asked).toBe(0)
  store.raw = { keptS: 0, unchangedSince: now }
  expect(await begins(1)).toBeCloseTo(90, 1)
  expect(store.asked).toBe(0)
})

test.for([0, 365])(
  'kept for %i days (0 is for ever) since lately, it is asked where the samples of a range begin',
  async (kept) => {
    const { store, begins } = aStore({ keptS: kept * dayS, unchangedSince: now - days(20) })
    expect(await begins(200)).toBe(10)
    expect(store.asked).toBe(1)
    // Since then it keeps them whatever was before.
    await begins(19)
    expect(store.asked).toBe(1)
  },
)

test('a retention that became longer is heard of within ten minutes', async () => {
  const { store, clock, begins } = aStore({ keptS: 90 * dayS, unchangedSince: now - days(400) })
  await begins(365)
  store.raw = { keptS: 365 * dayS, unchangedSince: now }
  await clock.pass(minutes(10))
  expect(await begins(200)).toBe(10)
})
