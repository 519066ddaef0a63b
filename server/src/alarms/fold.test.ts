import { type AlarmId, instant, plus, seconds } from '@anju/contract'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { episodeOf } from './episode-key.ts'
import type { NewEvent } from './events.ts'
import { fold } from './fold.ts'
import { LastWords } from './last-words.ts'
import type { AlarmRecord } from './record.ts'

const NOW = instant(1_700_000_000_000)
let ids = 0
const newId = () => `alarm-${++ids}` as AlarmId
let counter = 0
const event = (more: Partial<NewEvent> = {}): NewEvent => {
  const seq = more.seq ?? ++counter
  const heard = plus(NOW, seconds(seq))
  const { home = 'h', placement = 'bathroom-sos', type = 'sos-pressed' } = more
  return {
    key: `g/${seq}`,
    episode: episodeOf({ home, placement, type }),
    gateway: 'g',
    own: false,
    urgent: false,
    id: String(seq),
    centre: 'c',
    home: 'h',
    placement: 'bathroom-sos',
    device: 'd',
    type: 'sos-pressed',
    class: 'life',
    phase: 'raised',
    boot: 1,
    lane: 'life',
    occurredAt: heard,
    heardAt: heard,
    storedAt: heard,
    sentAt: heard,
    elapsedMs: 1,
    elapsedEstimated: false,
    test: false,
    snapshot: null,
    alarm: null,
    ...more,
    seq,
  } as NewEvent
}
const mains = (more: Partial<NewEvent> = {}) =>
  event({ type: 'mains-lost', class: 'technical', lane: 'technical', ...more })
const folded = (events: NewEvent[], open: AlarmRecord[] = []) => fold(events, open, NOW, newId, () => 0.5)

test('one press opens one alarm and is its first occurrence', () => {
  const { opened, changed, events, told } = folded([event()])
  expect(opened).toHaveLength(1)
  expect(changed).toEqual([])
  expect(events[0]?.alarm).toBe(opened[0]?.id)
  expect(told.map(({ cause }) => cause)).toEqual(['raised'])
  expect(opened[0]).toMatchObject({
    condition: 'active',
    version: 1,
    episode: { occurrences: 1 },
    ladder: { L2: NOW, L3: null },
  })
})

test.for([
  { given: 'an age the gateway counted is believed, though its clock lies', elapsedEstimated: false, lateByMs: 5_000 },
  {
    given: 'an age it guessed after a restart is never fresher than our clock',
    elapsedEstimated: true,
    lateByMs: 86_400_000,
  },
])('$given', ({ elapsedEstimated, lateByMs }) => {
  const heardAt = instant(NOW - 86_400_000)
  const { opened, events } = folded([event({ heardAt, elapsedMs: 5_000, elapsedEstimated })])
  expect(opened[0]?.episode.lateByMs).toBe(lateByMs)
  expect(events[0]?.elapsedMs).toBe(lateByMs)
})

test('presses of one batch are one alarm, told once, each press kept', () => {
  const { opened, events, told } = folded([event(), event(), event()])
  expect(opened.map(({ episode }) => episode.occurrences)).toEqual([3])
  expect(new Set(events.map(({ alarm }) => alarm))).toEqual(new Set([opened[0]?.id]))
  expect(told).toHaveLength(1)
})

test('another place or another type is another episode', () => {
  const { opened } = folded([
    event(),
    event({ placement: 'bed-sos' as NewEvent['placement'] }),
    event({ type: 'fall-detected' }),
  ])
  expect(opened).toHaveLength(3)
})

test('an open alarm gets one more occurrence, and whoever holds it hears it again', () => {
  const [open] = folded([event()]).opened
  const { opened, changed, recurred, told } = folded([event()], [open as AlarmRecord])
  expect({ opened, changed }).toEqual({ opened: [], changed: [] })
  expect(recurred[0]).toMatchObject({ id: open?.id, version: 2, episode: { occurrences: 2 } })
  expect(told[0]?.cause).toBe('re-alerted')
})

test('info is a record and nothing more', () => {
  const { opened, events, told } = folded([event({ type: 'test', class: 'info' })])
  expect({ opened, told }).toEqual({ opened: [], told: [] })
  expect(events[0]?.alarm).toBeNull()
})

test.for([
  { what: 'what a home on test says is a test', given: event(), test: true },
  { what: 'what another home says is not', given: event({ home: 'another' as NewEvent['home'] }), test: false },
  { what: 'what was heard before, and is late, is not', given: event({ elapsedMs: 60_001 }), test: false },
  { what: 'what we say ourselves is not', given: event({ own: true }), test: false },
])('$what', ({ given, test: expected }) => {
  const { opened, events } = fold([given], [], NOW, newId, () => 0.5, undefined, ['h'])
  expect([opened[0]?.episode.test, events[0]?.test]).toEqual([expected, expected])
})

test('a return ends the condition; a technical alarm nobody holds ends with it, and may begin again in the same batch', () => {
  const [smoke] = folded([event({ type: 'smoke', class: 'hazard' })]).opened
  const over = folded([event({ type: 'smoke', class: 'hazard', phase: 'returned' })], [smoke as AlarmRecord])
  expect(over.recurred[0]).toMatchObject({ condition: 'returned', case: { handling: { at: 'new' } } })

  const [lost] = folded([mains()]).opened
  const { changed, opened } = folded([mains({ phase: 'returned' }), mains()], [lost as AlarmRecord])
  expect(changed[0]).toMatchObject({
    id: lost?.id,
    condition: 'returned',
    case: { handling: { at: 'closed', by: null } },
  })
  expect(opened.map(({ type, case: { handling } }) => [type, handling.at])).toEqual([['mains-lost', 'new']])
})

test('a return with nothing open says nothing', () => {
  expect(folded([mains({ phase: 'returned' })]).told).toEqual([])
})

test('a button that hangs is marked, and a technical alarm opens beside it once', () => {
  const presses = Array.from({ length: 60 }, (_, i) => event({ heardAt: plus(NOW, seconds(i / 2)) }))
  const { opened } = folded(presses)
  expect(opened.map(({ type, case: { class: eventClass } }) => [type, eventClass])).toEqual([
    ['sos-pressed', 'life'],
    ['button-stuck', 'technical'],
  ])
  expect(opened[0]?.episode).toMatchObject({ occurrences: 60, stuck: true })
})

test('a batch is read in its gateway’s order, whatever order it came in', () => {
  const shuffled = [mains({ seq: 3, boot: 2, phase: 'returned' }), mains({ seq: 9, boot: 1 })]
  expect(folded(shuffled).opened[0]?.condition).toBe('returned')
})

const smoke = (more: Partial<NewEvent>) => event({ type: 'smoke', class: 'hazard', heardAt: NOW, ...more })
const afterwards = (stored: NewEvent[], events: NewEvent[], open: AlarmRecord[] = []) =>
  fold(events, open, NOW, newId, () => 0.5, new LastWords(stored))

test('what began and is known to have ended opens as returned; a technical one closes itself, held back or not', () => {
  const over = afterwards([smoke({ seq: 2, phase: 'returned' })], [smoke({ seq: 1 })])
  expect(over.opened).toMatchObject([{ condition: 'returned', case: { handling: { at: 'new' } } }])
  expect(over.told.map(({ cause }) => cause)).toEqual(['raised'])
  const restored = afterwards([mains({ seq: 4, phase: 'returned' })], [mains({ seq: 3, heardAt: NOW })])
  expect(restored.opened).toMatchObject([{ condition: 'returned', case: { handling: { at: 'closed', by: null } } }])
})

test('a word that was overtaken is an occurrence, and turns nothing', () => {
  const [burning] = folded([smoke({ seq: 5 })]).opened as [AlarmRecord]
  const returned = afterwards([smoke({ seq: 5 })], [smoke({ seq: 4, phase: 'returned' })], [burning])
  expect(returned).toMatchObject({ changed: [], recurred: [], events: [{ alarm: burning.id }] })
  const end = smoke({ seq: 6, phase: 'returned' })
  const [over] = folded([end], [burning]).recurred as [AlarmRecord]
  const { recurred } = afterwards([end], [smoke({ seq: 3 })], [over])
  expect(recurred).toMatchObject([{ condition: 'returned', episode: { occurrences: 2 } }])
})

test.for([
  { what: 'after a restart', stored: { boot: 1, seq: 9 }, said: { boot: 2, seq: 1 } },
  { what: 'by another gateway', stored: { gateway: 'other' as NewEvent['gateway'], seq: 9 }, said: { seq: 1 } },
  {
    what: 'by a gateway whose numbers began anew on a new disk',
    stored: { boot: 7, seq: 9 },
    said: { boot: 1, seq: 1, heardAt: plus(NOW, seconds(1)) },
  },
])('what is said $what is newer than an end that was known before', ({ stored, said: fresh }) => {
  const { opened } = afterwards([smoke({ phase: 'returned', ...stored })], [smoke(fresh)])
  expect(opened).toMatchObject([{ condition: 'active' }])
})

const said = (gateway: string, seq: number) => event({ gateway: gateway as NewEvent['gateway'], seq })

test('what other gateways said in between does not hide that a gateway’s own words came in the wrong order', () => {
  const { events } = folded([said('a', 2), said('b', 7), said('a', 1), said('b', 5), said('c', 3), said('a', 3)])
  expect(events.map(({ gateway, seq }) => `${gateway}${seq}`)).toEqual(['a1', 'b5', 'a2', 'b7', 'c3', 'a3'])
})

test('however presses are split into batches, the episode is the same', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const presses = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, i) =>
        event({ seq: i + 1, heardAt: plus(NOW, seconds(i * 5)) }),
      )
      const [whole] = folded(presses).opened
      let open: AlarmRecord[] = []
      let rest = presses
      for (const size of sizes) {
        const { opened, recurred } = folded(rest.slice(0, size), open)
        open = [...opened, ...recurred].filter(({ type }) => type === 'sos-pressed')
        rest = rest.slice(size)
      }
      expect(open).toHaveLength(1)
      expect(open[0]?.episode).toEqual(whole?.episode)
      expect(open[0]?.version).toBe(whole?.version)
    }),
    { numRuns: 100 },
  )
})
