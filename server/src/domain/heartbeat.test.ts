import { type Instant, instant, type Monotonic } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { type Chain, type Fault, type Heartbeat, heard } from './heartbeat.ts'

const T0 = 1_700_000_000_000
/** The n-th heartbeat, half a minute after the one before. */
interface Said {
  readonly lateS?: number
  readonly skewMs?: number
  readonly synced?: boolean
  readonly offsetMs?: number
  readonly boot?: number
}
function beat(n: number, { lateS = 0, skewMs = 0, synced = true, offsetMs, boot = 1 }: Said): Heartbeat {
  const sent = n * 30_000
  return {
    boot,
    uptimeS: Math.floor((sent + 400) / 1_000),
    sentAt: instant(T0 + sent + skewMs),
    synced,
    offsetMs: offsetMs ?? null,
    arrivedAt: (T0 + sent + 120 + lateS * 1_000) as Instant,
    arrivedMono: (5_000_000 + sent + 120 + lateS * 1_000) as Monotonic,
  }
}
/** What turned at which heartbeat: `+` it holds now, `-` it holds no more, or never did. */
function story(says: readonly Said[]): string[] {
  let chain: Chain | undefined
  return says.flatMap((said, n) => {
    const next = heard(chain, beat(n, said))
    chain = next.chain
    return next.turned.map((fault: Fault) => `${n} ${next.chain.holds[fault] ? '+' : '-'}${fault}`)
  })
}
const times = (count: number, said: Said = {}): Said[] => Array.from({ length: count }, () => said)
const well = ['4 -clock-unsynced', '4 -heartbeat-late']

describe('a clock', () => {
  test('that is right is found right, once', () => {
    expect(story(times(100))).toEqual(well)
  })
  test.for([
    { skewMs: 2_500, what: 'ahead' },
    { skewMs: -2_500, what: 'behind' },
    { skewMs: 86_400_000, what: 'a day ahead' },
    { skewMs: -T0, what: 'in 1970' },
  ])('that is $what is told at the third heartbeat, and taken back when it was right for five', ({ skewMs }) => {
    expect(story([...times(5, { skewMs }), ...times(9)])).toEqual([
      '2 +clock-unsynced',
      '4 -heartbeat-late',
      '9 -clock-unsynced',
    ])
  })
  test('that is off by 1.5 s says nothing either way: what is raised stays, what is not is not', () => {
    expect(story([...times(6), ...times(20, { skewMs: 1_500 })])).toEqual(well)
    expect(story([...times(3, { skewMs: 3_000 }), ...times(20, { skewMs: 1_500 })])).toContain('2 +clock-unsynced')
    expect(story([...times(3, { skewMs: 3_000 }), ...times(20, { skewMs: 1_500 })])).not.toContain('-clock-unsynced')
  })
  test('that its gateway says is off is off, however right it looks', () => {
    expect(story(times(3, { offsetMs: -2_100 }))).toEqual(['2 +clock-unsynced'])
  })
  test('that was not set for ten minutes is a fault, also when it goes right by chance; a minute is a start', () => {
    expect(story([...times(2, { synced: false }), ...times(8)])).toEqual(
      ['6 -clock-unsynced', '4 -heartbeat-late'].toReversed(),
    )
    expect(story(times(30, { synced: false }))).toEqual(['4 -heartbeat-late', '23 +clock-unsynced'])
  })
})

describe('a heartbeat', () => {
  test('that takes twelve seconds longer than the quickest one is late; three in a row are a fault, five punctual ones end it', () => {
    expect(story([...times(6), ...times(4, { lateS: 12 }), ...times(8)])).toEqual([
      ...well,
      '8 +heartbeat-late',
      '14 -heartbeat-late',
    ])
  })
  test('that is late says nothing of the clock', () => {
    expect(story([...times(6), ...times(20, { lateS: 40 })])).toEqual([...well, '8 +heartbeat-late'])
  })
  test('that is late now and then is no fault', () => {
    expect(story([...times(6), ...Array.from({ length: 40 }, (_, n) => ({ lateS: n % 3 === 0 ? 0 : 20 }))])).toEqual(
      well,
    )
  })
  test('of another boot counts its running time anew', () => {
    let chain = heard(undefined, beat(100, {})).chain
    chain = heard(chain, { ...beat(101, { boot: 2 }), uptimeS: 0 }).chain
    for (let n = 102; n < 106; n++)
      expect(heard(chain, { ...beat(n, { boot: 2 }), uptimeS: (n - 101) * 30 }).turned).not.toContain('heartbeat-late')
  })
  test('of a gateway whose crystal is slow is not late after a month', () => {
    let chain: Chain | undefined
    const turned = Array.from({ length: 86_400 }, (_, n) => {
      const given = beat(n, {})
      const next = heard(chain, { ...given, uptimeS: Math.floor((n * 30_000 * (1 - 0.000_1)) / 1_000) })
      chain = next.chain
      return next.turned.filter((fault) => fault === 'heartbeat-late' && next.chain.holds[fault])
    })
    expect(turned.flat()).toEqual([])
  })
})
