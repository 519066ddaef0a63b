import { definitionOf, type Instant, minutes, parseInstant, plus, type Reading, reading } from '@anju/contract'
import { scanAll } from '@anju/device-profiles/frame-scanner'
import type { Decoded, Poll } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import type { Heard, PolledWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import { describe, expect, test } from 'vitest'
import type { PolledDevice } from './device.ts'
import { polledDevices } from './devices.ts'

const midnight = parseInstant('2026-03-09T00:00:00.000Z')

/** Asks as the gateway's bus master does: twice, and on when the answer says so. */
function ask(wire: PolledWire, { ask: asked }: Poll, device: PolledDevice, at: Instant) {
  for (const unanswered of [0, 1]) {
    const { address } = device
    const exchange = wire.begin({ address, ask: asked, aloneOnBus: true, unanswered, speedChanges: false })
    const answer = device.answer(exchange.request, at)
    if (!answer) continue
    const heard = scanAll(wire.framing, answer.bytes).map((scanned): Heard => {
      if (scanned.is !== 'frame') throw new Error(`${scanned.why} in ${Buffer.from(answer.bytes).toString('hex')}`)
      return exchange.hear(scanned.frame)
    })
    return { heard, points: answer.points }
  }
  throw new Error(`no answer to ${JSON.stringify(asked)}`)
}

/** Those with which one must converse have a test of their own. */
const answering = polledDevices.filter(({ name }) => !/^(?:iec62056|mbus)-/.test(name))

describe.for(answering)('$name', ({ make }) => {
  const profile = profileById(make('1').profile)
  const wire = wireOf(profile?.driver ?? '')
  if (!profile || wire?.is !== 'polled') throw new Error('no profile that is polled')
  const device = make(wire.addressExample ?? '')
  const polls: readonly Poll[] = profile.polls ?? []

  test('is read through a whole day, every point right to its last digit', () => {
    for (let at = midnight; at < plus(midnight, minutes(24 * 60)); at = plus(at, minutes(7))) {
      const read: Record<string, Reading> = {}
      for (const poll of polls) {
        const { heard, points } = ask(wire, poll, device, at)
        const [answer, ...more] = heard
        if (answer?.is !== 'answer' || more.length > 0) throw new Error(JSON.stringify(heard))
        const { readings } = (profile.decode as (message: unknown, options: object) => Decoded)(answer.message, {})
        expect(new Set(Object.keys(readings))).toEqual(new Set(points))
        expect(new Set(points)).toEqual(new Set(poll.points))
        Object.assign(read, readings)
      }
      const truth = Object.entries(device.truth(at)).map(([point, value]) => [point, reading(value)])
      expect(read).toEqual(Object.fromEntries(truth))
      expect(new Set(Object.keys(read))).toEqual(new Set(Object.keys(profile.measures)))
    }
  })

  test('says nothing to a question that is another’s, or that is not whole', () => {
    for (const { ask: asked } of polls)
      for (const unanswered of [0, 1]) {
        const question = (address: string) =>
          wire.begin({ address, ask: asked, aloneOnBus: false, unanswered, speedChanges: false }).request
        const other = device.address.replace(/.$/, (last) => String((Number(last) + 1) % 10 || 3))
        expect(device.answer(question(other), midnight)).toBeUndefined()
        const own = question(device.address)
        expect(device.answer(own.subarray(0, -1), midnight)).toBeUndefined()
        const broken = own.with(own.byteLength - 4, (own.at(-4) ?? 0) ^ 1)
        expect(device.answer(broken, midnight)).toBeUndefined()
      }
  })

  test('never counts backwards', () => {
    const counters = Object.entries(profile.measures).flatMap(([point, { quantity }]) =>
      definitionOf(quantity).counter ? [point] : [],
    )
    expect(counters.length).toBeGreaterThan(0)
    let before = device.truth(midnight)
    for (let at = midnight; at < plus(midnight, minutes(3 * 24 * 60)); at = plus(at, minutes(11))) {
      const now = device.truth(at)
      for (const point of counters) expect(now[point]).toBeGreaterThanOrEqual(before[point] ?? Number.NaN)
      before = now
    }
    expect(before).not.toEqual(device.truth(midnight))
  })
})

test('a meter that knows the question put one way only is silent to the other', () => {
  const water = polledDevices.find(({ name }) => name === 'cjt188-cold-water')?.make('00000805000001')
  const wire = wireOf('cjt188')
  if (!water || wire?.is !== 'polled') throw new Error('no such device')
  const asked = (unanswered: number) =>
    wire.begin({ address: water.address, ask: { meterType: 0x10 }, aloneOnBus: false, unanswered, speedChanges: false })
  expect(water.answer(asked(0).request, midnight)).toBeUndefined()
  expect(water.answer(asked(1).request, midnight)).toBeDefined()
})
