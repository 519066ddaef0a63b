import { systemClock } from '@anju/contract/system-clock'
import { expect, test } from 'vitest'
import type { InfluxAddress } from '../../../tests/harness/influx.ts'
import { always } from './archive.ts'
import { FORMATS } from './formats/formats.ts'
import { influxArchive } from './influx-archive.ts'
import type { SeriesKey } from './store.ts'

/** An empty bucket; of this name when one is given. */
export type ABucket = (name?: string) => Promise<InfluxAddress>

const at = Date.parse('2026-03-01T08:00:00Z')
const tags = (home: string) => `,centre=c,home=${home},placement=meter,point=power`

async function write(address: InfluxAddress, lines: readonly string[]): Promise<void> {
  const query = new URLSearchParams({ org: address.org, bucket: address.bucket, precision: 'ms' }).toString()
  const headers = { authorization: `Token ${address.token}` }
  const body = lines.join('\n')
  expect((await fetch(`${address.url}/api/v2/write?${query}`, { method: 'POST', headers, body })).status).toBe(204)
}
const valuesIn = async (archive: ReturnType<typeof influxArchive>, home: string) =>
  (await archive.held(home)).buckets.map(({ values }) => values)

/** What an archive in InfluxDB must do with the buckets of sums, in a real one as in its double. */
export function influxBucketTests(aBucket: ABucket): void {
  /** A sample, a reason and the sums of two steps of these homes. */
  async function aHomeWithSums(homes: readonly string[]) {
    const raw = await aBucket()
    const [fine, coarse] = [await aBucket(`${raw.bucket}-5m`), await aBucket(`${raw.bucket}-1d`)]
    for (const home of homes) {
      const sums = [at, at + 300_000].flatMap((step) => [
        `count${tags(home)} watts=1i ${step}`,
        `mean${tags(home)} watts=1.5 ${step}`,
        `absence${tags(home)} watts="no-answer" ${step}`,
      ])
      await write(raw, [
        `sample${tags(home)} watts=1.5 ${at + 1}`,
        `absence${tags(home)} watts="no-answer" ${at + 1}`,
        `absence${tags(home)} watts="no-answer" ${at + 2}`,
      ])
      await write(fine, sums)
      await write(coarse, sums)
    }
    return { raw, archive: influxArchive(raw, systemClock) }
  }
  test('a home is erased in every bucket, sums and reasons too, and its neighbour in none', async () => {
    const { raw, archive } = await aHomeWithSums(['home-1', 'home-10'])
    expect(await archive.held('home-1')).toEqual({
      series: 1,
      samples: 2,
      buckets: [
        { name: raw.bucket, values: 3 },
        { name: `${raw.bucket}-5m`, values: 6 },
        { name: `${raw.bucket}-1d`, values: 6 },
      ],
    })
    await archive.erase('home-1')
    expect(await valuesIn(archive, 'home-1')).toEqual([0, 0, 0])
    expect(await valuesIn(archive, 'home-10')).toEqual([3, 6, 6])
    await archive.close()
  })

  test('a sum goes with the instant at which its step begins', async () => {
    const { archive } = await aHomeWithSums(['home-1'])
    await archive.erase('home-1', { from: at + 300_000, to: at + 600_000 })
    expect(await valuesIn(archive, 'home-1')).toEqual([0, 3, 3])
    await archive.close()
  })

  test('an InfluxDB that was never set up has no sums to erase', async () => {
    const raw = await aBucket()
    await write(raw, [`sample${tags('home-1')} watts=1.5 ${at}`])
    const archive = influxArchive(raw, systemClock)
    await archive.erase('home-1')
    expect(await archive.held('home-1')).toEqual({
      series: 0,
      samples: 0,
      buckets: [raw.bucket, `${raw.bucket}-5m`, `${raw.bucket}-1d`].map((name) => ({ name, values: 0 })),
    })
    await archive.close()
  })

  test('without its bucket, its organisation or a good token nothing is taken for erased', async () => {
    const raw = await aBucket()
    for (const wrong of [{ bucket: `${raw.bucket}-gone` }, { org: 'nobody' }, { token: 'wrong' }]) {
      const archive = influxArchive({ ...raw, ...wrong }, systemClock)
      await expect(archive.erase('home-1')).rejects.toMatchObject({ code: 'telemetry-unavailable' })
      await archive.close()
    }
  })

  test.for(['" or home="home-10', 'home-1"', 'home-1\\', '', 'a b', '安', '"'])(
    'what is no id never becomes part of a predicate: %j',
    async (evil) => {
      const { archive } = await aHomeWithSums(['home-1'])
      await expect(archive.erase(evil)).rejects.toMatchObject({ code: 'id-malformed' })
      expect(await valuesIn(archive, 'home-1')).toEqual([3, 6, 6])
      await archive.close()
    },
  )

  test('a home’s lines, written into another bucket, are the same home there', async () => {
    const { raw, archive } = await aHomeWithSums(['home-1'])
    const contents = async (of: typeof archive) => {
      const series = await Array.fromAsync(of.series())
      const samples = (key: SeriesKey) => of.samples(key, always.from, always.to)
      return { series, samples, pages: await Promise.all(series.map((key) => Array.fromAsync(samples(key)))) }
    }
    const here = await contents(archive)
    const content = { store: 'influxdb', centre: 'c', home: 'home-1', timeZone: 'Asia/Shanghai', ...here }
    const other = await aBucket()
    await write(other, await Array.fromAsync(FORMATS['line-protocol'].textOf(content)))
    const there = influxArchive(other, systemClock)
    const { series, pages } = await contents(there)
    expect({ series, pages }).toEqual({ series: here.series, pages: here.pages })
    expect(pages[0]?.[0]?.at).toHaveLength(2)
    await there.close()
    await archive.close()
    expect(other.bucket).not.toBe(raw.bucket)
  })

  test('more homes than one question names come in order all the same, each once', async () => {
    const raw = await aBucket()
    const homes = Array.from({ length: 40 }, (_, index) => `home-${index}`)
    await write(
      raw,
      homes.map((home) => `sample${tags(home)} watts=1 ${at}`),
    )
    const archive = influxArchive(raw, systemClock)
    expect((await Array.fromAsync(archive.series())).map(({ home }) => home)).toEqual([...homes].sort())
    await archive.close()
  })

  test('what somebody else wrote into the bucket is no series of ours', async () => {
    const { raw, archive } = await aHomeWithSums(['home-1'])
    await write(raw, [
      `sample,home=home-1,host=x furlongs=1 ${at}`,
      `sample,centre=c,home=home-1,placement=meter,point=power furlongs=1 ${at}`,
      `other,centre=c,home=home-1,placement=meter,point=power watts=1 ${at}`,
    ])
    expect(await Array.fromAsync(archive.series('home-1'))).toHaveLength(1)
    await archive.erase('home-1')
    expect(await valuesIn(archive, 'home-1')).toEqual([0, 0, 0])
    await archive.close()
  })
}
