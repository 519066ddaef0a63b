import { seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { expect, test } from 'vitest'
import { batchRowsMax } from './batch.ts'
import { Erased } from './erased.ts'
import { MemoryEnd } from './memory-end.fixture.ts'
import { seriesOf, start } from './move.fixture.ts'
import { Patience } from './patience.ts'
import { TargetWriter } from './target-writer.ts'

function aWriter() {
  const clock = new VirtualClock(start as never)
  const target = new MemoryEnd('target', () => start)
  const { signal } = new AbortController()
  const patience = new Patience({ clock, random: seededRandom(1), signal, onWait: () => undefined })
  const erased = new Erased(() => Promise.resolve([]), patience, clock)
  return { target, writer: new TargetWriter(target, patience, erased) }
}
const pageOf = (rows: number) => ({
  at: Float64Array.from({ length: rows }, (_, row) => start + row),
  value: new Float64Array(rows).fill(1.5),
  absent: new Uint8Array(rows),
})

test('a city’s million series are not all remembered by the target’s store', async () => {
  const { target, writer } = aWriter()
  for (let home = 0; home < 45_000; home++) {
    writer.add(seriesOf(`h${home}`, 'p'), pageOf(1), 0)
    if (writer.isFull) await writer.flush()
  }
  await writer.flush()
  expect(target.data.size).toBe(45_000)
  expect(target.stores).toBe(3)
})

test('a page that is longer than a batch goes in parts', async () => {
  const { target, writer } = aWriter()
  const page = pageOf(batchRowsMax + 3)
  const key = seriesOf('home-1', 'p')
  expect(writer.add(key, page, 0)).toBe(batchRowsMax)
  expect(writer.isFull).toBe(true)
  await writer.flush()
  expect(writer.add(key, page, batchRowsMax)).toBe(batchRowsMax + 3)
  expect(writer.gathered).toEqual(page.at.subarray(batchRowsMax))
  await writer.flush()
  expect(target.samples[0]?.size).toBe(batchRowsMax + 3)
})

test('nothing gathered is nothing written', async () => {
  const { target, writer } = aWriter()
  expect(await writer.flush()).toEqual({ written: 0, refused: [], erased: 0 })
  expect(target.stores).toBe(0)
})
