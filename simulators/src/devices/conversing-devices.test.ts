import { type Instant, millis, minutes, parseInstant, plus, type Reading, reading } from '@anju/contract'
import { FrameScanner } from '@anju/device-profiles/frame-scanner'
import type { Decoded, Poll } from '@anju/device-profiles/profile'
import { profileById } from '@anju/device-profiles/registry'
import type { PolledWire } from '@anju/device-profiles/wire'
import { wireOf } from '@anju/device-profiles/wires'
import { describe, expect, test } from 'vitest'
import type { PolledDevice } from './device.ts'
import { polledDevices } from './devices.ts'
import { IecModeCMeter } from './iec62056-meter/meter.ts'

const midnight = parseInstant('2026-03-09T00:00:00.000Z')
const turns = { lengthMax: 20 }
const reactionTime = millis(300)

/** One conversation, as the gateway's bus master holds it: on and on until there is an answer, or nobody says anything. */
function converse(wire: PolledWire, { ask }: Poll, device: PolledDevice, start: Instant, speedChanges = true) {
  const asked = { address: device.address, ask, aloneOnBus: true, unanswered: 0, speedChanges }
  const exchange = wire.begin(asked)
  const speeds = [exchange.baud]
  const spoken: Record<string, Reading> = {}
  let at = start
  let say: Uint8Array | undefined = exchange.request
  for (let turn = 0; say && turn < turns.lengthMax; turn++) {
    const said = device.answer(say, at)
    if (!said) return undefined
    say = undefined
    const truth = device.truth(at)
    for (const point of said.points) spoken[point] = reading(truth[point] ?? Number.NaN)
    const scanner = new FrameScanner(wire.framing)
    for (const byte of said.bytes)
      for (const scanned of scanner.push(Uint8Array.of(byte))) {
        if (scanned.is !== 'frame') throw new Error(scanned.why)
        const heard = exchange.hear(scanned.frame)
        if (heard.is === 'answer') return { message: heard.message, spoken, speeds, at }
        if (heard.is === 'refused') throw new Error(heard.why)
        if (heard.is !== 'more') continue
        say = heard.request
        speeds.push(heard.baud)
      }
    at = plus(at, reactionTime)
  }
  return undefined
}

const question = (wire: PolledWire, { ask }: Poll, address: string): Uint8Array =>
  wire.begin({ address, ask, aloneOnBus: false, speedChanges: false }).request
const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const counters = (truth: Readonly<Record<string, number>>) =>
  Object.entries(truth).filter(([point]) => /energy|volume/.test(point))

const conversing = polledDevices.filter(({ name }) => /^(?:iec62056|mbus)-/.test(name))
test('there are such devices', () => {
  expect(conversing).toHaveLength(4)
})

describe.for(conversing)('$name', ({ make }) => {
  const profile = profileById(make('1').profile)
  const wire = wireOf(profile?.driver ?? '')
  if (!profile || wire?.is !== 'polled') throw new Error('no profile that is polled')
  const device = make(wire.addressExample ?? '')
  const [poll] = profile.polls as readonly Poll[]
  if (!poll) throw new Error('nothing is polled')

  test.for([true, false])(
    'is read through a whole day, every point right to its last digit (speed changes: %s)',
    (speedChanges) => {
      const device = make(wire.addressExample ?? '')
      for (let at = midnight; at < plus(midnight, minutes(24 * 60)); at = plus(at, minutes(7))) {
        const answer = converse(wire, poll, device, at, speedChanges)
        if (!answer) throw new Error('no answer')
        const { readings } = (profile.decode as (message: unknown, options: object) => Decoded)(answer.message, {})
        expect(readings).toEqual(answer.spoken)
        expect(new Set(Object.keys(answer.spoken))).toEqual(new Set(Object.keys(device.truth(at))))
        for (const point of Object.keys(answer.spoken)) expect(poll.points).toContain(point)
      }
    },
  )

  test('says nothing to a question that is another’s, or that is not whole', () => {
    const other = device.address.replace(/.$/, (last) => String((Number(last) + 1) % 10))
    expect(device.answer(question(wire, poll, other), midnight)).toBeUndefined()
    const own = question(wire, poll, device.address)
    expect(device.answer(own.subarray(0, -1), midnight)).toBeUndefined()
    const at = own.length - 4
    expect(device.answer(own.with(at, (own[at] ?? 0) ^ 1), midnight)).toBeUndefined()
  })

  test('never counts backwards', () => {
    let before = device.truth(midnight)
    for (let at = midnight; at < plus(midnight, minutes(3 * 24 * 60)); at = plus(at, minutes(11))) {
      const now = device.truth(at)
      for (const [point, value] of counters(now)) expect(value).toBeGreaterThanOrEqual(before[point] ?? 0)
      before = now
    }
    expect(before).not.toEqual(device.truth(midnight))
  })
})

describe('a meter in mode C', () => {
  const wire = wireOf('iec62056-21')
  if (wire?.is !== 'polled') throw new Error('no such wire')
  const poll = { name: 'readout', ask: 'readout', every: minutes(5), points: [] } as const

  test.for([
    ['0', 300],
    ['2', 1_200],
    ['5', 9_600],
    ['6', 19_200],
  ] as const)('offers speed %s, reads out at %d baud, and is at 300 again behind it', ([offer, baud]) => {
    const meter = new IecModeCMeter('1', { offer })
    const answer = converse(wire, poll, meter, midnight)
    expect(answer?.speeds).toEqual([300, baud])
    expect(meter.speedAt(answer?.at ?? midnight)).toBe(baud)
    expect(meter.speedAt(plus(midnight, minutes(2)))).toBe(300)
  })

  test('stays at 300 baud for a port that cannot follow', () => {
    const meter = new IecModeCMeter('1')
    const answer = converse(wire, poll, meter, midnight, false)
    expect(answer?.speeds).toEqual([undefined, undefined])
    expect(meter.speedAt(answer?.at ?? midnight)).toBe(300)
  })

  test('waits a second and a half for the choice of a speed, and no longer', () => {
    const meter = new IecModeCMeter('1')
    const said = meter.answer(bytes('/?!\r\n'), midnight)
    const late = plus(midnight, millis(((said?.bytes.byteLength ?? 0) * 10_000) / 300 + 300 + 1_500))
    expect(meter.answer(bytes('\u0006050\r\n'), late)).toBeUndefined()
    meter.answer(bytes('/?!\r\n'), late)
    expect(meter.answer(bytes('\u0006050\r\n'), plus(late, millis(1_000)))?.baud).toBe(9_600)
  })

  test('counts whoever asks for the programming mode, and says nothing to it', () => {
    const meter = new IecModeCMeter('1')
    meter.answer(bytes('/?1!\r\n'), midnight)
    expect(meter.answer(bytes('\u0006051\r\n'), midnight)).toBeUndefined()
    expect(meter.programmingAsked).toBe(1)
    converse(wire, poll, meter, plus(midnight, minutes(1)))
    expect(meter.programmingAsked).toBe(1)
  })
})

test('an M-Bus meter that is asked with the same bit again says the same again', () => {
  const heat = polledDevices.find(({ name }) => name === 'mbus-heat')?.make('1')
  const say = (...bytes: number[]) => heat?.answer(Uint8Array.from(bytes), midnight)?.bytes
  expect(say(0x10, 0x40, 0x01, 0x41, 0x16)).toEqual(Uint8Array.of(0xe5))
  const first = say(0x10, 0x7b, 0x01, 0x7c, 0x16)
  expect(say(0x10, 0x7b, 0x01, 0x7c, 0x16)).toEqual(first)
  expect(say(0x10, 0x5b, 0x01, 0x5c, 0x16)).not.toEqual(first)
})
