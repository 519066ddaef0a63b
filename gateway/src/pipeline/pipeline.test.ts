import {
  absent,
  type DeviceId,
  instant,
  type Monotonic,
  minutes,
  type PlacementId,
  reading,
  seconds,
} from '@anju/contract'
import { profileById } from '@anju/device-profiles/registry'
import { describe, expect, test } from 'vitest'
import { newMemory } from '../domain/memory.ts'
import type { Device } from '../ports.ts'
import { judge } from './judge.ts'
import { measure } from './measure.ts'
import { Sampling } from './sampling.ts'

const device = (profile: string, more: Partial<Device> = {}): Device => {
  const known = profileById(profile)
  if (!known) throw new Error(`no profile ${profile}`)
  return { id: 'd-1' as DeviceId, placement: 'here' as PlacementId, profile: known, options: {}, ...more }
}
const heard = (ms: number) => ({ at: instant(1_000_000 + ms), mono: ms as Monotonic })
const samplesOf = (of: Device, readings: Parameters<typeof measure>[2], ms = 0) =>
  measure(of.placement, of.profile.measures, readings, heard(ms).at, {}).samples

describe('a radar', () => {
  const radar = device('seeed/mr60fda2')
  const says = (memory: ReturnType<typeof newMemory>, fall: Parameters<typeof reading>[0] | 'silent', ms = 0) =>
    judge(
      radar,
      memory,
      [],
      samplesOf(radar, { fall: fall === 'silent' ? absent('line-down') : reading(fall) }),
      heard(ms),
      undefined,
    )

  test('raises a fall once, keeps it while it is silent, and returns it once', () => {
    const raised = says(newMemory(instant(0)), 1)
    expect(raised.events).toMatchObject([
      { type: 'fall-detected', class: 'life', phase: 'raised', placement: 'here', snapshot: { fall: 1 } },
    ])
    const again = says(raised.memory, 1)
    const silent = says(again.memory, 'silent')
    expect([...again.events, ...silent.events]).toEqual([])
    const returned = says(silent.memory, 0)
    expect(returned.events).toMatchObject([{ type: 'fall-detected', phase: 'returned' }])
    expect(says(returned.memory, 0).events).toEqual([])
  })

  test('that says at its start that nobody fell declares nothing', () => {
    expect(says(newMemory(instant(0)), 0).events).toEqual([])
  })
})

test('a press declares the event with what else the button said', () => {
  const button = device('tuya/ts0215a-sos')
  const pressed = judge(
    button,
    newMemory(instant(0)),
    ['sos-pressed'],
    samplesOf(button, { battery: reading(80), 'link-quality': absent('not-reported') }),
    heard(0),
    undefined,
  )
  expect(pressed.events).toMatchObject([
    { type: 'sos-pressed', class: 'life', snapshot: { battery: 80, 'link-quality': { absent: 'not-reported' } } },
  ])
  const unknown = judge(button, newMemory(instant(0)), ['smoke'], [], heard(0), undefined)
  expect(unknown.events).toEqual([])
})

test('what is impossible is absent', () => {
  const meter = device('dlt645/single-phase')
  const given = { voltage: reading(5_000), 'active-energy': reading(120) }
  const { samples } = measure(meter.placement, meter.profile.measures, given, heard(0).at, {})
  expect(samples.map((sample) => sample.reading)).toEqual([absent('implausible'), reading(120)])
})

describe('sampling', () => {
  const radar = device('seeed/mr60fda2')
  const at = (ms: number) => samplesOf(radar, { presence: reading(1) }, ms)
  test('a presence repeated every second is kept twice a minute, and every change at once', () => {
    const sampling = new Sampling()
    const kept: (number | string)[] = []
    const say = (ms: number, value: number) => {
      for (const { reading: given } of sampling.worthKeeping(
        samplesOf(radar, { presence: reading(value) }, ms),
        seconds(30),
      ))
        kept.push(given.is === 'value' ? `${ms / 1_000}s:${given.value}` : given.why)
    }
    for (let s = 0; s < 70; s++) say(s * 1_000, s >= 40 && s < 42 ? 0 : 1)
    expect(kept).toEqual(['0s:1', '30s:1', '40s:0', '42s:1'])
  })
  test('a number said every second is kept as often as its profile wants it, and its silence at once', () => {
    const bed = device('seeed/mr60bha1')
    const sampling = new Sampling()
    const kept: string[] = []
    for (let s = 0; s < 130; s++) {
      const rate = s === 70 ? absent('not-reported') : reading(60 + (s % 7))
      const samples = samplesOf(bed, { 'heart-rate': rate }, s * 1_000)
      for (const { reading: given } of sampling.worthKeeping(samples, seconds(60), bed.profile.measures))
        kept.push(given.is === 'value' ? `${s}s:${given.value}` : given.why)
    }
    expect(kept).toEqual(['0s:60', '60s:64', 'not-reported', '71s:61'])
  })
  test('a clock that was set back does not silence it, and what was not stored is said again', () => {
    const sampling = new Sampling()
    expect(sampling.worthKeeping(at(minutes(60)), seconds(30))).toHaveLength(1)
    expect(sampling.worthKeeping(at(0), seconds(30))).toHaveLength(1)
    expect(sampling.worthKeeping(at(1), seconds(30))).toHaveLength(0)
    sampling.forget(at(1))
    expect(sampling.worthKeeping(at(2), seconds(30))).toHaveLength(1)
  })
})
