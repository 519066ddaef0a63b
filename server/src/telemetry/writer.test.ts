import { DomainError, encode, instant, millis, seconds } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { beforeEach, expect, test } from 'vitest'
import { nullStore } from './null-store.ts'
import { SlabWriter, slabBytes } from './slab.ts'
import type { Refusal, TelemetryBatch, TelemetryStore } from './store.ts'
import type { FromWorker } from './thread.ts'
import { TelemetryWriter } from './writer.ts'

const START = Date.parse('2026-03-01T08:00:00.000Z')
/** So many ms after the start. */
const at = (ms: number) => instant(START + ms)
const id = (letter: string) => `01J000000000000000000000${letter}0`
const message = (letter: string, given: object = {}) => ({
  id: id(letter),
  boot: 1,
  seq: 1,
  pendingFrom: 1,
  sentAt: '2026-03-01T08:00:00.000Z',
  series: [
    {
      p: 'meter/voltage',
      u: 'V',
      t0: at(1_000),
      dt: [0, 500, 1_000],
      v: [230.1, null, 231],
      absent: { 1: 'no-answer' },
    },
  ],
  ...given,
})
const gateways = [
  { number: 0, gateway: 'gw-one', centre: 'c', home: 'home-1' },
  { number: 1, gateway: 'gw-two', centre: 'c', home: 'home-2' },
]

let clock: VirtualClock
let said: FromWorker[]
let written: string[][]
let check: () => void
let behave: (batch: TelemetryBatch) => ReadonlyMap<number, Refusal>
let writer: TelemetryWriter
let chance: number

/** A batch in words: `home/placement/point@at=value unit`. */
function rowsOf({ rows, series, seriesOf, at, value, absent }: TelemetryBatch): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const key = series[seriesOf[row] as number]
    const what = absent[row] === 0 ? `${value[row]} ${key?.unit}` : `absent ${absent[row]}`
    return `${key?.home}/${key?.placement}/${key?.point}@${(at[row] ?? 0) - START}=${what}`
  })
}

beforeEach(() => {
  clock = new VirtualClock(at(0))
  said = []
  written = []
  behave = () => new Map()
  check = () => undefined
  chance = 1
  const store: TelemetryStore = {
    ...nullStore(),
    async write(batch) {
      const refused = behave(batch)
      written.push(rowsOf(batch))
      return refused
    },
    check: async () => check(),
  }
  writer = new TelemetryWriter(store, { post: (given) => void said.push(given) }, clock, { uniform: () => chance })
})

async function give(...messages: readonly (readonly [gateway: number, message: unknown])[]): Promise<void> {
  const slab = new SlabWriter(new ArrayBuffer(slabBytes))
  for (const [gateway, given] of messages) slab.add(gateway, Buffer.isBuffer(given) ? given : encode(given))
  writer.take({ kind: 'slab', buffer: slab.buffer, used: slab.used, gateways: said.length === 0 ? gateways : [] })
  await clock.pass(millis(0))
}
const done = () => said.filter((given) => given.kind === 'done')
const receipts = () =>
  done().flatMap(({ receipts }) => receipts.map(({ gateway, json }) => [gateway, JSON.parse(json)]))

const home = (name: string) => [
  `${name}/meter/voltage@1000=230.1 V`,
  `${name}/meter/voltage@1500=absent 2`,
  `${name}/meter/voltage@2000=231 V`,
]

test('columns become rows of the home, absence keeps its reason, and the receipt follows the store', async () => {
  await give([0, message('A')], [1, message('B')], [0, message('C')])
  expect(written).toEqual([[...home('home-1'), ...home('home-2'), ...home('home-1')]])
  expect(receipts()).toEqual([
    [0, { ids: [id('A'), id('C')] }],
    [1, { ids: [id('B')] }],
  ])
  expect(done()[0]?.points).toBe(9)
})

test('what is malformed is refused by name and holds up nothing', async () => {
  const wrong = message('B', { series: [{ p: 'meter/voltage', u: 'V', t0: at(0), dt: [0, 1], v: [1] }] })
  await give([0, Buffer.from('{"oops')], [0, wrong], [0, message('C')])
  expect(receipts()).toEqual([
    [0, { ids: [id('C')] }],
    [0, { ids: [], refused: { [id('B')]: 'message-malformed' } }],
  ])
  expect(done()[0]?.refused.map(({ code, why }) => `${code} ${why}`)).toEqual([
    expect.stringContaining('not JSON'),
    'message-malformed /series/0: dt has 2 entries, v has 1',
  ])
})

test('while the store is away nothing is receipted; what arrives waits; then all is written in order', async () => {
  let away = true
  behave = () => {
    if (away) throw new DomainError('telemetry-unavailable', 'away')
    return new Map()
  }
  await give([0, message('A')])
  await give([0, message('B')])
  expect(said).toEqual([{ kind: 'health', healthy: false, why: 'away' }])
  await clock.pass(seconds(60))
  expect(receipts()).toEqual([])
  away = false
  await clock.pass(seconds(10))
  expect(receipts().map(([, { ids }]) => ids)).toEqual([[id('A')], [id('B')]])
  expect(said[1]).toMatchObject({ kind: 'health', healthy: true })
})

test('a store that is away from the beginning is told of once, and asked until it is there, before any home speaks', async () => {
  let asked = 0
  check = () => {
    asked++
    if (asked < 4) throw new DomainError('telemetry-unavailable', asked < 3 ? 'no connection' : 'the token is none')
  }
  void writer.start()
  await clock.pass(millis(0))
  await clock.pass(seconds(60))
  expect(said).toEqual([
    { kind: 'health', healthy: false, why: 'no connection' },
    { kind: 'health', healthy: true, why: '' },
  ])
  expect(asked).toBe(4)
})

test('a store that is there is told of once, for whoever does not take it for granted', async () => {
  await writer.start()
  await give([0, message('A')])
  expect(said.filter(({ kind }) => kind === 'health')).toEqual([{ kind: 'health', healthy: true, why: '' }])
})

test('once a batch is stored nobody asks any more', async () => {
  let asked = 0
  check = () => {
    asked++
    throw new DomainError('telemetry-unavailable', 'away')
  }
  void writer.start()
  await give([0, message('A')])
  await clock.pass(seconds(60))
  expect(asked).toBe(1)
  expect(said.filter(({ kind }) => kind === 'health').at(-1)).toMatchObject({ healthy: true })
})

test('closing ends the asking', async () => {
  check = () => {
    throw new DomainError('telemetry-unavailable', 'away')
  }
  const asking = writer.start()
  await clock.pass(millis(0))
  await writer.close()
  await asking
  expect(said).toEqual([{ kind: 'health', healthy: false, why: 'away' }])
})

test.for([
  [0, 7_000 + 125],
  [1, 7_000 + 250],
] as const)(
  'with chance %f a store that asked for 7 s is asked again after %i ms, no sooner',
  async ([given, waits]) => {
    chance = given
    let asked = 0
    behave = () => {
      asked++
      throw new DomainError('telemetry-unavailable', 'busy', { retryAfter: 7_000 })
    }
    await give([0, message('A')])
    await clock.pass(millis(waits - 1))
    expect(asked).toBe(1)
    await clock.pass(millis(1))
    expect(asked).toBe(2)
  },
)

test('a slab of which nothing can be read does not trouble the store', async () => {
  await give([0, Buffer.from('nonsense')])
  expect(written).toEqual([])
  expect(done()).toMatchObject([{ points: 0, refused: [{ code: 'message-malformed' }] }])
})

test('a message the store refuses is refused, the others are receipted', async () => {
  behave = () => new Map([[1, { code: 'message-malformed', why: 'no' }]])
  await give([0, message('A')], [0, message('B')])
  expect(receipts()).toEqual([
    [0, { ids: [id('A')] }],
    [0, { ids: [], refused: { [id('B')]: 'message-malformed' } }],
  ])
})

test('one that breaks the store for a reason of its own is found and refused', async () => {
  behave = (batch) => {
    if (rowsOf(batch).some((row) => row.includes('home-2'))) throw new Error('cannot be')
    return new Map()
  }
  await give([0, message('A')], [1, message('B')], [0, message('C')])
  await clock.pass(seconds(5))
  expect(receipts()).toEqual([
    [0, { ids: [id('A'), id('C')] }],
    [1, { ids: [], refused: { [id('B')]: 'internal' } }],
  ])
})

test('when everything breaks it is the store, and nothing is refused', async () => {
  behave = () => {
    throw new Error('no such table')
  }
  await give([0, message('A')], [1, message('B')])
  await clock.pass(seconds(60))
  expect(done()).toEqual([])
  behave = () => new Map()
  await clock.pass(seconds(10))
  expect(receipts()).toHaveLength(2)
})

const many = (from: number, letter: string) =>
  message(letter, {
    series: Array.from({ length: 400 }, (_, n) => ({ p: `p${from + n}/x`, u: '/', t0: at(0), dt: [0], v: [1] })),
  })

test('a gateway cannot make up series without end', async () => {
  for (let round = 0; round < 11; round++) await give([0, many(round * 400, 'ABCDEFGHJKM'.charAt(round))])
  expect(receipts().at(-1)).toEqual([0, { ids: [], refused: { [id('M')]: 'message-malformed' } }])
  await give([0, many(0, 'N')])
  expect(receipts().at(-1)).toEqual([0, { ids: [id('N')] }])
})

test('a number that was settled and never came is told once; a new boot begins anew', async () => {
  await give([0, message('A', { seq: 5, pendingFrom: 5 })])
  await give([0, message('B', { seq: 9, pendingFrom: 8 })])
  await give([0, message('C', { boot: 2, seq: 1, pendingFrom: 1 })])
  expect(done().flatMap(({ gaps }) => gaps)).toEqual([{ gateway: 0, boot: 1, run: { from: 6, to: 7 } }])
})

test('closing while the store is away ends at once', async () => {
  behave = () => {
    throw new DomainError('telemetry-unavailable', 'away')
  }
  await give([0, message('A')])
  await writer.close()
  expect(done()).toEqual([])
})

const twoFrom = (t0: number) => [{ p: 'meter/voltage', u: 'V', t0, dt: [0, 1_000], v: [230, 231] }]

test.for([
  ['ten minutes and more ahead', at(600_001), '2026-03-01T08:10:00.001Z'],
  ['in 1970', instant(3_000), '1970-01-01T00:00:03.000Z'],
] as const)(
  'what was measured %s is refused with the time it says, and is in no chart; what is right beside it is stored',
  async ([, wrong, says]) => {
    await give([0, message('A', { series: twoFrom(wrong) })], [0, message('B', { series: twoFrom(at(599_000)) })])
    expect(written).toEqual([['home-1/meter/voltage@599000=230 V', 'home-1/meter/voltage@600000=231 V']])
    const [done] = said.filter(({ kind }) => kind === 'done')
    expect(done).toMatchObject({
      refused: [{ code: 'time-not-credible', why: `meter/voltage at ${says}: the clock of the gateway is wrong` }],
    })
  },
)

test('a message that is refused is not missing: it was here', async () => {
  const series = twoFrom(instant(0))
  await give([0, message('A')], [0, message('B', { seq: 2, series })], [0, message('C', { seq: 3, pendingFrom: 3 })])
  const [done] = said.filter(({ kind }) => kind === 'done')
  expect(done).toMatchObject({ refused: [{ code: 'time-not-credible' }], gaps: [] })
})

test('what was measured before a home was erased is receipted and not stored; other homes and later samples are', async () => {
  writer.drop([{ home: 'home-1', until: at(1_500) }])
  await give([0, message('A')], [1, message('B')])
  expect(written).toEqual([[...home('home-1').slice(1), ...home('home-2')]])
  writer.drop([{ home: 'home-1', until: at(2_001) }])
  await give([0, message('C')])
  expect(written.at(-1)).toEqual([])
  expect(receipts()).toEqual([
    [0, { ids: [id('A')] }],
    [1, { ids: [id('B')] }],
    [0, { ids: [id('C')] }],
  ])
})

test('a home that is erased while the store is away is not in what is tried again', async () => {
  let away = true
  behave = () => {
    if (away) throw new DomainError('telemetry-unavailable', 'away')
    return new Map()
  }
  await give([0, message('A')], [1, message('B')])
  writer.drop([{ home: 'home-1', until: at(2_000) }])
  away = false
  await clock.pass(seconds(10))
  expect(written).toEqual([[...home('home-1').slice(2), ...home('home-2')]])
  expect(receipts()).toEqual([
    [0, { ids: [id('A')] }],
    [1, { ids: [id('B')] }],
  ])
})
